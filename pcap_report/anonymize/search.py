"""Look for originals in a text, however they are spelled."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Final

from pcap_report.anonymize.names import parsed_address
from pcap_report.anonymize.originals import words_of
from pcap_report.anonymize.views import views

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pcap_report.anonymize.addresses import Address
    from pcap_report.anonymize.kinds import Kind
    from pcap_report.anonymize.originals import Originals

_IPV4: Final = re.compile(r"(?<![\w.])\d{1,3}(?:[.-]\d{1,3}){3}(?![\w]|\.\d)")
_IPV6: Final = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|\d{1,3}(?:\.\d{1,3}){3}|)(?![\w:])"
)
_REVERSED6: Final = re.compile(r"(?:[0-9a-f]\.){31}[0-9a-f](?=\.ip6)", re.IGNORECASE)
_HEX: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{2}(?:[:."
    r" -]?[0-9A-Fa-f]{2}){3,}(?![0-9A-Za-z])"
)
_EXACT: Final = re.compile(r"1:[A-Za-z0-9+/]{27}=|\d{4}-\d\d-\d\dT[\d:]{8}(?:\.\d+)?")
_SEPARATORS: Final = re.compile(r"0x|[:. -]", re.IGNORECASE)

Found = dict[tuple[str, ...] | str, "Kind"]


def originals_in(text: str, originals: Originals) -> Found:
    """Return the originals that a text holds, with what they are."""
    found: Found = {}
    lengths: dict[str, set[int]] = {}
    for sequence in originals.texts:
        lengths.setdefault(sequence[0], set()).add(len(sequence))
    secrets = (
        originals.digits | originals.macs | {_packed(one): kind for one, kind in originals.addresses.items()}
    )
    for view in views(text):
        found |= _texts(view, lengths, originals)
        found |= _addresses(view, originals)
        found |= _digits(view, secrets)
        found |= {one: originals.exact[one] for one in _EXACT.findall(view) if one in originals.exact}
    return found


def _texts(view: str, lengths: Mapping[str, Iterable[int]], originals: Originals) -> Found:
    """Find sequences of words; of each first word, it is known how long those are that begin with it."""
    words = words_of(view)
    found: Found = {}
    for at, word in enumerate(words):
        for length in lengths.get(word, ()):
            sequence = tuple(words[at : at + length])
            if sequence in originals.texts:
                found[sequence] = originals.texts[sequence]
    return found


def _addresses(view: str, originals: Originals) -> Found:
    if not originals.addresses:
        return {}
    found = (one for one in _addresses_of(view) if one in originals.addresses)
    return {str(one): originals.addresses[one] for one in found}


def _addresses_of(view: str) -> Iterator[Address]:
    for match in _IPV4.finditer(view):
        parts = match[0].replace("-", ".").split(".")
        for order in (parts, parts[::-1]) if _is_reversed(view, match) else (parts,):
            try:
                yield IPv4Address(".".join(order))
            except ValueError:  # too large, or zeros in front
                continue
    for match in _IPV6.finditer(view):
        address = parsed_address(match[0])
        if address:
            yield address
            if isinstance(address, IPv6Address) and address.ipv4_mapped:
                yield address.ipv4_mapped
    for match in _REVERSED6.finditer(view):
        yield IPv6Address(int(match[0].replace(".", "")[::-1], 16))


def _is_reversed(view: str, match: re.Match[str]) -> bool:
    return view[match.end() : match.end() + 9].lower().startswith((".in-addr", "-in-addr"))


def _digits(view: str, secrets: Mapping[str, Kind]) -> Found:
    """Find hexadecimal spellings: MAC addresses, random bytes, addresses as numbers."""
    found: Found = {}
    for match in _HEX.finditer(view) if secrets else ():
        run = _SEPARATORS.sub("", match[0]).lower()
        found |= {part: secrets[part] for part in _parts(run) if part in secrets}
    return found


def _parts(run: str) -> Iterator[str]:
    """Yield a run of digits, and the pieces of it that addresses would fill."""
    yield run
    for size in (8, 12, 32):
        if size < len(run) <= 256:
            yield from (run[at : at + size] for at in range(0, len(run) - size + 1, 2))


def _packed(address: Address) -> str:
    return address.packed.hex()
