"""The letters of Zeek's ``history``: upper case for the client, lower case for the server."""

from __future__ import annotations

from typing import Final

from mypy_extensions import mypyc_attr

_LETTERS_KEPT: Final = 1000
_SCALE: Final = 10


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Letters:
    """The letters so far, and what decides whether one is written again."""

    __slots__ = ("_known", "_last", "_next", "_times", "_written")

    def __init__(self) -> None:
        self._written: list[str] = []
        self._known: set[str] = set()
        self._last: dict[str, int] = {}
        self._times: dict[str, int] = {}
        self._next: dict[str, int] = {}

    def add(self, letter: str) -> None:
        """Write a letter; a stranger's packets cannot make the history grow without end."""
        if len(self._written) < _LETTERS_KEPT:
            self._written.append(letter)

    def knows(self, letter: str) -> bool:
        """Tell whether a letter that is written once stands there."""
        return letter in self._known

    def once(self, letter: str, *, from_client: bool) -> None:
        """Write a letter the first time only."""
        sided = letter.upper() if from_client else letter
        if sided not in self._known:
            self._known.add(sided)
            self.add(sided)

    def numbered(self, letter: str, kind: str, place: int, *, from_client: bool) -> None:
        """Write a letter where the last segment of its kind had another sequence number."""
        key = kind.upper() if from_client else kind
        if self._last.get(key) != place:
            self.add(letter.upper() if from_client else letter)
        self._last[key] = place

    def scaled(self, letter: str, *, from_client: bool) -> None:
        """Write a letter the 1st, the 10th, the 100th time and so on."""
        sided = letter.upper() if from_client else letter
        times = self._times[sided] = self._times.get(sided, 0) + 1
        following = self._next.get(sided, 1)
        if times == following:
            self._next[sided] = following * _SCALE
            self.add(sided)

    @property
    def text(self) -> str:
        """All letters."""
        return "".join(self._written)
