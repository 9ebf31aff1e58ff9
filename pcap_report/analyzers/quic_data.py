"""Who sent how much over QUIC, when, and who waited? Packets under 1-RTT keys in bursts (RFC 9000, 17.3).

Without keys, data, acknowledgements and control frames look the same on the outside, so that a burst counts
packets and their bytes. With secrets in the capture it counts packets with STREAM frames, and their data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers import quic_packets
from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.bursts import BurstBuilder, exchanges_of
from pcap_report.analyzers.filters import frame_filter, in_flow
from pcap_report.analyzers.proof import arrow, claim
from pcap_report.analyzers.quic_packets import packets_of
from pcap_report.model.app_data import AppData
from pcap_report.model.message import Message, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.app_data import Burst
    from pcap_report.model.evidence import Claim, Side, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

STREAM_LENGTH: Final = "quic.stream.length"

_CLAIMED: Final = 100


class QuicDataAnalyzer(ConnectionAnalyzer[AppData]):
    """Bursts, totals, and requests with their answers over QUIC."""

    id = "app_data"
    transports = frozenset(("quic",))
    fields = (*quic_packets.FIELDS, STREAM_LENGTH)

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._builder = BurstBuilder(flow)
        self._readable = False

    def on_packet(self, packet: Packet) -> None:
        lengths = [one.length for one in packets_of(self.flow, packet) if one.type == "one_rtt"]
        if not lengths:
            return
        if packet.has(STREAM_LENGTH):
            self._begin_readable()
            self._builder.data(packet, len(lengths), sum(packet.numbers(STREAM_LENGTH)))
        elif not self._readable:
            self._builder.data(packet, len(lengths), sum(lengths))

    def _begin_readable(self) -> None:
        """With the first readable stream data, what was counted so far is known to have been none."""
        if not self._readable:
            self._readable = True
            self._builder = BurstBuilder(self.flow)

    def result(self) -> AppData | None:
        bursts = self._builder.bursts()
        if not bursts:
            return None
        return AppData(
            client_bytes=self._builder.sent(from_client=True),
            server_bytes=self._builder.sent(from_client=False),
            bursts=bursts,
            exchanges=exchanges_of(bursts),
            encrypted=not self._readable,
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
                _label(burst, readable=not result.encrypted),
                byte_count=burst.bytes,
            )
            for burst in result.bursts
        ]

    def claims(self, result: AppData) -> Sequence[Claim]:
        return [
            claim(
                f"app_data.burst.{number}",
                msg_n(
                    "Burst %(number)s, from the %(side_term)s: %(count)s 1-RTT packet, %(size_bytes)s.",
                    "Burst %(number)s, from the %(side_term)s: %(count)s 1-RTT packets, %(size_bytes)s.",
                    burst.records,
                    number=number,
                    side_term=_sender(burst),
                    size_bytes=burst.bytes,
                ),
                burst.frames,
                in_flow(self.flow, "quic.header_form == 0", frame_filter(burst.frames)),
            )
            for number, burst in enumerate(result.bursts[:_CLAIMED], start=1)
        ]


def _sender(burst: Burst) -> Side:
    return "client" if burst.direction == "client_to_server" else "server"


def _label(burst: Burst, *, readable: bool) -> Message:
    if readable:
        return msg("QUIC streams ×%(records)s, %(size_bytes)s", records=burst.records, size_bytes=burst.bytes)
    return msg("QUIC 1-RTT ×%(records)s, %(size_bytes)s", records=burst.records, size_bytes=burst.bytes)
