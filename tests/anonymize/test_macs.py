"""Pseudonyms of MAC addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcap_report.anonymize.addresses import AddressPseudonyms
from pcap_report.anonymize.macs import MacPseudonyms

MACS = MacPseudonyms(b"key", AddressPseudonyms(bytes(32)))


@given(st.binary(min_size=6, max_size=6))
def test_the_two_bits_of_meaning_stay(octets: bytes) -> None:
    assert bytes.fromhex(MACS.of(octets.hex(":")).replace(":", ""))[0] & 3 == octets[0] & 3


def test_one_maker_is_one_maker_still() -> None:
    one, other = MACS.of("00:0c:29:00:00:01"), MACS.of("00:0c:29:00:00:02")
    assert one[:8] == other[:8] != "00:0c:29"
    assert one != other


@pytest.mark.parametrize(
    "mac",
    ["ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "01:80:c2:00:00:00", "33:33:00:00:00:fb", "01:00:5e:00:00:fb"],
)
def test_functions_of_protocols_are_kept(mac: str) -> None:
    assert MACS.of(mac) == mac


def test_the_address_in_a_group_is_not() -> None:
    assert MACS.of("33:33:ff:12:34:56").startswith("33:33:ff:")
    assert MACS.of("33:33:ff:12:34:56") != "33:33:ff:12:34:56"


def test_separators_and_capitals_make_no_difference() -> None:
    assert MACS.of("AA-BB-CC-00-00-01").replace("-", ":") == MACS.of("aa:bb:cc:00:00:01")
