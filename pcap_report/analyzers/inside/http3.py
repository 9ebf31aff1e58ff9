"""HTTP/3 out of QUIC's streams (RFC 9114).

Header blocks (QPACK, RFC 9204) are read by pylsqpack where it is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pcap_report.analyzers.inside.http_record import Half, HttpRecord, headers_of
from pcap_report.analyzers.inside.pieces import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.analyzers.inside.pieces import Piece

_DATA: Final = 0x00
_HEADERS: Final = 0x01
_CONTROL: Final = 0x00
_QPACK_ENCODER: Final = 0x02
_SETTINGS: Final = 0x04
_LARGEST: Final = 1 << 24
_TABLE: Final = 1 << 16
_BLOCKED: Final = 100
_EXCHANGES: Final = 5000
MISSING: Final = "HTTP/3's headers are compressed (QPACK); to read them: pip install 'pcap-report[http3]'"


class Http3Reader:
    """Reads all streams of a connection.

    Attributes:
        records: exchanges, in the order of their streams' beginning.
        omitted: exchanges that are not listed.
        unread: what could not be read, and why.
    """

    def __init__(self) -> None:
        self.records: list[HttpRecord] = []
        self.omitted = 0
        self.unread: str | None = None
        self._buffers: dict[tuple[int, bool], bytearray] = {}
        self._spans: dict[tuple[int, bool], Span] = {}
        self._kinds: dict[tuple[int, bool], int] = {}
        self._by_stream: dict[int, HttpRecord] = {}
        self._decoders = {True: _decoder(), False: _decoder()}
        self._blocked: list[tuple[int, bool, Piece]] = []
        self._spoken = False

    @property
    def protocol(self) -> str | None:
        """``h3`` once HTTP/3's settings or headers were seen."""
        return "h3" if self._spoken else None

    def feed(self, stream: int, piece: Piece, *, from_client: bool, ends: bool) -> None:
        """Take the next bytes of a stream."""
        key = (stream, from_client)
        buffer = self._buffers.setdefault(key, bytearray())
        buffer += piece.data
        try:
            if stream & 2:
                self._on_unidirectional(key, buffer, piece)
            elif stream & 1 == 0:
                self._on_request_stream(key, buffer, piece)
        except ValueError as error:
            self.unread = self.unread or str(error)[:200]
            buffer.clear()
        if ends:
            half = self._half(stream, from_client=from_client)
            if half is not None:
                half.done = half.body.complete = True

    def _on_unidirectional(self, key: tuple[int, bool], buffer: bytearray, piece: Piece) -> None:
        if key not in self._kinds:
            kind = _variable(buffer, 0)
            if kind is None:
                return
            self._kinds[key] = kind[0]
            del buffer[: kind[1]]
        if self._kinds[key] == _CONTROL:
            for one, _ in _frames(buffer):
                self._spoken = self._spoken or one == _SETTINGS
        elif self._kinds[key] == _QPACK_ENCODER:
            decoder = self._decoders[key[1]]
            if decoder is not None and buffer:
                self._unblock(decoder.feed_encoder(bytes(buffer)), key[1])
            buffer.clear()
        else:
            buffer.clear()

    def _unblock(self, streams: list[int], from_client: bool) -> None:
        for stream, side, piece in [
            one for one in self._blocked if one[0] in streams and one[1] == from_client
        ]:
            self._blocked.remove((stream, side, piece))
            _, pairs = self._decoders[side].resume_header(stream)
            self._on_headers(stream, pairs, piece, from_client=side)

    def _on_request_stream(self, key: tuple[int, bool], buffer: bytearray, piece: Piece) -> None:
        stream, from_client = key
        if not self._spoken and not self._by_stream.get(stream) and not _looks_right(buffer):
            buffer.clear()
            return
        if piece.data:
            self._spans.setdefault(key, Span()).touch(piece)
        for kind, data in _frames(buffer):
            if kind == _HEADERS:
                self._on_block(stream, data, piece, from_client=from_client)
            elif kind == _DATA:
                half = self._half(stream, from_client=from_client)
                if half is not None:
                    half.body.add(data, piece)

    def _on_block(self, stream: int, block: bytes, piece: Piece, *, from_client: bool) -> None:
        decoder = self._decoders[from_client]
        self._spoken = True
        if decoder is None:
            self.unread = MISSING
            self._on_headers(stream, [], piece, from_client=from_client)
            return
        import pylsqpack

        try:
            _, pairs = decoder.feed_header(stream, block)
        except pylsqpack.StreamBlocked:
            self._blocked.append((stream, from_client, piece))
            return
        except pylsqpack.DecompressionFailed as error:
            raise ValueError("a header block of HTTP/3 cannot be decompressed") from error
        self._on_headers(stream, pairs, piece, from_client=from_client)

    def _on_headers(
        self, stream: int, pairs: list[tuple[bytes, bytes]], piece: Piece, *, from_client: bool
    ) -> None:
        record = self._by_stream.get(stream)
        if record is None:
            record = self._by_stream[stream] = HttpRecord(len(self._by_stream) + 1, stream)
            if len(self.records) < _EXCHANGES:
                self.records.append(record)
            else:
                self.omitted += 1
        if record.half(from_client=from_client) is not None:
            return  # trailers
        headers = headers_of(pairs)
        known = dict(headers)
        half = Half(version="3", head_frame=piece.frame)
        half.span = self._spans.setdefault((stream, from_client), half.span)
        half.headers = [(name, value) for name, value in headers if not name.startswith(":")]
        if from_client:
            half.begin_request(known)
            record.request = half
        elif known.get(":status", "").startswith("1"):
            half.start = (known[":status"], None)
            record.provisional.append(half)
        else:
            half.start = (known.get(":status", ""), None)
            record.response = half

    def _half(self, stream: int, *, from_client: bool) -> Half | None:
        record = self._by_stream.get(stream)
        return record.half(from_client=from_client) if record else None


def _decoder() -> Any:  # noqa: ANN401 - an optional library
    try:
        import pylsqpack
    except ImportError:
        return None
    return pylsqpack.Decoder(_TABLE, _BLOCKED)


def _looks_right(buffer: bytearray) -> bool:
    """The first frame of a request stream is HEADERS (RFC 9114, 4.1)."""
    return not buffer or buffer[0] == _HEADERS


def _frames(buffer: bytearray) -> Iterator[tuple[int, bytes]]:
    """Take whole frames off the buffer's beginning."""
    while True:
        kind = _variable(buffer, 0)
        length = _variable(buffer, kind[1]) if kind else None
        if kind is None or length is None:
            return
        if length[0] > _LARGEST:
            raise ValueError("a frame of HTTP/3 is longer than is read here")
        end = length[1] + length[0]
        if len(buffer) < end:
            return
        data = bytes(buffer[length[1] : end])
        del buffer[:end]
        yield kind[0], data


def _variable(buffer: bytearray, at: int) -> tuple[int, int] | None:
    """Read an integer of variable length (RFC 9000, 16); return it with the offset behind it."""
    if at >= len(buffer):
        return None
    size = 1 << (buffer[at] >> 6)
    if at + size > len(buffer):
        return None
    value = int.from_bytes(buffer[at : at + size], "big") & ((1 << (8 * size - 2)) - 1)
    return value, at + size
