"""Tell client from server.

The SYN decides. Where it was not captured, the SYN+ACK, a TLS hello, and at last the ports do; the report
says which it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.connection import OrientationBasis
    from pcap_report.model.packet import Packet

HANDSHAKE_TYPE: Final = "tls.handshake.type"
FIELDS: Final = (HANDSHAKE_TYPE,)

_CLIENT_HELLO: Final = "1"
_SERVER_HELLO: Final = "2"
_SYSTEM_PORTS: Final = 1024
_EPHEMERAL_PORTS: Final = 32768
_SERVICES: Final = frozenset(
    (
        1080,
        1433,
        1521,
        1883,
        2049,
        3000,
        3128,
        3306,
        3389,
        4443,
        5000,
        5060,
        5222,
        5432,
        5671,
        5672,
        5900,
        6379,
        6443,
        6667,
        8000,
        8080,
        8081,
        8443,
        8883,
        9000,
        9090,
        9092,
        9200,
        9443,
        11211,
        27017,
    )
)
"""Ports above 1023 that servers are known to listen on."""


class Orientation(NamedTuple):
    """Which of the two ends is the client."""

    client: tuple[str, int]
    server: tuple[str, int]
    basis: OrientationBasis


def from_packet(packet: Packet) -> Orientation | None:
    """Decide by this packet alone, or return None when it does not tell."""
    sender = (packet.source, packet.source_port)
    receiver = (packet.destination, packet.destination_port)
    if packet.is_syn:
        return Orientation(sender, receiver, "syn")
    if packet.is_syn_ack:
        return Orientation(receiver, sender, "syn_ack")
    return from_hello(packet)


def from_hello(packet: Packet, field: str = HANDSHAKE_TYPE) -> Orientation | None:
    """Decide by a TLS or DTLS hello that ends in this packet."""
    sender = (packet.source, packet.source_port)
    receiver = (packet.destination, packet.destination_port)
    hello = packet.text(field)
    if hello == _CLIENT_HELLO:
        return Orientation(sender, receiver, "tls")
    if hello == _SERVER_HELLO:
        return Orientation(receiver, sender, "tls")
    return None


def from_ports(packets: Sequence[Packet]) -> Orientation:
    """Decide by the ports of the first packet: the one that servers listen on is the server's."""
    first = packets[0]
    sender = (first.source, first.source_port)
    receiver = (first.destination, first.destination_port)
    sender_rank, receiver_rank = _service_rank(first.source_port), _service_rank(first.destination_port)
    if sender_rank > receiver_rank:
        return Orientation(receiver, sender, "port")
    if receiver_rank > sender_rank:
        return Orientation(sender, receiver, "port")
    return Orientation(sender, receiver, "first_packet")


def _service_rank(port: int) -> int:
    """Tell how likely a server listens on a port."""
    if port < _SYSTEM_PORTS:
        return 3
    if port in _SERVICES:
        return 2
    return 1 if port < _EPHEMERAL_PORTS else 0
