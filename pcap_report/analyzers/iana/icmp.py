"""IANA's words for ICMP and ICMPv6 errors, by type and code."""

from __future__ import annotations

from typing import Final

_V4: Final = {
    3: "Destination Unreachable",
    4: "Source Quench",
    5: "Redirect",
    11: "Time Exceeded",
    12: "Parameter Problem",
}
_V4_CODES: Final = {
    (3, 0): "Net Unreachable",
    (3, 1): "Host Unreachable",
    (3, 2): "Protocol Unreachable",
    (3, 3): "Port Unreachable",
    (3, 4): "Fragmentation Needed and Don't Fragment was Set",
    (3, 5): "Source Route Failed",
    (3, 6): "Destination Network Unknown",
    (3, 7): "Destination Host Unknown",
    (3, 8): "Source Host Isolated",
    (3, 9): "Communication with Destination Network is Administratively Prohibited",
    (3, 10): "Communication with Destination Host is Administratively Prohibited",
    (3, 11): "Destination Network Unreachable for Type of Service",
    (3, 12): "Destination Host Unreachable for Type of Service",
    (3, 13): "Communication Administratively Prohibited",
    (3, 14): "Host Precedence Violation",
    (3, 15): "Precedence cutoff in effect",
    (5, 0): "Redirect Datagram for the Network (or subnet)",
    (5, 1): "Redirect Datagram for the Host",
    (5, 2): "Redirect Datagram for the Type of Service and Network",
    (5, 3): "Redirect Datagram for the Type of Service and Host",
    (11, 0): "Time to Live exceeded in Transit",
    (11, 1): "Fragment Reassembly Time Exceeded",
    (12, 0): "Pointer indicates the error",
    (12, 1): "Missing a Required Option",
    (12, 2): "Bad Length",
}
_V6: Final = {
    1: "Destination Unreachable",
    2: "Packet Too Big",
    3: "Time Exceeded",
    4: "Parameter Problem",
    137: "Redirect Message",
}
_V6_CODES: Final = {
    (1, 0): "no route to destination",
    (1, 1): "communication with destination administratively prohibited",
    (1, 2): "beyond scope of source address",
    (1, 3): "address unreachable",
    (1, 4): "port unreachable",
    (1, 5): "source address failed ingress/egress policy",
    (1, 6): "reject route to destination",
    (1, 7): "Error in Source Routing Header",
    (3, 0): "hop limit exceeded in transit",
    (3, 1): "fragment reassembly time exceeded",
    (4, 0): "erroneous header field encountered",
    (4, 1): "unrecognized Next Header type encountered",
    (4, 2): "unrecognized IPv6 option encountered",
}


def icmp_meaning(version: int, kind: int, code: int) -> str:
    """Return IANA's words for a type and its code."""
    types, codes = (_V4, _V4_CODES) if version == 4 else (_V6, _V6_CODES)
    name = types.get(kind, f"Type {kind}")
    detail = codes.get((kind, code), f"code {code}" if code else "")
    return f"{name}: {detail}" if detail else name
