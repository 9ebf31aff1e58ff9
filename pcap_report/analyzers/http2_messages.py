"""The header blocks and bodies of HTTP/2 frames (RFC 9113), as heads like those of HTTP/1.

A TCP segment may hold many HTTP/2 frames of many streams. tshark prints all header names of a segment in one
row; a block begins with its pseudo-headers (RFC 9113, 8.3), and that tells the blocks apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.analyzers.http_messages import Head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pcap_report.model.packet import Packet

TYPE: Final = "http2.type"
_STREAM: Final = "http2.streamid"
_LENGTH: Final = "http2.length"
_NAME: Final = "http2.header.name"
_VALUE: Final = "http2.header.value"

FIELDS: Final = (TYPE, _STREAM, _LENGTH, _NAME, _VALUE)

_DATA: Final = 0
_HEADERS: Final = 1


class Part(NamedTuple):
    """A header block, or a piece of a body."""

    stream: int
    head: Head | None
    """None for a piece of a body, and for trailers."""
    is_request: bool
    """The head is a request's."""
    size: int
    """Bytes of a piece of a body, padding with them."""


def parts_in(packet: Packet, is_over: Callable[[int], bool]) -> Iterator[Part]:
    """Yield what the segment's DATA and HEADERS frames hold, in order.

    Args:
        packet: the segment.
        is_over: tells whether the sender has sent the stream's head already, so that headers are trailers.
    """
    blocks = iter(_blocks(packet))
    frames = zip(packet.numbers(TYPE), packet.numbers(_STREAM), packet.numbers(_LENGTH), strict=False)
    for kind, stream, length in frames:
        if kind == _DATA:
            yield Part(stream, None, is_request=False, size=length)
        elif kind == _HEADERS and not is_over(stream):
            block = next(blocks, {})
            if ":method" in block:
                head = _head(packet, block[":method"], block.get(":path"), block)
                yield Part(stream, head, is_request=True, size=0)
            elif block.get(":status", "").isdecimal():
                yield Part(stream, _head(packet, block[":status"], None, block), is_request=False, size=0)


def _blocks(packet: Packet) -> list[dict[str, str]]:
    blocks: list[dict[str, str]] = []
    in_pseudo = False
    for name, value in zip(packet.texts(_NAME), packet.texts(_VALUE), strict=False):
        is_pseudo = name.startswith(":")
        if not blocks or (is_pseudo and (not in_pseudo or name in blocks[-1])):
            blocks.append({})
        in_pseudo = is_pseudo
        blocks[-1].setdefault(name.lower(), value)
    # trailers have no pseudo-headers (RFC 9113, 8.1)
    return [block for block in blocks if ":method" in block or ":status" in block]


def _head(packet: Packet, start: str, rest: str | None, headers: dict[str, str]) -> Head:
    if ":authority" in headers:
        headers = {**headers, "host": headers[":authority"]}
    return Head(start, rest, "2", headers, (), None, 0, packet.frame)
