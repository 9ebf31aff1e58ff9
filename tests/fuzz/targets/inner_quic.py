"""QUIC's streams come together from frames in any order, and HTTP/3 in them is read or called unreadable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.analyzers.inside.http3 import Http3Reader
from pcap_report.analyzers.inside.pieces import Piece
from pcap_report.analyzers.inside.quic_inside import StreamBytes, StreamFrame
from tests.fuzz.supply import Supply

if TYPE_CHECKING:
    from collections.abc import Iterator


def seeds() -> Iterator[bytes]:
    """Settings, a request and its answer; an encoder's stream; frames out of order."""
    request = bytes((1, 4, 0, 0, 0xD1, 0xD7))
    answer = bytes((1, 3, 0, 0, 0xD9, 0, 2)) + b"ab"
    yield _frame(2, 1, 0, b"\0\4\0") + _frame(0, 1, 0, request, 1) + _frame(0, 0, 0, answer, 1)
    yield (
        _frame(2, 1, 0, b"\2\x3f\xe1\x1f")
        + _frame(3, 0, 0, b"\2\xc0\3abc")
        + _frame(0, 1, 0, b"\1\3\2\0\x80")
    )
    yield _frame(0, 1, 3, request[3:], 1) + _frame(0, 1, 0, request[:3]) + _frame(0, 1, 2, request[2:5])


def _frame(stream: int, client: int, offset: int, data: bytes, ends: int = 0) -> bytes:
    return bytes((stream, client | ends << 1, offset, len(data))) + data


def attempt(data: bytes) -> None:
    """Put streams together and read them."""
    supply, reader = Supply(data), Http3Reader()
    streams: dict[tuple[int, bool], StreamBytes] = {}
    given: dict[tuple[int, bool], dict[int, int]] = {}
    number = 0
    while supply:
        number += 1
        stream, flags, offset = supply.number() % 8, supply.number(), supply.number()
        frame = StreamFrame(stream, offset, supply.take(supply.number()), bool(flags & 2))
        key = (stream, bool(flags & 1))
        known = given.setdefault(key, {})
        for place, byte in enumerate(frame.data, offset):
            known.setdefault(place, byte)
        for piece, ends in streams.setdefault(key, StreamBytes()).take(frame):
            reader.feed(stream, Piece(number, number, piece), from_client=key[1], ends=ends)
    for key, one in streams.items():
        known = given[key]
        whole = next(place for place in range(len(known) + 1) if place not in known)
        assert one.received == whole, "bytes of a stream are missing, or counted twice"
    for record in reader.records:
        assert record.request or record.response or record.provisional
