"""Who sent how much, when, and who waited? Application data in bursts.

With TLS a burst counts records, without it segments with payload. Bare acknowledgements and segments sent
again are no data.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from mypy_extensions import mypyc_attr

from pcap_report.analyzers import app_data_story, tcp_flags
from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.bursts import BurstBuilder, exchanges_of
from pcap_report.analyzers.coverage import Coverage
from pcap_report.analyzers.tls_hello import CLIENT_HELLO, TCP_SEGMENT, TYPE
from pcap_report.analyzers.tls_records import APPLICATION_DATA, TlsRecord
from pcap_report.analyzers.tls_session import SESSION_FIELDS, Role, session_of
from pcap_report.model.app_data import AppData, LabelledFrames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.app_data import Burst
    from pcap_report.model.evidence import Claim, Direction, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

_CLOSE_NOTIFY_LENGTHS: Final = (19, 11)
"""An encrypted alert in TLS 1.3: two bytes, the content type, and a tag of 16 or 8 bytes."""
_RECENT: Final = 50
"""Segments in the clear that may turn out to be the beginning of a ClientHello."""
_LABELLED_LISTED: Final = 10_000
_ACKS_LISTED: Final = 1000


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class AppDataAnalyzer(ConnectionAnalyzer[AppData]):
    """Bursts, totals, and requests with their answers."""

    id = "app_data"
    fields = (*SESSION_FIELDS, tcp_flags.ANY, *tcp_flags.PROBES)

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._session = session_of(flow)
        self._builder = BurstBuilder(flow)
        self._tls = False
        self._seen = {True: Coverage(), False: Coverage()}
        self._recent_plain: deque[tuple[int, int]] = deque(maxlen=_RECENT)
        self._labelled: dict[bool, list[int]] = {True: [], False: []}
        self._handshake_frames: list[int] = []
        self._server_spoke_late = False
        self._pure_acks = 0
        self._pure_ack_frames: dict[bool, list[int]] = {True: [], False: []}

    def on_packet(self, packet: Packet) -> None:
        if not packet.payload:
            if packet.is_pure_ack:
                self._on_pure_ack(packet)
            return
        fresh = self._fresh_bytes(packet)
        if "tls" in packet.protocols:
            records = self._session.records(packet)
            if records:
                self._on_records(packet, records)
                return
        if not fresh:
            return
        if self._tls:
            self._builder.piece(packet)
        else:
            self._recent_plain.append((packet.frame, fresh))
            self._builder.data(packet, 1, fresh, plain=True)

    def _fresh_bytes(self, packet: Packet) -> int:
        """Return how many bytes of data a segment brings for the first time; those sent again bring none."""
        if not packet.has(tcp_flags.ANY):
            self._seen[packet.from_client].take(packet.seq, packet.payload)
            return packet.payload
        if tcp_flags.is_flagged(packet, tcp_flags.PROBES):
            return 0
        return self._seen[packet.from_client].take(packet.seq, packet.payload)

    def _on_pure_ack(self, packet: Packet) -> None:
        self._pure_acks += 1
        frames = self._pure_ack_frames[packet.from_client]
        if len(frames) < _ACKS_LISTED:
            frames.append(packet.frame)

    def _on_records(self, packet: Packet, records: Sequence[tuple[TlsRecord, Role]]) -> None:
        if not self._tls:
            self._begin_tls(packet)
        if any(record.content_type == APPLICATION_DATA for record, _ in records):
            labelled = self._labelled[packet.from_client]
            if len(labelled) < _LABELLED_LISTED:
                labelled.append(packet.frame)
        data = [record for record, role in records if role is Role.DATA]
        if not data:
            self._on_no_data(packet, records)
            return
        late = self._may_be_late_handshake(packet, data[0])
        alone = len(data) == 1 and data[0].opaque and data[0].length in _CLOSE_NOTIFY_LENGTHS
        if alone and len(records) == 1:
            self._builder.perhaps(packet, data[0].length)
            self.flow.mark_perhaps(packet)
            return
        self._builder.data(packet, len(data), sum(record.length for record in data), late_handshake=late)

    def _on_no_data(self, packet: Packet, records: Sequence[tuple[TlsRecord, Role]]) -> None:
        self._builder.drop_pieces(from_client=packet.from_client)
        hidden = any(role is Role.HANDSHAKE and record.opaque for record, role in records)
        if hidden and len(self._handshake_frames) < _LABELLED_LISTED:
            self._handshake_frames.append(packet.frame)

    def _begin_tls(self, packet: Packet) -> None:
        """From here on records are counted; segments of this very message were no data."""
        self._tls = True
        if CLIENT_HELLO in packet.numbers(TYPE):
            recent = dict(self._recent_plain)
            own = set(packet.numbers(TCP_SEGMENT)) & recent.keys()
            self._builder.withdraw(own, sum(recent[frame] for frame in own))
        self._recent_plain.clear()

    def _may_be_late_handshake(self, packet: Packet, record: TlsRecord) -> bool:
        """The server's first records after the handshake may be session tickets (RFC 8446, 4.6.1)."""
        if packet.from_client or not record.opaque or self._session.server_hello is None:
            return False
        first = not self._server_spoke_late
        self._server_spoke_late = True
        return first

    def result(self) -> AppData | None:
        bursts = self._builder.bursts()
        closing = self._builder.doubtful_frames()
        if not bursts and not closing and not self._tls:
            return None
        return AppData(
            client_bytes=self._builder.sent(from_client=True),
            server_bytes=self._builder.sent(from_client=False),
            bursts=bursts,
            exchanges=exchanges_of(bursts),
            encrypted=self._tls,
            plain_client_bytes=self._plain_bytes(bursts, "client_to_server"),
            plain_server_bytes=self._plain_bytes(bursts, "server_to_client"),
            labelled_frames=LabelledFrames(tuple(self._labelled[True]), tuple(self._labelled[False]))
            if self._tls
            else None,
            handshake_frames=tuple(self._handshake_frames),
            close_notify_frames=tuple(closing),
            bursts_omitted=self._builder.omitted,
            pure_acks=self._pure_acks,
            pure_ack_frames=LabelledFrames(
                tuple(self._pure_ack_frames[True]), tuple(self._pure_ack_frames[False])
            ),
        )

    def _plain_bytes(self, bursts: Sequence[Burst], direction: Direction) -> int:
        """What went in the clear before TLS began; all of it, where TLS never began."""
        return sum(burst.bytes for burst in bursts if burst.plain and burst.direction == direction)

    def steps(self, result: AppData) -> Sequence[Step]:
        return app_data_story.steps(self.flow, result)

    def claims(self, result: AppData) -> Sequence[Claim]:
        return app_data_story.claims(self.flow, result)
