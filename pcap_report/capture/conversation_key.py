"""Tell by a frame's bytes which two addresses speak, so that frames that need each other stay together."""

from __future__ import annotations

import re
import struct
from typing import Final

from pcap_report.capture.ties import EntangledError, TiedError, Ties

_ETHERNET: Final = 1
_RAW: Final = frozenset((12, 14, 101, 228, 229))
_LINUX_SLL: Final = 113
_LINUX_SLL2: Final = 276
_IP: Final = frozenset((b"\x08\x00", b"\x86\xdd"))
_TAGS: Final = frozenset((b"\x81\x00", b"\x88\xa8", b"\x91\x00"))
_CARRIERS: Final = frozenset((b"\x88\xe7", b"\x89\x4f"))
"""EtherTypes below which other packets travel: provider bridges, service chains."""
_WITHOUT_IP: Final = frozenset(
    kind
    for (kind,) in struct.iter_unpack(
        "2s",
        bytes.fromhex(
            "0806 8035 6002 6003 6004 809b 80f3 8137 8138 8808 8809 8863 888e 8892 88a2 88b8 88ba 88c7"
            "88cc 88d9 88f5 88f6 88f7 8902 8906 8914 893a 9000 22ea 22f0"
        ),
    )
)
"""EtherTypes that carry no IP: ARP, spanning trees, PTP, storage, industrial buses and the like."""
_IP_WITHIN: Final = re.compile(
    rb"\x08\x00[\x45-\x4f]|\x86\xdd[\x60-\x6f]|\x00\x21[\x45-\x4f]|\x00\x57[\x60-\x6f]"
)
"""The type of IP before an IP header, in Ethernet or PPP."""
_LLC: Final = b"\x06\x00"
"""Below this an EtherType is a length, and LLC follows (IEEE 802.3, 3.2.6)."""
_SNAP: Final = b"\xaa\xaa\x03\x00\x00\x00"
_LLC_IP: Final = b"\x06"
_PPP_CONTROL: Final = 0x80
_MPLS: Final = frozenset((b"\x88\x47", b"\x88\x48"))
_PPPOE: Final = b"\x88\x64"
_PPP_IP: Final = frozenset((b"\x00\x21", b"\x00\x57"))
_TUNNELS: Final = frozenset((4, 41, 47, 94, 97, 98, 115, 132, 137))
"""IP protocols that carry other packets, and SCTP, whose ends may have several addresses (RFC 9260, 6.4)."""
_TUNNEL_PORTS: Final = frozenset((1701, 2152, 3544, 4754, 4789, 6081, 8472))
_SERVICE_PORTS: Final = frozenset((21, 111, 135))
"""Signalling of other conversations of the same addresses: FTP, RPC."""
_MEDIA_PORTS: Final = frozenset((554, 1719, 1720, 2000, 2427, 2727, 5060, 5061, 8554, 9875))
"""Signalling of streams between any ends: SIP, RTSP, H.323, MGCP, Skinny, SAP."""
_QUIC_PORT: Final = 443
_QUIC_VERSIONS: Final = frozenset((b"\0\0\0\1", b"\x6b\x33\x43\xcf"))
_LONG_HEADER: Final = 0xC0
_TCP, _UDP, _ICMP, _ICMPV6, _FRAGMENT = 6, 17, 1, 58, 44
_PORTED: Final = frozenset((_TCP, _UDP))
_EXTENSIONS: Final = frozenset((0, 43, 60))
_ERRORS: Final = {_ICMP: frozenset((3, 4, 5, 11, 12)), _ICMPV6: frozenset((1, 2, 3, 4))}

APART: Final = b""
"""The key of frames without two addresses; they all stay together."""


def conversation_key(data: bytes, link_type: int, ties: Ties | None = None) -> bytes:
    """Return the two addresses, in an order that both directions share; :data:`APART` where there are none.

    An ICMP error belongs to the conversation that it quotes (RFC 792; RFC 4443, 3).

    Args:
        data: the frame.
        link_type: of its interface, as libpcap numbers them.
        ties: where known, what ties conversations of other addresses together. As long as they are not
            complete, what this frame says of them is added.

    Raises:
        EntangledError: a tunnel; where ties are not known, signalling for other addresses, too.
    """
    start = _network(data, link_type)
    return APART if start is None else _key(data, start, ties, outer=True)


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
        return _below(data, kind, 20)
    else:
        return None
    return _below(data, data[at : at + 2], at + 2)


def _below(data: bytes, kind: bytes, start: int) -> int | None:
    if kind in _IP:
        return start
    if kind in _MPLS:
        return _below_labels(data, start)
    if kind == _PPPOE:
        return _below_ppp(data, start + 6)
    if kind < _LLC:
        return _below_llc(data, start)
    if kind in _CARRIERS or (kind not in _WITHOUT_IP and _IP_WITHIN.search(data, start)):
        raise EntangledError
    return None


