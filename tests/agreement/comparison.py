"""What a comparison notes: for every value of an oracle, whether our report says the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Verdict = Literal["agreed", "differ", "explained", "not covered"]
"""``not covered``: the oracle says something that our report has no place for."""

_SHOWN: Final = 160
_ITEMS_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """One value of an oracle beside ours.

    Attributes:
        capture: file name of the capture.
        oracle: kind of oracle, with the log where it has several: ``zeek conn.log``.
        field: what was compared.
        where: the connection, frame or question that the value belongs to.
        ours: our value, as text.
        theirs: the oracle's value, as text.
        verdict: how the two compare.
    """

    capture: str
    oracle: str
    field: str
    where: str
    ours: str
    theirs: str
    verdict: Verdict


class Comparison:
    """Collects the outcomes of one oracle for one capture."""

    def __init__(self, capture: str, oracle: str) -> None:
        self.capture = capture
        self.oracle = oracle
        self.outcomes: list[Outcome] = []

    def check(self, field: str, where: str, ours: object, theirs: object) -> None:
        """Compare a value; ``None``, "" and empty lists are all "nothing"."""
        mine, others = text_of(ours), text_of(theirs)
        self._note(field, where, mine, others, "agreed" if mine == others else "differ")

    def lacking(self, field: str, where: str, theirs: object) -> None:
        """Note a value of the oracle that our report has no place for."""
        self._note(field, where, "", text_of(theirs), "not covered")

    def _note(self, field: str, where: str, ours: str, theirs: str, verdict: Verdict) -> None:
        outcome = Outcome(self.capture, self.oracle, field, where, ours, theirs, verdict)
        self.outcomes.append(outcome)


def text_of(value: object) -> str:
    """Write a value so that equal values of different types read the same."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return _joined([text_of(item) for item in items]) or "-"
    if isinstance(value, float):
        return f"{value:.6f}"
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters, hash {_mark(text)})"


def _joined(items: list[str]) -> str:
    if len(items) <= _ITEMS_SHOWN:
        return ",".join(items)
    rest = items[_ITEMS_SHOWN:]
    return f"{','.join(items[:_ITEMS_SHOWN])} and {len(rest)} more ({_mark(','.join(rest))})"


def _mark(text: str) -> str:
    """Tell long texts apart that begin alike."""
    import zlib

    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"


def frames_text(frames: Iterable[int]) -> str:
    """Write frame numbers in ascending order."""
    return ",".join(map(str, sorted(frames)))
