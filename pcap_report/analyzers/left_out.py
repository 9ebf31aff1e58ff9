"""How many different things a list of fixed length leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Hashable

_TOLD_APART: Final = 100_000


class LeftOut:
    """Counts what is not listed, each thing once, however many packets speak of it.

    What comes after very many of them counts each time: a capture may hold more than is worth remembering.
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def count(self, key: Hashable) -> int:
        """Return 1 for something that was not counted yet, and 0 for the same again."""
        number = hash(key)
        if number in self._seen:
            return 0
        if len(self._seen) < _TOLD_APART:
            self._seen.add(number)
        return 1
