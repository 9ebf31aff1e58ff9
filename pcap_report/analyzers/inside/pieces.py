"""Pieces of a byte stream with the frames that brought them, and messages that are made of pieces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

FRAMES_LISTED: Final = 500
"""Frames that are listed of a message."""
PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
"""What an HTTP/2 client says first (RFC 9113, 3.4)."""
BODY_KEPT: Final = 1 << 20
"""Bytes of a body that are kept, to look at its shape."""


class Unreadable(Exception):  # noqa: N818 - it says what the stream is
    """The bytes are not what they were taken for."""


class Piece(NamedTuple):
    """Bytes that came in one frame, in order."""

    frame: int
    time_ns: int
    data: bytes


@dataclass(slots=True)
class Span:
    """The frames and the times of something that grows piece by piece."""

    frames: list[int] = field(default_factory=list)
    first_ns: int = 0
    last_ns: int = 0

    def touch(self, piece: Piece) -> None:
        """Note that a piece has a part of it."""
        if not self.frames:
            self.first_ns = piece.time_ns
        self.last_ns = piece.time_ns
        if self.frames[-1:] != [piece.frame] and len(self.frames) < FRAMES_LISTED:
            self.frames.append(piece.frame)


@dataclass(slots=True)
class Body:
    """A body while it comes in: its size, its beginning, and where its pieces came from."""

    size: int = 0
    kept: bytearray = field(default_factory=bytearray)
    marks: list[tuple[int, int, int]] = field(default_factory=list)
    """For each piece: offset of its end, frame, time."""
    complete: bool = False

    def add(self, data: bytes, piece: Piece) -> None:
        """Take the next bytes, which came with a piece."""
        self.size += len(data)
        room = BODY_KEPT - len(self.kept)
        if data and room > 0:
            self.kept += data[:room]
            self.marks.append((len(self.kept), piece.frame, piece.time_ns))

    def where(self, begin: int, end: int) -> Span:
        """Return the frames that brought the bytes between two offsets."""
        span = Span()
        before = 0
        for offset, frame, time_ns in self.marks:
            if offset > begin and before < end:
                span.touch(Piece(frame, time_ns, b""))
            before = offset
        return span
