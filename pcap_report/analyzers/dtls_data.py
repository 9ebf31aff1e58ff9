"""Who sent how much over DTLS, when, and who waited? Application data in bursts.

Up to version 1.2 these are the records of type application_data. Encrypted records of version 1.3 all look
the same (RFC 9147, 4), and a tshark before 4.4 takes none apart: any datagram after the client's Finished
counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.bursts import BurstBuilder, exchanges_of
from pcap_report.analyzers.dtls_records import RECORD_FIELDS, records_of
from pcap_report.analyzers.dtls_session import session_of
from pcap_report.analyzers.filters import frame_filter, in_flow
from pcap_report.analyzers.proof import arrow, claim
from pcap_report.analyzers.tls_records import APPLICATION_DATA
from pcap_report.model.app_data import AppData
from pcap_report.model.message import msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.app_data import Burst
    from pcap_report.model.evidence import Claim, Side, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

_CLAIMED = 100


class DtlsDataAnalyzer(ConnectionAnalyzer[AppData]):
    """Bursts, totals, and requests with their answers over DTLS."""

    id = "app_data"
    transports = frozenset(("dtls",))
    fields = RECORD_FIELDS

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._session = session_of(flow)
        self._builder = BurstBuilder(flow)
        self._server_spoke = False

    def on_packet(self, packet: Packet) -> None:
        self._session.see(packet)
        data = [record for record in records_of(packet) if record.content_type == APPLICATION_DATA]
        if data:
            self._builder.data(packet, len(data), sum(record.length for record in data))
        elif self._session.is_ciphertext(packet) and self._after_handshake(packet):
            # the server's first may acknowledge the Finished (RFC 9147, 5.8.1) or carry a ticket
            late = not packet.from_client and not self._server_spoke
            self._server_spoke = self._server_spoke or late
            self._builder.data(packet, 1, packet.payload, late_handshake=late)

    def _after_handshake(self, packet: Packet) -> bool:
        finished = self._session.finished.get(True)
        return finished is not None and packet.frame != finished[0]

    def result(self) -> AppData | None:
        bursts = self._builder.bursts()
        if not bursts:
            return None
        return AppData(
            client_bytes=self._builder.sent(from_client=True),
            server_bytes=self._builder.sent(from_client=False),
            bursts=bursts,
            exchanges=exchanges_of(bursts),
            encrypted=True,
            bursts_omitted=self._builder.omitted,
        )

    def steps(self, result: AppData) -> Sequence[Step]:
        return [
            arrow(
                self.flow,
                "app_data",
                _sender(burst),
                burst.frames,
                burst.start_s,
                msg(
                    "Application Data ×%(records)s, %(size_bytes)s",
                    records=burst.records,
                    size_bytes=burst.bytes,
                ),
                byte_count=burst.bytes,
            )
            for burst in result.bursts
        ]

    def claims(self, result: AppData) -> Sequence[Claim]:
        return [
            claim(
                f"app_data.burst.{number}",
                msg_n(
                    "Burst %(number)s, from the %(side_term)s: %(count)s DTLS record, %(size_bytes)s.",
                    "Burst %(number)s, from the %(side_term)s: %(count)s DTLS records, %(size_bytes)s.",
                    burst.records,
                    number=number,
                    side_term=_sender(burst),
                    size_bytes=burst.bytes,
                ),
                burst.frames,
                in_flow(self.flow, frame_filter(burst.frames)),
            )
            for number, burst in enumerate(result.bursts[:_CLAIMED], start=1)
        ]


def _sender(burst: Burst) -> Side:
    return "client" if burst.direction == "client_to_server" else "server"
