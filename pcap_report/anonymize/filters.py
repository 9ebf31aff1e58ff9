"""Display filters and capture filters with pseudonyms in place of addresses, names and texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pcap_report.anonymize.fields import is_plain, kind_of_field
from pcap_report.anonymize.kinds import Kind
from pcap_report.anonymize.macs import MAC
from pcap_report.anonymize.names import parsed_address
from pcap_report.render.safe import display_filter_string

if TYPE_CHECKING:
    from collections.abc import Callable

    Mapper = Callable[[Kind, str], str]

_PIECE: Final = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[^\s"\'(){}\[\],!=<>&|~]+|.', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|([0-7]{3})|(.))", re.DOTALL)
_FIELD: Final = re.compile(r"[a-z][a-z0-9_-]{0,30}(?:\.[a-z0-9_-]{1,60}){0,8}", re.IGNORECASE)
_WORDS_TEXT: Final = (
    "and or not eq ne gt lt ge le contains matches in xor bitwise_and any all len lower upper count string"
    " true false True False host net src dst port portrange tcp udp icmp icmp6 arp ip ip6 ether proto"
    " broadcast"
    " multicast vlan less greater mask gateway http dns tls ssl quic dhcp dtls ssh mdns icmpv6 ipv6 eth"
    " frame frame.len"
    " sctp igmp rarp stp lldp nbns llmnr ntp snmp ftp smtp imap pop sip rtp smb smb2 ssdp bootp http2 http3"
)
_WORDS: Final = frozenset(_WORDS_TEXT.split())
_COMPARED_TEXT: Final = "contains matches eq ne gt lt ge le in"
_COMPARED: Final = frozenset(_COMPARED_TEXT.split())
_BYTES: Final = re.compile(r"[0-9A-Fa-f]{2}(?:[:.-][0-9A-Fa-f]{2})+")
_LONGEST: Final = 4_000


def rewritten(text: str, of: Mapper, *, has_fields: bool = True) -> str:
    """Return a filter with pseudonyms; a capture filter names protocols and no fields (pcap-filter(7))."""
    if len(text) > _LONGEST:
        return of(Kind.TEXT, text)
    return "".join(_pieces(text, of, has_fields))


def _pieces(text: str, of: Mapper, has_fields: bool) -> list[str]:
    found: list[str] = []
    field, compared = "", False
    for piece in _PIECE.findall(text):
        if piece[0] in "\"'" and len(piece) > 1:
            found.append(_string(piece, field, of))
        elif len(piece) == 1 and not piece.isalnum():
            compared = (compared and piece not in "&|") or piece in "=<>~{"
            found.append(piece if piece.isascii() else "?")
        elif _is_value(piece, compared or not has_fields):
            found.append(_value(piece, field, of))
        else:
            compared = compared or piece in _COMPARED
            field = field if piece in _WORDS else piece
            found.append(piece)
    return found


def _is_value(piece: str, compared: bool) -> bool:
    if piece in _WORDS:
        return False
    looks = parsed_address(piece.partition("/")[0]) or MAC.fullmatch(piece) or not _FIELD.fullmatch(piece)
    return bool(looks) or compared or "." not in piece


def _value(piece: str, field: str, of: Mapper) -> str:
    low, dots, high = piece.partition("..")
    if dots:
        return _value(low, field, of) + dots + _value(high, field, of)
    if not piece or (piece.isdecimal() and len(piece) <= 8) or is_plain(field, piece):
        return piece
    if MAC.fullmatch(piece):
        return of(Kind.MAC, piece)
    if parsed_address(piece.partition("/")[0]):
        return of(Kind.ADDRESS, piece)
    if _BYTES.fullmatch(piece):
        return of(Kind.HEX, piece)
    return of(Kind.NAME, piece)


def _string(piece: str, field: str, of: Mapper) -> str:
    text = _ESCAPE.sub(_unescaped, piece[1:-1])
    kind = kind_of_field(field) or Kind.NAME
    return display_filter_string(of(kind, text))


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return chr(int(found[2], 8)) if found[2] else found[3]
