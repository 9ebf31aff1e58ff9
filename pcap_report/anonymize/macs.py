"""Pseudonyms of MAC addresses: the U/L and group bits stay, makers' prefixes are replaced alike."""

from __future__ import annotations

import hashlib
import hmac
import re
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pcap_report.anonymize.addresses import AddressPseudonyms

MAC: Final = re.compile(r"[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}")
_BITS_OF_MEANING: Final = 0b11
_NOBODYS: Final = re.compile(
    "|".join(
        (
            "f{12}",
            "0{12}",
            "0180c2.{6}",  # IEEE 802.1Q: bridges, pause frames, LLDP
            "01000ccccc..",  # Cisco's discovery and spanning tree
            "01005e0000..",  # the multicast groups of the link (RFC 1112, 6.4; RFC 5771, 4)
            "01005e7ffffa",  # SSDP's
            "333300.{6}",  # small numbers of IPv6 groups (RFC 2464, 7)
            "00005e000[12]..",  # VRRP (RFC 9568, 7.3)
        )
    )
)
"""They stand for a function of a protocol and not for a machine."""


class MacPseudonyms:
    """Gives every MAC address its pseudonym under one key."""

    def __init__(self, key: bytes, addresses: AddressPseudonyms) -> None:
        """Take a key, and the pseudonyms of addresses: some MAC addresses are made from those."""
        self._key = key
        self._addresses = addresses

    def of(self, mac: str) -> str:
        """Return the pseudonym of a MAC address, with the separators that it is written with."""
        separator = mac[2]
        octets = self._octets(mac.lower().replace(separator, ""))
        return octets.hex(separator)

    def _octets(self, digits: str) -> bytes:
        if _NOBODYS.fullmatch(digits):
            return bytes.fromhex(digits)
        if digits.startswith("3333ff"):  # of a solicited-node group (RFC 4291, 2.7.1)
            group = IPv6Address(int(IPv6Address("ff02::1:ff00:0")) | int(digits[6:], 16))
            return bytes.fromhex("3333ff") + self._addresses.of(group).packed[-3:]
        original = bytes.fromhex(digits)
        maker = bytearray(self._digest(original[:3]))
        if original[:3] in {b"\x33\x33\x00", b"\x01\x00\x5e"}:
            maker[:] = original[:3]
        maker[0] = maker[0] & ~_BITS_OF_MEANING | original[0] & _BITS_OF_MEANING
        return bytes(maker) + self._digest(original)

    def _digest(self, octets: bytes) -> bytes:
        return hmac.digest(self._key, octets, hashlib.sha256)[:3]
