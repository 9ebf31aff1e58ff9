"""HTTP/2 out of the two byte streams of a connection (RFC 9113), by hyperframe and hpack."""

from __future__ import annotations

from typing import Final

from hpack import Decoder, HPACKError
from hyperframe.exceptions import HyperframeError
from hyperframe.frame import ContinuationFrame, DataFrame, Frame, HeadersFrame, PushPromiseFrame

from pcap_report.analyzers.inside.http_record import Half, HttpRecord, headers_of
from pcap_report.analyzers.inside.pieces import PREFACE, Piece, Span, Unreadable

_FRAME_HEADER: Final = 9
_HEADERS_LIMIT: Final = 256 * 1024
_TABLE: Final = 1 << 20
_EXCHANGES: Final = 5000


class Http2Reader:
    """Reads both directions of a connection.

    Attributes:
        records: exchanges, in the order of their streams' beginning.
        omitted: exchanges that are not listed.
    """

    protocol = "h2"
    websocket = None

    def __init__(self) -> None:
        self.records: list[HttpRecord] = []
        self.omitted = 0
        self._by_stream: dict[int, HttpRecord] = {}
        self._sides = {True: _Side(), False: _Side()}

    def feed(self, piece: Piece, *, from_client: bool) -> None:
        """Take the next bytes of a direction.

        Raises:
            Unreadable: they are no HTTP/2.
        """
        try:
            for frame, span in self._sides[from_client].frames(piece):
                self._on_frame(frame, span, piece, from_client=from_client)
        except (HyperframeError, HPACKError, ValueError) as error:
            raise Unreadable(f"{type(error).__name__}: {error}"[:200]) from error

    def _on_frame(self, frame: Frame, span: Span, piece: Piece, *, from_client: bool) -> None:
        side = self._sides[from_client]
        if isinstance(frame, (HeadersFrame, PushPromiseFrame, ContinuationFrame)):
            stream, flags = side.collect(frame, span)
            if "END_HEADERS" in frame.flags:
                pairs = side.decoded()
                if not isinstance(frame, PushPromiseFrame) and not side.promised:
                    self._on_headers(stream, pairs, side.block_span, piece, from_client=from_client)
                    if "END_STREAM" in flags:
                        self._end(stream, from_client=from_client)
        elif isinstance(frame, DataFrame):
            half = self._half(frame.stream_id, from_client=from_client)
            if half is not None:
                _touch(half.span, span)
                half.body.add(bytes(frame.data), piece)
            if "END_STREAM" in frame.flags:
                self._end(frame.stream_id, from_client=from_client)

    def _on_headers(
        self, stream: int, pairs: list[tuple[bytes, bytes]], span: Span, piece: Piece, *, from_client: bool
    ) -> None:
        headers = headers_of(pairs)
        known = dict(headers)
        record = self._by_stream.get(stream)
        if record is None:
            record = HttpRecord(len(self._by_stream) + 1, stream)
            self._by_stream[stream] = record
            if len(self.records) < _EXCHANGES:
                self.records.append(record)
            else:
                self.omitted += 1
        half = record.half(from_client=from_client)
        if half is not None:  # trailers (RFC 9113, 8.1)
            _touch(half.span, span)
            return
        half = Half(version="2", head_frame=piece.frame)
        half.headers = [(name, value) for name, value in headers if not name.startswith(":")]
        _touch(half.span, span)
        if from_client:
            half.begin_request(known)
            record.request = half
        else:
            half.start = (known.get(":status", ""), None)
            if half.start[0].startswith("1") and half.start[0] != "101":
                half.done = half.body.complete = True
                record.provisional.append(half)
            else:
                record.response = half

    def _half(self, stream: int, *, from_client: bool) -> Half | None:
        record = self._by_stream.get(stream)
        return record.half(from_client=from_client) if record else None

    def _end(self, stream: int, *, from_client: bool) -> None:
        half = self._half(stream, from_client=from_client)
        if half is not None:
            half.done = half.body.complete = True

    def finish(self) -> None:
        """The streams end here."""


class _Side:
    """One direction: the frames that are not whole yet, and the header table."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._span = Span()
        self._decoder = Decoder(max_header_list_size=_HEADERS_LIMIT)
        self._decoder.max_allowed_table_size = _TABLE
        self._block = bytearray()
        self.block_span = Span()
        """What brought the header block."""
        self._stream = 0
        self._flags: set[str] = set()
        self.promised = False
        """The header block that was decoded last belongs to a push promise."""
        self._begun = False

    def frames(self, piece: Piece) -> list[tuple[Frame, Span]]:
        """Take bytes; return the frames that they complete, each with the frames of the capture."""
        self._buffer += piece.data
        if not self._begun:
            if len(self._buffer) < len(PREFACE) and PREFACE.startswith(bytes(self._buffer)):
                return []
            self._begun = True
            if self._buffer.startswith(PREFACE):
                del self._buffer[: len(PREFACE)]
        found: list[tuple[Frame, Span]] = []
        while self._buffer:
            self._span.touch(piece)
            if len(self._buffer) < _FRAME_HEADER:
                break
            frame, length = Frame.parse_frame_header(memoryview(bytes(self._buffer[:_FRAME_HEADER])))
            if len(self._buffer) < _FRAME_HEADER + length:
                break
            frame.parse_body(memoryview(bytes(self._buffer[_FRAME_HEADER : _FRAME_HEADER + length])))
            del self._buffer[: _FRAME_HEADER + length]
            found.append((frame, self._span))
            self._span = Span()
        return found

    def collect(
        self, frame: HeadersFrame | PushPromiseFrame | ContinuationFrame, span: Span
    ) -> tuple[int, set[str]]:
        """Add a piece of a header block; return its stream and the flags of its first frame."""
        if not isinstance(frame, ContinuationFrame):
            self._block.clear()
            self.block_span = Span()
            self._stream = frame.stream_id
            self._flags = set(frame.flags)
            self.promised = isinstance(frame, PushPromiseFrame)
        _touch(self.block_span, span)
        self._block += frame.data
        if len(self._block) > _HEADERS_LIMIT:
            raise ValueError("a header block is longer than any should be")
        return self._stream, self._flags

    def decoded(self) -> list[tuple[bytes, bytes]]:
        """Decode the header block."""
        pairs = self._decoder.decode(bytes(self._block), raw=True)
        self._block.clear()
        return [(bytes(pair[0]), bytes(pair[1])) for pair in pairs]


def _touch(span: Span, other: Span) -> None:
    """Take in the frames of the capture that brought a frame of HTTP/2."""
    for place, frame in enumerate(other.frames):
        time_ns = other.first_ns if place == 0 else other.last_ns
        span.touch(Piece(frame, time_ns, b""))
