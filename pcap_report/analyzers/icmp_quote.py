"""The packet that an ICMP error quotes: its addresses, its protocol, its ports (RFC 792; RFC 4443, 2.4)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pcap_report.model.icmp import QuotedPacket

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet

_PROTOCOL: Final = "ip.proto"
_NEXT_HEADER: Final = "ipv6.nxt"
_PORTS: Final = {
    "tcp": ("tcp.srcport", "tcp.dstport"),
    "udp": ("udp.srcport", "udp.dstport"),
}
_NUMBERS: Final = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58, "sctp": 132}

FIELDS: Final = (_PROTOCOL, _NEXT_HEADER, "udp.srcport", "udp.dstport")


class Places(NamedTuple):
    """Where in a protocol path the ICMP header stands, and what it quotes."""

    version: Literal[4, 6]
    outer: str
    """``ip`` or ``ipv6``: what carries the ICMP message."""
    outer_place: int
    """Which of the headers of that kind it is, from 0."""
    inner: str | None
    """``ip`` or ``ipv6``: what is quoted; None where the quote is missing."""
    inner_place: int
    transport: str | None
    """What the quoted packet carries: ``tcp``, ``udp`` …"""

    @property
    def quoted_udp(self) -> bool:
        """The quoted packet is UDP."""
        return self.transport == "udp"

    def ends(self, packet: Packet) -> tuple[str, str]:
        """Return sender and receiver of the ICMP message."""
        return _addresses(packet, self.outer, self.outer_place)


@lru_cache(maxsize=1024)
def places_in(path: str) -> Places:
    """Find the ICMP header in a protocol path, and what stands behind it."""
    layers = path.split(":")
    place = next(number for number, layer in enumerate(layers) if layer in {"icmp", "icmpv6"})
    before = [layer for layer in layers[:place] if layer in {"ip", "ipv6"}]
    behind = layers[place + 1 :]
    outer = before[-1] if before else "ip"
    inner = next((layer for layer in behind if layer in {"ip", "ipv6"}), None)
    return Places(
        version=4 if layers[place] == "icmp" else 6,
        outer=outer,
        outer_place=max(0, before.count(outer) - 1),
        inner=inner,
        inner_place=before.count(inner) if inner else 0,
        transport=next((layer for layer in behind if layer in _NUMBERS), None),
    )


def quoted_in(packet: Packet, places: Places) -> QuotedPacket | None:
    """Return what the error says of the packet that it complains about."""
    if places.inner is None:
        return None
    source, destination = _addresses(packet, places.inner, places.inner_place)
    if not source:
        return None
    ports = [_last(packet, field) for field in _PORTS.get(places.transport or "", ())]
    return QuotedPacket(
        source=source,
        destination=destination,
        protocol=_protocol(packet, places),
        source_port=ports[0] if ports else None,
        destination_port=ports[1] if ports else None,
    )


def _addresses(packet: Packet, layer: str, place: int) -> tuple[str, str]:
    sources, destinations = packet.texts(f"{layer}.src"), packet.texts(f"{layer}.dst")
    if place >= min(len(sources), len(destinations)):
        return "", ""
    return sources[place], destinations[place]


def _protocol(packet: Packet, places: Places) -> int | None:
    if places.transport is not None:
        return _NUMBERS[places.transport]
    numbers = packet.numbers(_PROTOCOL if places.inner == "ip" else _NEXT_HEADER)
    return numbers[places.inner_place] if places.inner_place < len(numbers) else None


def _last(packet: Packet, field: str) -> int | None:
    """Return the innermost value: tunnels around the error have ports too."""
    numbers = packet.numbers(field)
    return numbers[-1] if numbers else None
