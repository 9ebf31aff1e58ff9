"""What is said inside HTTP in the clear: the streams of a TCP connection, each byte once and in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.inside.found import Found, FrameList
from pcap_report.analyzers.inside.pieces import Piece
from pcap_report.analyzers.inside.streams import Streams
from pcap_report.analyzers.inside.tls_inside import found_in, plain_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

PAYLOAD: Final = "tcp.payload"
_AHEAD: Final = 4 << 20


class PlainInsideAnalyzer(ConnectionAnalyzer[Found]):
    """What was said in HTTP without encryption?"""

    id = "inside"
    fields = (PAYLOAD,)

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._streams = Streams()
        self._orders = {True: _Order(), False: _Order()}

    def on_packet(self, packet: Packet) -> None:
        if packet.is_syn or packet.is_syn_ack:
            self._orders[packet.from_client].begin(packet.seq + 1)
        if not packet.payload:
            return
        data = plain_bytes(packet.text(PAYLOAD) or "")
        for part in self._orders[packet.from_client].take(packet.seq, data):
            self._streams.feed(Piece(packet.frame, packet.time_ns, part), from_client=packet.from_client)

    def result(self) -> Found | None:
        return found_in(self._streams, FrameList(), FrameList())


class _Order:
    """Puts the segments of one direction in order (relative sequence numbers)."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._ahead: dict[int, bytes] = {}

    def begin(self, seq: int) -> None:
        """The first byte has this number."""
        if self._next is None:
            self._next = seq

    def take(self, seq: int, data: bytes) -> Iterator[bytes]:
        """Take a segment; yield the bytes that are next."""
        if self._next is None:
            self._next = seq
        if len(data) > len(self._ahead.get(seq, b"")) and sum(map(len, self._ahead.values())) < _AHEAD:
            self._ahead[seq] = data
        while (at := min((one for one in self._ahead if one <= self._next), default=None)) is not None:
            part = self._ahead.pop(at)[self._next - at :]
            if part:
                self._next += len(part)
                yield part
