"""Pseudonyms of addresses stay in their class, and keep common prefixes."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pcap_report.anonymize.addresses import _SMALL, Address, AddressPseudonyms, _containing
from pcap_report.engine.addresses import is_private

PSEUDONYMS = AddressPseudonyms(bytes(range(32)))
RANGES = [
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "198.18.0.0/15"),
    *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    *("fc00::/7", "fe80::/64", "fe80::/10", "2001:db8::/32", "2002::/16", "2001::/32", "ff02::1:ff00:0/104"),
    *("ff05::/16", "2000::/3", "::ffff:10.0.0.0/104", "64:ff9b::/96"),
]
KEPT = [
    *("127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.251", "239.255.255.250"),  # noqa: S104
    *("::", "::1", "ff02::1", "ff02::fb", "ff02::16"),
]
FOUR = st.integers(0, 2**32 - 1).map(IPv4Address)
SIX = st.integers(0, 2**128 - 1).map(IPv6Address)


@pytest.mark.parametrize("text", RANGES)
@given(part=st.integers(0, 2**128 - 1))
def test_a_special_range_is_mapped_onto_itself(text: str, part: int) -> None:
    network = ipaddress.ip_network(text)
    address = network[part % network.num_addresses]
    assert PSEUDONYMS.of(address) in network


@pytest.mark.parametrize("text", KEPT)
def test_what_stands_for_nobody_is_kept(text: str) -> None:
    address = ipaddress.ip_address(text)
    assert PSEUDONYMS.of(address) == address


@given(st.one_of(FOUR, SIX))
def test_private_stays_private_and_public_public(address: Address) -> None:
    assert is_private(str(PSEUDONYMS.of(address))) == is_private(str(address))
    assert PSEUDONYMS.of(address).is_multicast == address.is_multicast


@given(st.one_of(st.tuples(FOUR, FOUR), st.tuples(SIX, SIX)))
def test_common_prefixes_stay_as_long_as_they_were(pair: tuple[Address, Address]) -> None:
    found = [PSEUDONYMS.of(one) for one in pair]
    assume(not any(_containing(int(one), one.max_prefixlen) for one in (*pair, *found)))
    assume(all(int(one) >> 32 not in {0xFFFF, 0x64FF9B << 64} for one in pair))
    assert (int(found[0]) ^ int(found[1])).bit_length() == (int(pair[0]) ^ int(pair[1])).bit_length()


@pytest.mark.parametrize("text", ["192.168.7.0/24", "192.0.2.0/24", "203.0.112.0/23"])
def test_no_two_addresses_share_a_pseudonym(text: str) -> None:
    network = ipaddress.ip_network(text)
    assert len({PSEUDONYMS.of(one) for one in network}) == network.num_addresses


def test_an_address_inside_another_is_mapped_alike() -> None:
    inner = PSEUDONYMS.of(IPv4Address("8.8.4.4"))
    mapped = PSEUDONYMS.of(IPv6Address("::ffff:8.8.4.4"))
    assert isinstance(mapped, IPv6Address)
    assert mapped.ipv4_mapped == inner


def test_small_ranges_are_few() -> None:
    share = sum(2.0**-one.length for one in _SMALL[32])
    assert share < 1e-6  # the share of addresses whose common prefixes may be lost


def test_no_address_is_its_own_pseudonym_under_any_key() -> None:
    address = IPv4Address("192.168.133.100")
    for number in range(2_000):
        pseudonyms = AddressPseudonyms(number.to_bytes(32))
        assert pseudonyms.of(address) != address
        assert pseudonyms.of(address + 1) != pseudonyms.of(address)
