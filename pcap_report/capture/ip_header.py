"""Look at the IP header of a captured frame, as far as telling frames apart needs it."""

from __future__ import annotations

from typing import Final, NamedTuple

_ETHERNET: Final = 1
_RAW: Final = frozenset((12, 14, 101, 228, 229))
_LINUX_SLL: Final = 113
_LINUX_SLL2: Final = 276
_NULL: Final = frozenset((0, 108))
_IPV4: Final = b"\x08\x00"
_TAGS: Final = frozenset((b"\x81\x00", b"\x88\xa8", b"\x91\x00"))


class IpHeader(NamedTuple):
    """What tells one packet from another."""

    identification: int
    """The IPv4 identification (RFC 791, 3.1; RFC 6864); 0 where there is none."""
    ends: bytes
    """Source and destination address together; empty where they were not found."""


def ip_header(data: bytes, link_type: int) -> IpHeader:
    """Return the identification and the ends of a frame; zero and nothing where it holds no IP header."""
    start = _start(data, link_type)
    if start is None or len(data) < start + 20:
        return IpHeader(0, b"")
    version = data[start] >> 4
    if version == 4:
        identification = data[start + 4] << 8 | data[start + 5]
        return IpHeader(identification, data[start + 12 : start + 20])
    if version == 6:
        return IpHeader(0, data[start + 8 : start + 40])
    return IpHeader(0, b"")


def ipv4_packet(data: bytes, link_type: int) -> bytes | None:
    """Return what stays of an IPv4 packet on its way and tells it from others; None where nothing does.

    That is its length, identification, fragment, addresses, and the 20 bytes behind them; routers change
    the TTL and the header checksum (RFC 1812, 5.3.1).
    """
    start = 14 if link_type == _ETHERNET and data[12:14] == _IPV4 else _start(data, link_type)
    if start is None or len(data) < start + 40 or data[start] >> 4 != 4:
        return None
    if data[start + 4 : start + 6] == b"\0\0":
        return None
    return data[start + 2 : start + 8] + data[start + 12 : start + 40]


def _start(data: bytes, link_type: int) -> int | None:
    if link_type == _ETHERNET:
        at = 12
        while data[at : at + 2] in _TAGS:
            at += 4
        return at + 2
    if link_type in _RAW:
        return 0
    if link_type in _NULL:
        return 4
    return {_LINUX_SLL: 16, _LINUX_SLL2: 20}.get(link_type)
