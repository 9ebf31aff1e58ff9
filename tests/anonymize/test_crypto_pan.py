"""Crypto-PAn against the vectors of its authors, and what its name promises."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcap_report.anonymize.crypto_pan import CryptoPan

KEY = bytes.fromhex("1522178d33a4cf80130a5b1649907d10d8988f8379796527 62574c2d2a842202".replace(" ", ""))
CIPHER = CryptoPan(KEY)


@pytest.mark.parametrize(
    ("address", "pseudonym"),
    [
        ("128.11.68.132", "135.242.180.132"),
        ("129.118.74.4", "134.136.186.123"),
        ("130.132.252.244", "133.68.164.234"),
        ("141.223.7.43", "141.167.8.160"),
    ],
)
def test_the_authors_sample_trace(address: str, pseudonym: str) -> None:
    assert IPv4Address(CIPHER.pseudonym(int(IPv4Address(address)), 32)) == IPv4Address(pseudonym)


@pytest.mark.parametrize(
    ("address", "pseudonym"),
    [
        ("::1", "78ff:f001:9fc0:20df:8380:b1f1:704:ed"),
        ("::2", "78ff:f001:9fc0:20df:8380:b1f1:704:ef"),
        ("2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"),
    ],
)
def test_ipv6_as_other_implementations_have_it(address: str, pseudonym: str) -> None:
    assert IPv6Address(CIPHER.pseudonym(int(IPv6Address(address)), 128)) == IPv6Address(pseudonym)


def common(one: int, other: int, width: int) -> int:
    return width - (one ^ other).bit_length()


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_common_prefixes_stay_as_long_as_they_were(one: int, other: int) -> None:
    first, second = (CIPHER.pseudonym(address, 32) for address in (one, other))
    assert common(first, second, 32) == common(one, other, 32)


def test_a_key_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        CryptoPan(b"short")
