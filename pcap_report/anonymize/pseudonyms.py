"""From what a string is to what stands in its place; whatever was replaced is remembered."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from pcap_report.anonymize import urls
from pcap_report.anonymize.addresses import AddressPseudonyms
from pcap_report.anonymize.filters import rewritten
from pcap_report.anonymize.kinds import Kind
from pcap_report.anonymize.macs import MAC, MacPseudonyms
from pcap_report.anonymize.names import NamePseudonyms
from pcap_report.anonymize.usual import USUAL
from pcap_report.anonymize.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pcap_report.anonymize.key import Key

_HEX: Final = re.compile(r"(0x)?[0-9A-Fa-f]+(?:[:.-]?[0-9A-Fa-f]+)*")
_DIGITS: Final = re.compile(r"[0-9A-Fa-f]+")
_ENDING: Final = re.compile(r"(?:\.(?:pcapng|pcap|cap|dmp|ntar|snoop|gz|zst|lz4))+", re.IGNORECASE)
_ERROR: Final = re.compile(r"[A-Z][A-Za-z]{2,40}(?:Error|Exception|Exit|Interrupt|Iteration)(?=:|$)")
_NO_DATE: Final = re.compile(r"(?:9999|0000|0001)-")
_RECORD: Final = re.compile(r"[A-Z0-9-]{1,12}")
_NOT_ASKED_FOR: Final = "not asked for"
_FUNCTIONS: Final = frozenset(("broadcast", "VRRP", "HSRP"))
_MOST_DAYS: Final = 3_650


class Pseudonyms:
    """Gives every string of a report what shall stand in its place under one key.

    Attributes:
        originals: what was replaced: kind and text, with the pseudonym.
    """

    def __init__(self, key: Key) -> None:
        """Take the key of the run."""
        self.originals: dict[tuple[Kind, str], str] = {}
        self._words = Words(key.derived("words"))
        addresses = AddressPseudonyms(key.derived("addresses"))
        self._names = NamePseudonyms(self._words, addresses)
        self._macs = MacPseudonyms(key.derived("macs"), addresses)
        seconds = int.from_bytes(key.derived("dates", 8)) % (_MOST_DAYS * 86_400)
        self._moved = timedelta(seconds=seconds + 86_400)
        self._by_text: dict[str, str] = {}
        self._ways: Mapping[Kind, Callable[[str], str]] = {
            Kind.OURS: str,
            Kind.SAID: lambda _: "",
            Kind.COMMUNITY: lambda _: "",
            Kind.ADDRESS: self._names.of,
            Kind.MAC: self._mac,
            Kind.VENDOR: lambda text: text if text in _FUNCTIONS else "",
            Kind.NAME: self._names.of,
            Kind.ANSWER: self._answer,
            Kind.URL: lambda text: urls.rewritten(text, self.of, self._words),
            Kind.SUBJECT: lambda text: urls.rewritten_subject(text, self.of, self._words),
            Kind.USER: self._user,
            Kind.FILE: self._file,
            Kind.HEX: self._hex,
            Kind.TIME: self._time,
            Kind.FILTER: lambda text: rewritten(text, self.of),
            Kind.CAPTURE_FILTER: lambda text: rewritten(text, self.of, has_fields=False),
            Kind.FAILURE: self._failure,
            Kind.LEARNED: self._learned,
            Kind.TEXT: length_of,
            Kind.INTERFACE: lambda text: self._usual(Kind.INTERFACE, text) or self._words.of(text),
            Kind.MASK: lambda text: self._usual(Kind.MASK, text) or self._names.of(text),
        }

    def of(self, kind: Kind, text: str) -> str:
        """Return what stands for a string; an empty one is empty in the publication too."""
        if not text:
            return text
        way = self._ways.get(kind)
        found = way(text) if way else self._usual(kind, text) or length_of(text)
        if kind not in {Kind.OURS, Kind.LEARNED, Kind.SAID}:
            self._by_text.setdefault(text, found)
            if found != text:
                self.originals[kind, text] = found
        return found

    @staticmethod
    def _usual(kind: Kind, text: str) -> str:
        return text if USUAL[kind].fullmatch(text) else ""

    def _mac(self, text: str) -> str:
        return self._macs.of(text) if MAC.fullmatch(text) else self._hex(text)

    def _answer(self, text: str) -> str:
        kind, space, rest = text.partition(" ")
        if not space:
            return self._names.of(text)
        return f"{kind} {length_of(rest)}" if _RECORD.fullmatch(kind) else length_of(text)

    def _user(self, text: str) -> str:
        user, at, domain = text.rpartition("@")
        return f"{self._words.of(user)}@{self._names.of(domain)}" if at else self._words.of(text)

    @staticmethod
    def _file(text: str) -> str:
        found = list(_ENDING.finditer(text))
        return "capture" + (found[-1][0].lower() if found and found[-1].end() == len(text) else "")

    def _hex(self, text: str) -> str:
        if not _HEX.fullmatch(text):
            return length_of(text)
        prefix = "0x" if text.startswith("0x") else ""
        digits = "".join(_DIGITS.findall(text[len(prefix) :])).lower()
        fresh = iter(self._words.digits(digits, len(digits)))
        return prefix + _DIGITS.sub(lambda run: "".join(next(fresh) for _ in run[0]), text[len(prefix) :])

    def _time(self, text: str) -> str:
        if _NO_DATE.match(text):
            return text
        whole, dot, fraction = text.removesuffix("Z").partition(".")
        try:
            moved = datetime.fromisoformat(whole + "+00:00") - self._moved
        except (ValueError, OverflowError):
            return length_of(text)
        return f"{moved:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + dot + fraction + "Z"

    @staticmethod
    def _failure(text: str) -> str:
        if text == _NOT_ASKED_FOR:
            return text
        name = _ERROR.match(text)
        return f"{name[0]}: {length_of(text[name.end() :])}" if name else length_of(text)

    def _learned(self, text: str) -> str:
        if text in self._by_text:
            return self._by_text[text]
        if re.fullmatch(r"[\d .,:=×–-]{1,9}", text):
            return text
        self.originals[Kind.TEXT, text] = found = length_of(text)
        return found


def length_of(text: str) -> str:
    """Say how long a text was that is left out."""
    return f"[{len(text)} characters]"
