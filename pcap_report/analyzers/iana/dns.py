"""IANA's names for numbers in DNS: record types and response codes (RFC 1035, RFC 6895)."""

from __future__ import annotations

from typing import Final

_TYPES: Final = {
    1: "A",
    2: "NS",
    5: "CNAME",
    6: "SOA",
    12: "PTR",
    13: "HINFO",
    15: "MX",
    16: "TXT",
    17: "RP",
    24: "SIG",
    25: "KEY",
    28: "AAAA",
    29: "LOC",
    32: "NB",
    33: "SRV",
    35: "NAPTR",
    37: "CERT",
    39: "DNAME",
    41: "OPT",
    43: "DS",
    44: "SSHFP",
    45: "IPSECKEY",
    46: "RRSIG",
    47: "NSEC",
    48: "DNSKEY",
    50: "NSEC3",
    51: "NSEC3PARAM",
    52: "TLSA",
    59: "CDS",
    60: "CDNSKEY",
    61: "OPENPGPKEY",
    64: "SVCB",
    65: "HTTPS",
    99: "SPF",
    249: "TKEY",
    250: "TSIG",
    251: "IXFR",
    252: "AXFR",
    255: "ANY",
    256: "URI",
    257: "CAA",
}
_RCODES: Final = {
    0: "NOERROR",
    1: "FORMERR",
    2: "SERVFAIL",
    3: "NXDOMAIN",
    4: "NOTIMP",
    5: "REFUSED",
    6: "YXDOMAIN",
    7: "YXRRSET",
    8: "NXRRSET",
    9: "NOTAUTH",
    10: "NOTZONE",
    16: "BADVERS",
    17: "BADKEY",
    18: "BADTIME",
    22: "BADTRUNC",
    23: "BADCOOKIE",
}


def type_name(number: int) -> str:
    """Return the mnemonic of a record type, or ``TYPE`` and its number (RFC 3597)."""
    return _TYPES.get(number, f"TYPE{number}")


def is_known_type(number: int) -> bool:
    """Tell whether a record type has a name here."""
    return number in _TYPES


def rcode_name(number: int) -> str:
    """Return the mnemonic of a response code, or ``RCODE`` and its number."""
    return _RCODES.get(number, f"RCODE{number}")
