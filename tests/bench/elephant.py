"""One connection without end: a recorded one, with the same exchange again and again."""

from __future__ import annotations

import struct
from itertools import count
from typing import TYPE_CHECKING, Final

from tests.bench.frames import Frame, replace_in_sum

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPEATED: Final = slice(29, 40)
"""Frames 30 to 40 of the sample: a request in two records, its response in four segments, and all ACKs."""
_PORT: Final = 50412
_IP: Final = 14
_TCP: Final = 34
_SEQUENCE: Final = _TCP + 4
_SUM: Final = _TCP + 16
_MODULUS: Final = 1 << 32


def elephant(session: list[Frame]) -> Iterator[Frame]:
    """Yield the session's beginning, and then the exchange for ever; numbers go on as TCP's do."""
    again = session[_REPEATED]
    span_ns = session[_REPEATED.stop].offset_ns - again[0].offset_ns
    by_client = sum(_payload(frame.data) for frame in again if _is_client(frame.data))
    by_server = sum(_payload(frame.data) for frame in again if not _is_client(frame.data))
    yield from session[: _REPEATED.start]
    for turn in count():
        sent = turn * by_client, turn * by_server
        for frame in again:
            data = _moved_on(frame.data, *(sent if _is_client(frame.data) else reversed(sent)))
            yield Frame(frame.offset_ns + turn * span_ns, data)


def _moved_on(segment: bytes, sent: int, received: int) -> bytes:
    data = bytearray(segment)
    old = segment[_SEQUENCE : _SEQUENCE + 8]
    sequence, acknowledged = struct.unpack(">II", old)
    new = struct.pack(">II", (sequence + sent) % _MODULUS, (acknowledged + received) % _MODULUS)
    data[_SEQUENCE : _SEQUENCE + 8] = new
    replace_in_sum(data, _SUM, old, new)
    return bytes(data)


def _is_client(data: bytes) -> bool:
    return int.from_bytes(data[_TCP : _TCP + 2], "big") == _PORT


def _payload(data: bytes) -> int:
    total = int.from_bytes(data[_IP + 2 : _IP + 4], "big")
    return total - 20 - 4 * (data[_TCP + 12] >> 4)
