"""Words that can be pronounced and mean nothing: pseudonyms of labels, users and other texts."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

_CONSONANTS: Final = "bdfgklmnprstvz"
_VOWELS: Final = "aeiou"
_SYLLABLES: Final = tuple(first + second for first in _CONSONANTS for second in _VOWELS)
_LENGTH: Final = 4
_LONGEST: Final = 20


class Words:
    """Gives every text its word under one key; two texts never share one."""

    def __init__(self, key: bytes) -> None:
        """Take a key."""
        self._key = key
        self._owners: dict[str, str] = {}

    def of(self, text: str) -> str:
        """Return a text's word."""
        syllables = self._syllables(text)
        for length in range(_LENGTH, _LONGEST):
            word = "".join(syllables[:length])
            if self._owners.setdefault(word, text) == text:
                return word
        return "".join(syllables)

    def _syllables(self, text: str) -> list[str]:
        digest = hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha512)
        pairs = (int.from_bytes(digest[at : at + 2]) for at in range(0, 2 * _LONGEST, 2))
        return [_SYLLABLES[pair % len(_SYLLABLES)] for pair in pairs]

    def digits(self, text: str, size: int) -> str:
        """Return hexadecimal digits for a text."""
        found = b""
        while len(found) * 2 < size:
            found += hmac.digest(
                self._key, f"{len(found)} {text}".encode("utf-8", "surrogatepass"), hashlib.sha512
            )
        return found.hex()[:size]
