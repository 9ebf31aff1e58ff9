"""ICMP and ICMPv6 errors, and what they complain about."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

IcmpErrorKind = Literal[
    "unreachable",
    "port_unreachable",
    "packet_too_big",
    "time_exceeded",
    "redirect",
    "source_quench",
    "parameter_problem",
]
"""What an error says; ``packet_too_big`` is ICMP's "fragmentation needed" too."""


class QuotedPacket(Struct, frozen=True):
    """The packet that an error quotes (RFC 792; RFC 4443, 2.4)."""

    source: str
    destination: str
    protocol: int | None
    """Number of the protocol over IP: 6 for TCP, 17 for UDP."""
    source_port: int | None
    """None where the quote holds no port."""
    destination_port: int | None


class IcmpError(Struct, frozen=True):
    """One kind of error from one host about one flow; repeated ones stand together."""

    frame: int
    """The first of ``frames``."""
    frames: tuple[int, ...]
    """Its frames, as many as are listed."""
    count: int
    """How often it came."""
    version: Literal[4, 6]
    """4 for ICMP, 6 for ICMPv6."""
    type: int
    code: int
    kind: IcmpErrorKind
    meaning: str
    """IANA's words for type and code."""
    sender: str
    """Who complains: a router on the way, or the other end."""
    receiver: str
    quoted: QuotedPacket | None
    """None where the error is cut off before it."""
    next_hop_mtu: int | None = None
    """For ``packet_too_big``: the largest packet that goes through (RFC 1191, RFC 8201); None for 0."""
    gateway: str | None = None
    """For ``redirect``: the better next hop."""
    udp_stream: int | None = None
    """tshark's number of the UDP flow that is quoted."""
    connection: int | None = None
    """The connection of the report that is quoted; None when it is none of them."""
    first_s: float | None = None
    """Seconds since the first packet of the capture."""
