"""The HTTP/1 requests and responses of one frame: pipelining puts several into one (RFC 9112, 9.3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pcap_report.model.packet import Packet

_METHOD: Final = "http.request.method"
_TARGET: Final = "http.request.uri"
_REQUEST_VERSION: Final = "http.request.version"
_REQUEST_LINES: Final = "http.request.line"
_STATUS: Final = "http.response.code"
_REASON: Final = "http.response.phrase"
_RESPONSE_VERSION: Final = "http.response.version"
_RESPONSE_LINES: Final = "http.response.line"
_CHUNK: Final = "http.chunk_size"
_SEGMENTS: Final = "tcp.segment"
_REASSEMBLED: Final = "tcp.reassembled.length"

FIELDS: Final = (
    _METHOD,
    _TARGET,
    _REQUEST_VERSION,
    _REQUEST_LINES,
    _STATUS,
    _REASON,
    _RESPONSE_VERSION,
    _RESPONSE_LINES,
    _CHUNK,
    _SEGMENTS,
    _REASSEMBLED,
)

_ENDINGS: Final = (("\\r\\n", 2), ("\\n", 1))
"""The end of a line as tshark prints it, and its size in the packet."""


class Head(NamedTuple):
    """A request's or a response's first line and headers."""

    start: str
    """The method or the status code."""
    rest: str | None
    """The request's target or the response's reason."""
    version: str | None
    """``1.1``"""
    headers: Mapping[str, str] | None
    """By name in lower case; None where the frame's headers cannot be told apart."""
    chunks: tuple[int, ...]
    """Sizes of the body's chunks, the last of them 0; empty without chunks."""
    total: int | None
    """Bytes of the whole message, where the frame holds it alone."""
    size: int
    """Bytes of the head itself, as far as they can be told."""
    first_frame: int
    """The frame in which the message begins."""

    def header(self, name: str) -> str | None:
        """Return a header's value; None where it is missing or empty."""
        return self.headers.get(name) if self.headers else None


def requests_in(packet: Packet) -> list[Head]:
    """Return the frame's requests in order."""
    methods = packet.texts(_METHOD)
    if not methods:
        return []
    return _heads(packet, methods, _TARGET, _REQUEST_VERSION, _REQUEST_LINES)


def responses_in(packet: Packet) -> list[Head]:
    """Return the frame's responses in order."""
    statuses = packet.texts(_STATUS)
    if not statuses:
        return []
    return _heads(packet, statuses, _REASON, _RESPONSE_VERSION, _RESPONSE_LINES)


def _heads(packet: Packet, starts: list[str], rest: str, version: str, lines: str) -> list[Head]:
    rests, versions = packet.texts(rest), packet.texts(version)
    blocks = _blocks(packet.texts(lines), len(starts))
    chunks = _chunks(packet.numbers(_CHUNK), len(starts))
    alone = len(starts) == 1
    segments = packet.numbers(_SEGMENTS)
    return [
        Head(
            start=start,
            rest=_paired(rests, place, len(starts)),
            version=_number(_paired(versions, place, len(starts))),
            headers=_headers(blocks[place]) if blocks else None,
            chunks=chunks[place],
            total=_total(packet) if alone else None,
            size=_size(start, _paired(rests, place, len(starts)), blocks[place] if blocks else []),
            first_frame=segments[0] if alone and segments else packet.frame,
        )
        for place, start in enumerate(starts)
    ]


def _paired(values: Sequence[str], place: int, messages: int) -> str | None:
    """Return the message's value where every message has one."""
    return values[place] if len(values) == messages else None


def _number(version: str | None) -> str | None:
    """``HTTP/1.1`` is version 1.1; what tshark prints for a broken line is none."""
    name, _, number = (version or "").partition("/")
    return number if name == "HTTP" and number.replace(".", "", 1).isdecimal() else None


def _blocks(lines: list[str], messages: int) -> list[list[str]]:
    """Share the header lines out: a name that begins the first message begins the others too."""
    if messages == 1:
        return [lines]
    blocks: list[list[str]] = []
    for line in lines:
        if not blocks or _name(line) == _name(blocks[0][0]):
            blocks.append([])
        blocks[-1].append(line)
    return blocks if len(blocks) == messages else []


def _name(line: str) -> str:
    return line.partition(":")[0].strip().lower()


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        value = line.partition(":")[2]
        for ending, _ in _ENDINGS:
            value = value.removesuffix(ending)
        if value.strip():
            headers.setdefault(_name(line), value.strip())
    return headers


def _chunks(sizes: list[int], messages: int) -> list[tuple[int, ...]]:
    """Share the chunks out: the last chunk of every body has size 0."""
    if messages == 1:
        return [tuple(sizes)]
    found: list[tuple[int, ...]] = []
    begin = 0
    for place, size in enumerate(sizes):
        if size == 0:
            found.append(tuple(sizes[begin : place + 1]))
            begin = place + 1
    return found if len(found) == messages else [()] * messages


def _total(packet: Packet) -> int | None:
    """Bytes of TCP payload that hold the message; unknown inside TLS or where several were put together."""
    if ":tls" in packet.protocols:
        return None
    lengths = packet.numbers(_REASSEMBLED)
    if len(lengths) > 1:
        return None
    return lengths[0] if lengths else packet.payload


def _size(start: str, rest: str | None, lines: list[str]) -> int:
    """Bytes of a response's head: status line, headers, empty line."""
    line = len("HTTP/1.1 ") + len(start) + len(" ") + len(rest or "") + 2
    return line + sum(map(_line_size, lines)) + 2


def _line_size(line: str) -> int:
    for ending, size in _ENDINGS:
        if line.endswith(ending):
            return len(line) - len(ending) + size
    return len(line)
