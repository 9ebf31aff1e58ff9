"""Make values out of the bytes that a fuzzer supplies: the same ones for the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_Item = TypeVar("_Item")


class Supply:
    """Bytes that are used up from the front; behind their end there are zeros."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, size: int) -> bytes:
        """Return the next bytes; fewer at the end."""
        found = self._data[self._at : self._at + size]
        self._at += size
        return found

    def number(self, size: int = 1) -> int:
        """Return a number of that many bytes."""
        return int.from_bytes(self.take(size).ljust(size, b"\0"), "big")

    def choice(self, items: Sequence[_Item]) -> _Item:
        """Choose one."""
        return items[self.number(1 if len(items) <= 256 else 2) % len(items)]

    def chunks(self) -> Iterator[tuple[int, bytes]]:
        """Cut the rest into pieces, each with a byte of its own for what is to become of it."""
        while self:
            kind = self.number()
            yield kind, self.take(self.number(2) % 2000 if kind & 0x80 else self.number())
