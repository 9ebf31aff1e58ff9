"""Who answers for which IP address on the local link: ARP (RFC 826) and neighbour discovery (RFC 4861)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

NeighbourProtocol = Literal["arp", "ndp"]


class Neighbour(Struct, frozen=True):
    """An IP address with the MAC address that was said to be its own."""

    ip: str
    mac: str
    protocol: NeighbourProtocol
    first_frame: int
    """First frame that says so."""
    frames: tuple[int, ...]
    """Frames that say so, as many as are listed."""
    statements: int
    """How many packets say so."""
    asked_frames: tuple[int, ...] = ()
    """Frames that ask who has the address, as many as are listed."""
    replies: int = 0
    """How many of ``statements`` are answers to somebody; the others were said while asking, or unasked."""
    gratuitous: int = 0
    """How many were said to all, unasked (RFC 5227, 3; RFC 4861, 7.2.6)."""
    router: bool | None = None
    """NDP only: it says that it is a router."""
    prefixes: tuple[str, ...] = ()
    """NDP only: the prefixes that the router announces."""


class AddressConflict(Struct, frozen=True):
    """One IP address, several MAC addresses (RFC 5227, 2.4): a conflict, another machine, or a forgery."""

    ip: str
    macs: tuple[str, ...]
    """In the order of their first statement."""
    frames: tuple[int, ...]
    """First statement of each."""
    protocol: NeighbourProtocol


class Neighbours(Struct, frozen=True):
    """The local link."""

    known: tuple[Neighbour, ...]
    conflicts: tuple[AddressConflict, ...]
    unanswered: tuple[str, ...]
    """Addresses that were asked for and that nobody answered for, as many as are listed."""
    omitted: int = 0
    """Pairs of addresses, and addresses without answer, that are not listed."""
