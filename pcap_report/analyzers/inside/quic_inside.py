"""What travelled inside QUIC, with keys: its streams, out of their frames (RFC 9000, 2 and 19.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.analyzers import quic_packets
from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.inside.found import Found, FrameList
from pcap_report.analyzers.inside.http3 import Http3Reader
from pcap_report.analyzers.inside.pieces import Piece
from pcap_report.analyzers.inside.tls_inside import plain_bytes
from pcap_report.analyzers.quic_packets import packets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

FRAME_TYPE: Final = "quic.frame_type"
FAILED: Final = "quic.decryption_failed"
STREAM_ID: Final = "quic.stream.stream_id"
HAS_OFFSET: Final = "quic.stream.off"
HAS_LENGTH: Final = "quic.stream.len"
HAS_END: Final = "quic.stream.fin"
OFFSET: Final = "quic.stream.offset"
LENGTH: Final = "quic.stream.length"
DATA: Final = "quic.stream_data"

_ENCRYPTED: Final = frozenset(("handshake", "one_rtt", "zero_rtt"))
_STREAMS_KEPT: Final = 5000
_AHEAD: Final = 4 << 20
"""Bytes of a stream that are kept while something before them is missing."""


class StreamFrame(NamedTuple):
    """A STREAM frame."""

    stream: int
    offset: int
    data: bytes
    ends: bool


class QuicInsideAnalyzer(ConnectionAnalyzer[Found]):
    """What was said over QUIC, as far as the keys open it?"""

    id = "inside"
    transports = frozenset(("quic",))
    fields = (
        *quic_packets.FIELDS,
        FRAME_TYPE,
        FAILED,
        STREAM_ID,
        HAS_OFFSET,
        HAS_LENGTH,
        HAS_END,
        OFFSET,
        LENGTH,
        DATA,
    )

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._decrypted, self._hidden = FrameList(), FrameList()
        self._streams: dict[tuple[int, bool], StreamBytes] = {}
        self._reader = Http3Reader()
        self._sent = {True: 0, False: 0}

    def on_packet(self, packet: Packet) -> None:
        encrypted = sum(one.type in _ENCRYPTED for one in packets_of(self.flow, packet))
        if not encrypted:
            return
        if packet.has(FAILED) or not packet.has(FRAME_TYPE):
            self._hidden.add(packet.frame)
        if packet.has(FRAME_TYPE) and encrypted > len(packet.texts(FAILED)):
            self._decrypted.add(packet.frame)
        for frame in stream_frames(packet):
            self._on_frame(packet, frame)

    def _on_frame(self, packet: Packet, frame: StreamFrame) -> None:
        key = (frame.stream, packet.from_client)
        stream = self._streams.get(key)
        if stream is None:
            if len(self._streams) >= _STREAMS_KEPT:
                return
            stream = self._streams[key] = StreamBytes()
        for data, ends in stream.take(frame):
            self._sent[packet.from_client] += len(data)
            piece = Piece(packet.frame, packet.time_ns, data)
            self._reader.feed(frame.stream, piece, from_client=packet.from_client, ends=ends)

    def result(self) -> Found | None:
        if not self._decrypted.frames and not self._hidden.frames:
            return None
        return Found(
            decrypted=self._decrypted,
            hidden=self._hidden,
            protocol=self._reader.protocol,
            sent=self._sent,
            unread=self._reader.unread,
            records=self._reader.records,
            omitted=self._reader.omitted,
        )


def stream_frames(packet: Packet) -> Iterator[StreamFrame]:
    """Yield the STREAM frames of a datagram, each with its own values."""
    offsets, lengths, datas = (iter(packet.texts(name)) for name in (OFFSET, LENGTH, DATA))
    flags = (packet.numbers(name) for name in (HAS_OFFSET, HAS_LENGTH, HAS_END))
    streams = packet.numbers(STREAM_ID)
    for stream, has_offset, has_length, ends in zip(streams, *flags, strict=False):
        offset = int(next(offsets, "0"), 0) if has_offset else 0
        empty = has_length and int(next(lengths, "0"), 0) == 0
        data = b"" if empty else plain_bytes(next(datas, ""))
        yield StreamFrame(stream, offset, data, bool(ends))


class StreamBytes:
    """One direction of a stream: bytes in order, each once.

    Attributes:
        received: how many bytes there are in order, from the stream's beginning.
    """

    def __init__(self) -> None:
        self.received = 0
        self._end: int | None = None
        self._ended = False
        self._ahead: dict[int, bytes] = {}

    def take(self, frame: StreamFrame) -> Iterator[tuple[bytes, bool]]:
        """Take a frame; yield what is next in order, and whether the stream ends with it."""
        if frame.ends:
            self._end = frame.offset + len(frame.data)
        if len(frame.data) > len(self._ahead.get(frame.offset, b"")) and self._room():
            self._ahead[frame.offset] = frame.data
        while True:
            offset = min((one for one in self._ahead if one <= self.received), default=None)
            if offset is None:
                break
            data = self._ahead.pop(offset)[self.received - offset :]
            if data:
                self.received += len(data)
                self._ended = self.received == self._end
                yield data, self._ended
        if self.received == self._end and not self._ended:
            self._ended = True
            yield b"", True

    def _room(self) -> bool:
        return sum(map(len, self._ahead.values())) < _AHEAD
