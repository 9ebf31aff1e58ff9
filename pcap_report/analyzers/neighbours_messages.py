"""What a packet of ARP or neighbour discovery says: who has which address, who is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.neighbours import NeighbourProtocol
    from pcap_report.model.packet import Packet

_OPERATION: Final = "arp.opcode"
_SENDER_MAC: Final = "arp.src.hw_mac"
_SENDER_HARDWARE: Final = "arp.src.hw"
"""Where the hardware is no Ethernet."""
_SENDER_IP: Final = "arp.src.proto_ipv4"
_TARGET_IP: Final = "arp.dst.proto_ipv4"
_TYPE: Final = "icmpv6.type"
_SOLICITED: Final = "icmpv6.nd.ns.target_address"
_ADVERTISED: Final = "icmpv6.nd.na.target_address"
_FROM_ROUTER: Final = "icmpv6.nd.na.flag.r"
_IS_ANSWER: Final = "icmpv6.nd.na.flag.s"
_LINK_ADDRESS: Final = "icmpv6.opt.linkaddr"
_PREFIX: Final = "icmpv6.opt.prefix"
_PREFIX_LENGTH: Final = "icmpv6.opt.prefix.length"

FIELDS: Final = (
    _OPERATION,
    _SENDER_MAC,
    _SENDER_HARDWARE,
    _SENDER_IP,
    _TARGET_IP,
    _TYPE,
    _SOLICITED,
    _ADVERTISED,
    _FROM_ROUTER,
    _IS_ANSWER,
    _LINK_ADDRESS,
    _PREFIX,
    _PREFIX_LENGTH,
)

_REQUEST: Final = 1
_REPLY: Final = 2
_ROUTER_ADVERTISEMENT: Final = 134
_SOLICITATION: Final = 135
_ADVERTISEMENT: Final = 136
_NOBODY: Final = frozenset(("0.0.0.0", "::", ""))  # noqa: S104 - the address that a probe is sent from
_NO_MAC: Final = frozenset(("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", ""))


class Statement(NamedTuple):
    """Somebody says that an IP address is at a MAC address."""

    protocol: NeighbourProtocol
    ip: str
    mac: str
    is_reply: bool
    is_gratuitous: bool
    router: bool | None = None
    prefixes: tuple[str, ...] = ()


def arp_in(packet: Packet) -> Iterator[Statement]:
    """Yield what an ARP packet says: every request names its sender too (RFC 826)."""
    operation = packet.number(_OPERATION)
    if operation not in {_REQUEST, _REPLY}:
        return
    ip = packet.text(_SENDER_IP) or ""
    mac = packet.text(_SENDER_MAC) or packet.text(_SENDER_HARDWARE) or ""
    if ip not in _NOBODY and mac not in _NO_MAC:
        announced = ip == packet.text(_TARGET_IP)
        yield Statement("arp", ip, mac, operation == _REPLY and not announced, announced)


def discovery_in(packet: Packet) -> Iterator[Statement]:
    """Yield what a packet of neighbour discovery says (RFC 4861, 4)."""
    kind = packet.number(_TYPE)
    mac = packet.text(_LINK_ADDRESS) or packet.source_mac
    if mac in _NO_MAC:
        return
    if kind == _ADVERTISEMENT:
        target = packet.text(_ADVERTISED)
        if target is not None:
            answer = bool(packet.number(_IS_ANSWER))
            yield Statement("ndp", target, mac, answer, not answer, bool(packet.number(_FROM_ROUTER)))
    elif packet.source in _NOBODY:
        return
    elif kind == _ROUTER_ADVERTISEMENT:
        prefixes = zip(packet.texts(_PREFIX), packet.texts(_PREFIX_LENGTH), strict=False)
        announced = tuple(f"{prefix}/{length}" for prefix, length in prefixes)
        yield Statement("ndp", packet.source, mac, False, False, True, announced)
    elif kind == _SOLICITATION and packet.has(_LINK_ADDRESS):
        yield Statement("ndp", packet.source, mac, False, False)


def asked_for(packet: Packet) -> tuple[NeighbourProtocol, str] | None:
    """Return the address that a packet asks for; one that asks for its own address asks nobody."""
    if packet.number(_OPERATION) == _REQUEST:
        target, sender = packet.text(_TARGET_IP), packet.text(_SENDER_IP)
        return ("arp", target) if target and sender not in _NOBODY and target != sender else None
    if packet.number(_TYPE) == _SOLICITATION:
        target = packet.text(_SOLICITED)
        return ("ndp", target) if target and packet.source not in _NOBODY else None
    return None