def _below_ppp(data: bytes, at: int) -> int | None:
    """Return where the IP header begins below a PPP protocol number (RFC 1661, 2)."""
    if data[at : at + 2] in _PPP_IP:
        return at + 2
    if len(data) > at and data[at] < _PPP_CONTROL:
        raise EntangledError
    return None


def _below_llc(data: bytes, at: int) -> int | None:
    """Return where the IP header begins below LLC, with SNAP (IEEE 802, 9.2) or without."""
    if data[at : at + 6] == _SNAP and data[at + 6 : at + 8] >= _LLC:
        return _below(data, data[at + 6 : at + 8], at + 8)
    if data[at : at + 1] == _LLC_IP or _IP_WITHIN.search(data, at):
        raise EntangledError
    return None


def _below_labels(data: bytes, at: int) -> int | None:
    """Return where the IP header begins below MPLS labels (RFC 3032, 2.1), told as in RFC 4928, 3."""
    while len(data) > at + 4:
        last = data[at + 2] & 1
        at += 4
        if last:
            if data[at] >> 4 in (4, 6):
                return at
            raise EntangledError
    return None


def _key(data: bytes, start: int, ties: Ties | None, *, outer: bool) -> bytes:
    header = _header(data, start)
    if header is None:
        return APART
    ends, protocol, inner, fragment = header
    ports: tuple[int, int] | None = None
    if not fragment & 0x1FFF:
        if protocol in _PORTED and len(data) >= inner + 4:
            ports = struct.unpack_from(">HH", data, inner)
        if outer:
            _look_for_ties(ends, protocol, ports, ties)
            if protocol in _ERRORS and len(data) > inner + 8 and data[inner] in _ERRORS[protocol]:
                if fragment:
                    raise EntangledError
                return _key(data, inner + 8, ties, outer=False) or b"".join(sorted(ends))
        quic = _quic_key(data, inner, (ends, ports), ties) if protocol == _UDP and ports is not None else b""
        if quic:
            if fragment:
                raise EntangledError
            return quic
    tied = ties.key(ends, ports, fragment=fragment != 0) if ties is not None and ties.complete else b""
    return tied or b"".join(sorted(ends))


def _header(data: bytes, start: int) -> tuple[tuple[bytes, bytes], int, int, int] | None:
    """Return of an IP header the addresses, the protocol, where its data begins, and the fragment field."""
    if len(data) < start + 20:
        return None
    version = data[start] >> 4
    if version == 4:
        ends = data[start + 12 : start + 16], data[start + 16 : start + 20]
        fragment = struct.unpack_from(">H", data, start + 6)[0] & 0x3FFF
        return ends, data[start + 9], start + (data[start] & 0x0F) * 4, fragment
    if version == 6 and len(data) >= start + 40:
        ends = data[start + 8 : start + 24], data[start + 24 : start + 40]
        return ends, *_upper(data, data[start + 6], start + 40)
    return None


def _quic_key(
    data: bytes, at: int, ends: tuple[tuple[bytes, bytes], tuple[int, int]], ties: Ties | None
) -> bytes:
    """Return the key of what a QUIC client may go on with from other addresses (RFC 9000, 9); b"" for none.

    Raises:
        EntangledError: it cannot be told which end is the server.
    """
    addresses, ports = ends
    if ports.count(_QUIC_PORT) == 1:
        return addresses[ports.index(_QUIC_PORT)] + b"quic"
    one, other = addresses[0] + data[at : at + 2], addresses[1] + data[at + 2 : at + 4]
    if ties is not None and ties.complete:
        return ties.quic_key(one, other)
    first = at + 8
    if len(data) > first + 5 and data[first] & _LONG_HEADER == _LONG_HEADER:
        version = data[first + 1 : first + 5]
        if version in _QUIC_VERSIONS or version[:1] == b"\xff":
            if ties is None:
                raise TiedError
            ties.add_quic(one, other)
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


def _look_for_ties(
    ends: tuple[bytes, bytes], protocol: int, ports: tuple[int, int] | None, ties: Ties | None
) -> None:
    """Note what a packet ties together beyond its ends.

    Raises:
        EntangledError: a tunnel, or what ties is not asked for.
    """
    if protocol in _TUNNELS:
        raise EntangledError
    if ports is None:
        return
    if not _TUNNEL_PORTS.isdisjoint(ports):
        raise EntangledError
    media = not _MEDIA_PORTS.isdisjoint(ports)
    if media or not _SERVICE_PORTS.isdisjoint(ports):
        if ties is None:
            raise TiedError
        if not ties.complete:
            ties.signalling.update(ends)
            ties.media = ties.media or media
