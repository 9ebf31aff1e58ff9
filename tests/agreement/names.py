"""The names that oracles give to versions and record types, in the words of our report."""

from __future__ import annotations

import re
from typing import Final

from pcap_report.analyzers.iana.dns import type_name
from pcap_report.analyzers.iana.tls import cipher_suite_name, version_name

_DRAFT: Final = re.compile(r"(?:draft|d)-?(\d+)", re.IGNORECASE)
_FAMILY: Final = re.compile(r"(D?TLS|SSL)v?\s?(\d)?\.?(\d)?", re.IGNORECASE)


def tls_version(name: str) -> str:
    """Turn ``TLSv12``, ``TLSv1.2``, ``SSLv3``, ``TLSv13-draft19`` … into our words."""
    found = _FAMILY.match(name)
    if not found:
        return name
    family, major, minor = found.group(1).upper(), found.group(2), found.group(3)
    number = f"{family} {major or '1'}.{minor or '0'}"
    draft = _DRAFT.search(name)
    return f"{number} (draft {int(draft.group(1))})" if draft else number


def suite(value: str) -> str:
    """Turn ``0x1301`` into a suite's name."""
    return cipher_suite_name(int(value, 16))


def version(value: str) -> str:
    """Turn ``0x0304`` into a version's name."""
    return version_name(int(value, 16))


def record_type(number: int) -> str:
    """Turn a DNS record type's number into its name."""
    return type_name(number)
