"""Tell by a frame's bytes which two addresses speak, so that frames that need each other stay together."""

from __future__ import annotations

import struct
from typing import Final

_ETHERNET: Final = 1
_RAW: Final = frozenset((12, 14, 101, 228, 229))
_LINUX_SLL: Final = 113
_LINUX_SLL2: Final = 276
_IP: Final = frozenset((b"\x08\x00", b"\x86\xdd"))
_TAGS: Final = frozenset((b"\x81\x00", b"\x88\xa8", b"\x91\x00"))
_CARRIERS: Final = frozenset((b"\x88\x47", b"\x88\x48", b"\x88\x64", b"\x88\xe7", b"\x89\x4f"))
"""EtherTypes below which other packets travel: MPLS, PPPoE, provider bridges, service chains."""
_TUNNELS: Final = frozenset((4, 41, 47, 94, 97, 98, 115, 132, 137))
"""IP protocols that carry other packets, and SCTP, whose ends may have several addresses (RFC 9260, 6.4)."""
_ENTANGLING_PORTS: Final = frozenset(
    (
        21,
        111,
        135,
        554,
        1701,
        1719,
        1720,
        2000,
        2152,
        2427,
        2727,
        3544,
        4754,
        4789,
        5060,
        5061,
        6081,
        8472,
        8554,
        9875,
    )
)
"""Ports of tunnels, and of signalling that says what other ends will do (FTP, RPC, SIP, RTSP, H.323)."""
_QUIC_PORT: Final = 443
_QUIC_VERSIONS: Final = frozenset((b"\0\0\0\1", b"\x6b\x33\x43\xcf"))
_LONG_HEADER: Final = 0xC0
_TCP, _UDP, _ICMP, _ICMPV6, _FRAGMENT = 6, 17, 1, 58, 44
_EXTENSIONS: Final = frozenset((0, 43, 60))
_ERRORS: Final = {_ICMP: frozenset((3, 4, 5, 11, 12)), _ICMPV6: frozenset((1, 2, 3, 4))}

APART: Final = b""
"""The key of frames without two addresses; they all stay together."""


class EntangledError(Exception):
    """A frame that may need frames of other addresses to be understood: the capture must not be cut."""


def conversation_key(data: bytes, link_type: int) -> bytes:
    """Return the two addresses, in an order that both directions share; :data:`APART` where there are none.

    An ICMP error belongs to the conversation that it quotes (RFC 792; RFC 4443, 3).

    Raises:
        EntangledError: a tunnel, or signalling for other addresses.
    """
    start = _network(data, link_type)
    return APART if start is None else _key(data, start, outer=True)


def _network(data: bytes, link_type: int) -> int | None:
    """Return where the IP header begins."""
    if link_type in _RAW:
        return 0
    if link_type == _ETHERNET:
        at = 12
        while data[at : at + 2] in _TAGS:
            at += 4
    elif link_type == _LINUX_SLL:
        at = 14
    elif link_type == _LINUX_SLL2:
        kind = data[:2]
        return _below(kind, 20)
    else:
        return None
    return _below(data[at : at + 2], at + 2)


def _below(kind: bytes, start: int) -> int | None:
    if kind in _CARRIERS:
        raise EntangledError
    return start if kind in _IP else None


def _key(data: bytes, start: int, *, outer: bool) -> bytes:
    if len(data) < start + 20:
        return APART
    version = data[start] >> 4
    if version == 4:
        ends = data[start + 12 : start + 16], data[start + 16 : start + 20]
        fragment = struct.unpack_from(">H", data, start + 6)[0] & 0x3FFF
        protocol, inner = data[start + 9], start + (data[start] & 0x0F) * 4
    elif version == 6 and len(data) >= start + 40:
        ends = data[start + 8 : start + 24], data[start + 24 : start + 40]
        protocol, inner, fragment = _upper(data, data[start + 6], start + 40)
    else:
        return APART
    if outer and not fragment & 0x1FFF:
        _require_untangled(data, protocol, inner)
        if protocol in _ERRORS and len(data) > inner + 8 and data[inner] in _ERRORS[protocol]:
            if fragment:
                raise EntangledError
            return _key(data, inner + 8, outer=False) or b"".join(sorted(ends))
    if protocol == _UDP and not fragment & 0x1FFF:
        server = _quic_server(data, inner, ends)
        if server:
            if fragment:
                raise EntangledError
            return server
    return b"".join(sorted(ends))


def _quic_server(data: bytes, at: int, ends: tuple[bytes, bytes]) -> bytes:
    """Return the end that a QUIC client may reach from changing addresses (RFC 9000, 9); b"" for none.

    Raises:
        EntangledError: a QUIC connection whose server cannot be told by its port.
    """
    if len(data) < at + 4:
        return b""
    ports = struct.unpack_from(">HH", data, at)
    if ports.count(_QUIC_PORT) == 1:
        return ends[ports.index(_QUIC_PORT)] + b"quic"
    first = at + 8
    if len(data) > first + 5 and data[first] & _LONG_HEADER == _LONG_HEADER:
        version = data[first + 1 : first + 5]
        if version in _QUIC_VERSIONS or version[:1] == b"\xff":
            raise EntangledError
    return b""


def _upper(data: bytes, protocol: int, at: int) -> tuple[int, int, int]:
    """Walk over IPv6's extension headers; return protocol, its place, and the fragment field as in IPv4."""
    fragment = 0
    while len(data) >= at + 8:
        if protocol in _EXTENSIONS:
            protocol, at = data[at], at + 8 + data[at + 1] * 8
        elif protocol == _FRAGMENT:
            field = struct.unpack_from(">H", data, at + 2)[0]
            fragment = field >> 3 | (0x2000 if field & 1 else 0)
            protocol, at = data[at], at + 8
            if fragment & 0x1FFF:
                break
        else:
            break
    return protocol, at, fragment


def _require_untangled(data: bytes, protocol: int, at: int) -> None:
    if protocol in _TUNNELS:
        raise EntangledError
    if protocol in (_TCP, _UDP) and len(data) >= at + 4:
        ports = struct.unpack_from(">HH", data, at)
        if not _ENTANGLING_PORTS.isdisjoint(ports):
            raise EntangledError
