"""Pseudonyms of names: label by label, so that a name below another stays below it.

The number of labels stays, and the last one where it is a top-level domain or a word for local names that
says nothing about its owner.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pcap_report.anonymize.addresses import Address, AddressPseudonyms
    from pcap_report.anonymize.words import Words

_TOP_LEVEL_TEXT: Final = (
    "aero app arpa biz cat cloud com coop dev edu example gov home info int internal invalid jobs lan"
    " local localdomain localhost mil mobi museum name net online onion org page post pro run site"
    " store tech tel test"
    " travel xyz"
)
_TOP_LEVEL: Final = frozenset(_TOP_LEVEL_TEXT.split())
_COUNTRY: Final = re.compile(r"[a-z]{2}")
_SERVICE_TEXT: Final = (
    "* _tcp _udp _http _https _dns-sd _services _sub _ldap _kerberos _gc _msdcs _sites _ipp _ipps _printer"
    " _airplay _raop _googlecast _smb _ssh _workstation _domainkey _dmarc _mta-sts _acme-challenge _sip"
    " _sips"
    " _xmpp-client _xmpp-server _dns _companion-link _device-info _spotify-connect _hap _homekit wpad"
    " isatap"
    " www"
)
_SERVICE: Final = frozenset(_SERVICE_TEXT.split())
"""Labels that name a service, or nothing."""
_HOST_AND_PORT: Final = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(:\d{1,5})", re.DOTALL)
_REVERSED4: Final = re.compile(r"((?:\d{1,3}\.){4})in-addr\.arpa(\.?)", re.IGNORECASE)
_REVERSED6: Final = re.compile(r"((?:[0-9a-f]\.){32})ip6\.arpa(\.?)", re.IGNORECASE)
_MOST_LABELS: Final = 130


class NamePseudonyms:
    """Gives every name its pseudonym under one key."""

    def __init__(self, words: Words, addresses: AddressPseudonyms) -> None:
        """Take the words for labels, and the pseudonyms of addresses that stand for names."""
        self._words = words
        self._addresses = addresses

    def of(self, name: str) -> str:
        """Return the pseudonym of a name, an address, or either with a port behind it."""
        whole = self.of_address(name) or self._of_reversed(name)
        if whole is not None:
            return whole
        parts = _HOST_AND_PORT.fullmatch(name)
        if parts:
            return self.of(parts[1]) + parts[2]
        if name[:1] == "[" and name[-1:] == "]":
            return f"[{self.of_address(name[1:-1]) or self._words.of(name)}]"
        return self._of_labels(name)

    def of_address(self, text: str) -> str | None:
        """Return the pseudonym of an address or a prefix; None for what is neither."""
        address, slash, length = text.partition("/")
        address, percent, zone = address.partition("%")
        parsed = parsed_address(address)
        if parsed is None or (slash and not length.isdecimal()):
            return None
        found = self._addresses.of(parsed)
        if slash:
            found = _cut(found, int(length))
        return f"{found}{percent}{self._words.of(zone) if zone else ''}{slash}{length}"

    def _of_reversed(self, name: str) -> str | None:
        """Map the name under which an address is looked up (RFC 1035, 3.5; RFC 3596, 2.5)."""
        four, six = _REVERSED4.fullmatch(name), _REVERSED6.fullmatch(name)
        with contextlib.suppress(ValueError):
            if four:
                address: Address = IPv4Address(".".join(reversed(four[1].rstrip(".").split("."))))
                return self._addresses.of(address).reverse_pointer + four[2]
            if six:
                address = IPv6Address(int(six[1].replace(".", "")[::-1], 16))
                return self._addresses.of(address).reverse_pointer + six[2]
        return None

    def _of_labels(self, name: str) -> str:
        dot = "." if name.endswith(".") else ""
        labels = [unicode_label(label) for label in name.removesuffix(".").split(".", _MOST_LABELS)]
        found = [self._label(labels, at) for at in range(len(labels))]
        return ".".join(found) + dot

    def _label(self, labels: list[str], at: int) -> str:
        label = labels[at]
        last = at == len(labels) - 1
        if not label or (label in _SERVICE and not last) or (last and is_top_level(label, len(labels))):
            return label
        return self._words.of(".".join(labels[at:]))


def is_top_level(label: str, count: int = 2) -> bool:
    """Tell whether a name's last label says nothing about its owner."""
    return label in _TOP_LEVEL or (count > 1 and _COUNTRY.fullmatch(label) is not None)


def is_kept_label(label: str) -> bool:
    """Tell whether a label may stand in a pseudonym as it is."""
    return label in _SERVICE or is_top_level(label)


def unicode_label(label: str) -> str:
    """Write a label in one way, however it was written: small letters, no Punycode (RFC 3492)."""
    label = label.casefold()
    if label.startswith("xn--"):
        with contextlib.suppress(UnicodeError):
            return label[4:].encode("ascii").decode("punycode").casefold()
    return label


def parsed_address(text: str) -> Address | None:
    """Return the address that a text is, or None."""
    if not text or len(text) > 45 or text[0] not in "0123456789abcdefABCDEF:":
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _cut(address: Address, length: int) -> Address:
    """Clear the bits behind a prefix."""
    unused = max(0, address.max_prefixlen - length)
    return type(address)(int(address) >> unused << unused)
