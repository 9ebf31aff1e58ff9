"""What a published report must not hold any more, in forms that can be looked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pcap_report.anonymize.kinds import Kind
from pcap_report.anonymize.macs import MAC
from pcap_report.anonymize.names import is_kept_label, parsed_address, unicode_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pcap_report.anonymize.addresses import Address

WORD: Final = re.compile(r"[^\W_]+")
"""Runs of letters and digits: texts are compared by these, whatever stands in between."""
_ADDRESS: Final = re.compile(r"(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f.]*|\d{1,3}(?:\.\d{1,3}){3}")
_HEX: Final = re.compile(r"(?:0x)?((?:[0-9A-Fa-f]{2}[:.-]?){4,})")
_SHORTEST: Final = 4
_SHORTEST_HEX: Final = 8
_LONGEST_TEXT: Final = 24
_NAMES: Final = frozenset((Kind.NAME, Kind.ANSWER))
_LEFT_OUT: Final = "[…]"


@dataclass
class Originals:
    """The values that were replaced.

    Attributes:
        addresses: IP addresses, parsed, with where they were found.
        macs: MAC addresses as 12 digits.
        digits: long hexadecimal strings as digits.
        texts: names and texts as sequences of words in small letters.
        exact: Community IDs, and times without their `Z`.
        ambiguous: originals that are pseudonyms of others too, and so may stand in the output.
    """

    addresses: dict[Address, Kind] = field(default_factory=dict)
    macs: dict[str, Kind] = field(default_factory=dict)
    digits: dict[str, Kind] = field(default_factory=dict)
    texts: dict[tuple[str, ...], Kind] = field(default_factory=dict)
    exact: dict[str, Kind] = field(default_factory=dict)
    ambiguous: int = 0

    @classmethod
    def of(cls, replaced: Mapping[tuple[Kind, str], str]) -> Originals:
        """Sort what was replaced into what it is looked for as."""
        found = cls()
        for (kind, text), pseudonym in replaced.items():
            found._add(kind, text, pseudonym)
        for pseudonym in replaced.values():
            found._allow(pseudonym)
        return found

    def _add(self, kind: Kind, text: str, pseudonym: str) -> None:
        if kind in {Kind.FILTER, Kind.CAPTURE_FILTER, Kind.TIME}:  # its values are known by themselves
            if kind is Kind.TIME:
                self.exact[text.removesuffix("Z")] = kind
            return
        for one in _addresses_in(text):
            self.addresses.setdefault(one, kind)
        for mac in MAC.finditer(text):
            self.macs.setdefault(_digits_of(mac[0]), kind)
        if kind in {Kind.ADDRESS, Kind.MAC}:
            return
        digits = _HEX.fullmatch(text)
        if kind is Kind.HEX and digits and len(_digits_of(digits[1])) >= _SHORTEST_HEX:
            self.digits.setdefault(_digits_of(digits[1]), kind)
        else:
            self._add_text(kind, text, pseudonym)

    def _add_text(self, kind: Kind, text: str, pseudonym: str) -> None:
        kept = set(words_of(pseudonym))
        for words in _forms(kind, text):
            known = kept.issuperset(words) or all(map(is_kept_label, words)) or _is_number(words)
            if len("".join(words)) >= _SHORTEST and not known:
                self.texts.setdefault(words, kind)

    def _allow(self, pseudonym: str) -> None:
        """Let a pseudonym stand that happens to be an original, too: nobody can tell which it is."""
        for one in _addresses_in(pseudonym):
            self.ambiguous += self.addresses.pop(one, None) is not None
        for mac in MAC.finditer(pseudonym):
            self.ambiguous += self.macs.pop(_digits_of(mac[0]), None) is not None

    def add_exact(self, kind: Kind, texts: Iterable[str]) -> None:
        """Add Community IDs of the original addresses: who guesses those can make sure by them."""
        self.exact |= dict.fromkeys(filter(None, texts), kind)

    def replaced_in(self, sentence: str) -> str:
        """Return a sentence of another's analyzer without addresses."""
        for pattern in (MAC, _ADDRESS):
            sentence = pattern.sub(
                lambda found: _LEFT_OUT if self._is_original(found[0]) else found[0], sentence
            )
        return sentence

    def _is_original(self, text: str) -> bool:
        address = parsed_address(text)
        return address in self.addresses if address else _digits_of(text) in self.macs


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return WORD.findall(text.casefold())


def _forms(kind: Kind, text: str) -> Iterator[tuple[str, ...]]:
    """Yield what a text is looked for as: whole, and a name also as every name that it stands below."""
    yield tuple(words_of(text)[:_LONGEST_TEXT])
    if kind not in _NAMES or " " in text or ":" in text:
        return
    labels = text.casefold().rstrip(".").split(".")
    for at in range(len(labels) - 1):
        yield tuple(words_of(".".join(labels[at:]))[:_LONGEST_TEXT])
        yield tuple(words_of(".".join(map(unicode_label, labels[at:])))[:_LONGEST_TEXT])
    for label in labels:
        if not is_kept_label(label):
            yield tuple(words_of(label))


def _is_number(words: tuple[str, ...]) -> bool:
    return all(word.isdecimal() and len(word) < _SHORTEST for word in words)


def _addresses_in(text: str) -> Iterator[Address]:
    for found in _ADDRESS.finditer(text):
        address = parsed_address(found[0])
        if address:
            yield address


def _digits_of(text: str) -> str:
    return text.replace(":", "").replace("-", "").replace(".", "").lower()
