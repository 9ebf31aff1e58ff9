"""Pseudonyms of IP addresses that stay in the class of their original: what is private stays private.

Crypto-PAn alone would make a public address out of a private one. Here a bit is left as it is where a
special range begins with the bits before it, so every such range is mapped onto itself and common prefixes
stay common exactly. The price: a public address near a special range keeps the bits that it shares with
it, and one more. Ranges that are too small to be worth that price are looked at one by one.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address
from typing import Final, NamedTuple

from pcap_report.anonymize.crypto_pan import CryptoPan

Address = IPv4Address | IPv6Address


class _Range(NamedTuple):
    """A special range: how many leading bits it has, and how many of an address in it stay."""

    first: int
    length: int
    kept: int


def _range(network: str, kept: int | None = None) -> _Range:
    """Describe a range in which `kept` bits stay, those of the range itself by default."""
    parsed = ipaddress.ip_network(network)
    return _Range(int(parsed.network_address), parsed.prefixlen, kept or parsed.prefixlen)


_LARGE: Final = {
    32: (
        _range("0.0.0.0/8", 32),
        _range("10.0.0.0/8"),
        _range("100.64.0.0/10"),
        _range("127.0.0.0/8", 32),
        _range("169.254.0.0/16"),
        _range("172.16.0.0/12"),
        _range("192.168.0.0/16"),
        _range("198.18.0.0/15"),
        _range("224.0.0.0/4"),
        _range("224.0.0.0/23", 32),
        _range("239.255.255.250/32"),
        _range("240.0.0.0/4"),
        _range("255.255.255.255/32"),
    ),
    128: (
        _range("::/8"),
        _range("::/127", 128),
        _range("2000::/3"),
        _range("fc00::/7"),
        _range("fe80::/10"),
        _range("fe80::/64"),
        _range("ff00::/8", 16),
        *(_range(f"ff0{scope}::/112", 128) for scope in "1258e"),
        _range("ff02::1:ff00:0/104"),
    ),
}
"""The ranges for which other addresses make room; what stands for no machine is kept whole."""
_SMALL: Final = {
    32: (
        _range("192.0.0.0/24"),
        _range("192.0.2.0/24"),
        _range("192.88.99.0/24"),
        _range("198.51.100.0/24"),
        _range("203.0.113.0/24"),
    ),
    128: (_range("2001::/32"), _range("2001:db8::/32"), _range("2002::/16")),
}
"""An address from outside falls among these about once in a million; it is then mapped once more."""
_CARRIERS: Final = (
    int(IPv6Address("::ffff:0:0")) >> 32,
    int(IPv6Address("64:ff9b::")) >> 32,
)
"""IPv6 prefixes with an IPv4 address behind them (RFC 4291, 2.5.5.2; RFC 6052)."""


class AddressPseudonyms:
    """Gives every address its pseudonym under one key."""

    def __init__(self, key: bytes) -> None:
        """Take a key of Crypto-PAn."""
        self._cipher = CryptoPan(key)
        self._known: dict[Address, Address] = {}

    def of(self, address: Address) -> Address:
        """Return an address's pseudonym."""
        found = self._known.get(address)
        if found is None:
            found = self._known[address] = self._new(address)
        return found

    def _new(self, address: Address) -> Address:
        if isinstance(address, IPv4Address):
            return IPv4Address(self._mapped(int(address), 32))
        bits = int(address)
        if bits >> 32 in _CARRIERS:
            return IPv6Address(bits >> 32 << 32 | self._mapped(bits & 0xFFFF_FFFF, 32))
        return IPv6Address(self._mapped(bits, 128))

    def _mapped(self, bits: int, width: int) -> int:
        steady = max(_steady(bits, width, one) for one in _LARGE[width])
        small = _containing(bits, width)
        if small:
            return self._flipped(bits, width, max(steady, small.kept))
        found = self._flipped(bits, width, steady)
        while _containing(found, width):
            found = self._flipped(found, width, steady)
        return found

    def _flipped(self, bits: int, width: int, steady: int) -> int:
        """Flip bits, the last one where no other is: Crypto-PAn alone leaves 1 of 150 in a /16 as it was.

        Whether the last bit flips still depends on those before it only, so prefixes stay common.
        """
        free = (1 << (width - steady)) - 1
        return bits ^ (self._cipher.flips(bits, width) & free or free & 1)


def _steady(bits: int, width: int, special: _Range) -> int:
    """Tell how many leading bits must stay so that the range is mapped onto itself."""
    common = width - (bits ^ special.first).bit_length()
    return special.kept if common >= special.length else common + 1


def _containing(bits: int, width: int) -> _Range | None:
    for one in _SMALL[width]:
        if width - (bits ^ one.first).bit_length() >= one.length:
            return one
    return None
