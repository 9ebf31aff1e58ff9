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
_RARE_TYPES: Final = {
    3: "MD",
    4: "MF",
    7: "MB",
    8: "MG",
    9: "MR",
    10: "NULL",
    11: "WKS",
    14: "MINFO",
    18: "AFSDB",
    19: "X25",
    20: "ISDN",
    21: "RT",
    22: "NSAP",
    23: "NSAP-PTR",
    26: "PX",
    27: "GPOS",
    30: "NXT",
    31: "EID",
    34: "ATMA",
    36: "KX",
    38: "A6",
    40: "SINK",
    42: "APL",
    49: "DHCID",
    53: "SMIMEA",
    55: "HIP",
    56: "NINFO",
    57: "RKEY",
    58: "TALINK",
    62: "CSYNC",
    63: "ZONEMD",
    100: "UINFO",
    101: "UID",
    102: "GID",
    103: "UNSPEC",
    104: "NID",
    105: "L32",
    106: "L64",
    107: "LP",
    108: "EUI48",
    109: "EUI64",
    128: "NXNAME",
    253: "MAILB",
    254: "MAILA",
    258: "AVC",
    259: "DOA",
    260: "AMTRELAY",
    261: "RESINFO",
    32768: "TA",
    32769: "DLV",
}
"""Types with a name, of whose values nothing is told."""
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
    return _TYPES.get(number) or _RARE_TYPES.get(number, f"TYPE{number}")


def is_known_type(number: int) -> bool:
    """Tell whether a record of this type is told by its name at least."""
    return number in _TYPES


def rcode_name(number: int) -> str:
    """Return the mnemonic of a response code, or ``RCODE`` and its number."""
    return _RCODES.get(number, f"RCODE{number}")
