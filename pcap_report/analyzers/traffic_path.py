"""What a protocol path says about the addresses and ports of its frames; worked out once for each path."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.packet import Packet
    from pcap_report.model.traffic import TrafficLevel

_IP: Final = ("ip", "ipv6")
_QUOTING: Final = frozenset(("icmp", "icmpv6"))
_STREAM: Final = "udp.stream"
_SOURCE: Final = "udp.srcport"
_DESTINATION: Final = "udp.dstport"

FIELDS: Final = (_STREAM, _SOURCE, _DESTINATION)


class Header(NamedTuple):
    """An IP header of a path."""

    layer: str
    """``ip`` or ``ipv6``"""
    place: int
    """Which of the headers of that kind it is, from 0."""


class PathPlan(NamedTuple):
    """What to count of a frame."""

    headers: tuple[Header, ...]
    """Its IP headers, without those that an ICMP error quotes."""
    datagrams: tuple[Header, ...]
    """The IP header of each UDP header."""
    is_simple: bool
    """One IP header, at most one of UDP, nothing quoted: the packet's own addresses are all there is."""

    @property
    def level(self) -> TrafficLevel:
        """The level of a simple path."""
        return level_of(self.headers[0])


def level_of(header: Header) -> TrafficLevel:
    """Return the table that an IP header counts in."""
    return "ipv4" if header.layer == "ip" else "ipv6"


@lru_cache(maxsize=4096)
def plan_of(path: str) -> PathPlan:
    """Work out what frames of a path count for."""
    layers = path.split(":")
    quoting = next((place for place, layer in enumerate(layers) if layer in _QUOTING), len(layers))
    headers: list[Header] = []
    datagrams: list[Header] = []
    for layer in layers[:quoting]:
        if layer in _IP:
            headers.append(Header(layer, sum(one.layer == layer for one in headers)))
        elif layer == "udp" and headers:
            datagrams.append(headers[-1])
    quotes = any(layer in _IP for layer in layers[quoting:])
    simple = len(headers) == 1 and len(datagrams) <= 1 and not quotes
    return PathPlan(tuple(headers), tuple(datagrams), simple)


def addresses(packet: Packet, header: Header) -> tuple[str, str] | None:
    """Return source and destination of one of the frame's IP headers."""
    sources = packet.texts(f"{header.layer}.src")
    destinations = packet.texts(f"{header.layer}.dst")
    if header.place >= min(len(sources), len(destinations)):
        return None
    return sources[header.place], destinations[header.place]


def datagrams_in(packet: Packet, plan: PathPlan) -> Iterator[tuple[str, int, str, int, int]]:
    """Yield source and its port, destination and its port, and stream of each UDP header."""
    streams, sources, destinations = (packet.numbers(field) for field in FIELDS)
    for header, stream, source, destination in zip(
        plan.datagrams, streams, sources, destinations, strict=False
    ):
        ends = addresses(packet, header)
        if ends is not None:
            yield ends[0], source, ends[1], destination, stream
