"""What the value of one of tshark's fields is, by the field's name: in anatomies, claims and filters."""

from __future__ import annotations

import re
from typing import Final

from pcap_report.anonymize.kinds import Kind

_KINDS: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"(?:ip|ipv6|arp|icmp|icmpv6)\.(?:.*\.)?(?:addr|src|dst|host|src_host|dst_host)(?:_.*)?", Kind.NAME),
        (r"(?:eth|wlan|sll|arp)\..*(?:oui|lg|ig).*", Kind.TEXT),
        (r"(?:eth|wlan|sll)\..*", Kind.MAC),
        (r".*(?:checksum|time|timestamp|date|tsval|tsecr|_raw).*", Kind.TEXT),
        (r".*(?:random|session_id|dcid|scid|connection_id|\.id|cookie|ticket)", Kind.HEX),
        (r".*(?:server_name|host|name|domain)", Kind.NAME),
        (r".*alpn_str", Kind.ALPN),
        (r"ssh\.protocol", Kind.BANNER),
        (r"http.*\.method", Kind.METHOD),
        (r"http.*\.(?:uri|path|referer|full_uri|query|location).*", Kind.URL),
        (r"frame\.(?:protocols|encap_type)|tcp\.flags\.str|(?:_ws\.col\.)?protocol", Kind.OURS),
        (r"frame\.interface_.*", Kind.INTERFACE),
        (r"ssh\..*", Kind.ALGORITHM),
        (r"frame\.comment.*|.*(?:user|password|text|data|payload|string|comment).*", Kind.TEXT),
    )
)
_PROTOCOLS_TEXT: Final = (
    "frame eth vlan sll arp ip ipv6 icmp icmpv6 tcp udp tls dtls quic http http2 dns mdns ssh dhcp"
)
_PROTOCOLS: Final = frozenset(_PROTOCOLS_TEXT.split())
_SAFE: Final = re.compile(
    r"-?\d{1,10}(?:\.\d{1,9})?|0x[0-9a-f]{1,8}|[0-9a-f]{4}|True|False|(?:Not )?[Ss]et|·[·A-Z]+|…|\+\d+"
)
"""Numbers and flags of the protocols that we know."""


def kind_of_field(name: str) -> Kind | None:
    """Return what the values of a field are; None where it is told by the value."""
    name = name.lower()
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(name)), None)


def is_plain(name: str, value: str) -> bool:
    """Tell whether a value is a number or a flag of a protocol in which those say nothing about people."""
    return name.lower().partition(".")[0] in _PROTOCOLS and _SAFE.fullmatch(value) is not None
