"""Who talked to whom, and how much: Wireshark's tables of conversations and endpoints."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

TrafficLevel = Literal["ipv4", "ipv6", "tcp", "udp"]


class Conversation(Struct, frozen=True):
    """Packets between two addresses, or between two ports."""

    level: TrafficLevel
    a: str
    """IP address of the side that sent first."""
    a_port: int | None
    """None where the level has no ports."""
    b: str
    b_port: int | None
    packets: int
    bytes: int
    """Bytes of the frames on the wire."""
    packets_a_to_b: int
    bytes_a_to_b: int
    packets_b_to_a: int
    bytes_b_to_a: int
    first_s: float
    """Time of the first packet: seconds since the first packet of the capture."""
    last_s: float
    stream: int | None
    """tshark's number of the TCP or UDP stream."""
    display_filter: str


class TrafficEndpoint(Struct, frozen=True):
    """All packets that an address sent and received."""

    level: TrafficLevel
    address: str
    packets: int
    bytes: int
    sent_packets: int
    sent_bytes: int
    received_packets: int
    received_bytes: int
    first_s: float
    last_s: float


class TrafficOmitted(Struct, frozen=True):
    """Rows of a level that are not listed: all have fewer bytes than those that are."""

    level: TrafficLevel
    conversations: int
    endpoints: int


class Traffic(Struct, frozen=True):
    """The tables, of each level those with the most bytes first."""

    conversations: tuple[Conversation, ...]
    endpoints: tuple[TrafficEndpoint, ...]
    omitted: tuple[TrafficOmitted, ...]
    """The levels that have more rows than are listed."""
