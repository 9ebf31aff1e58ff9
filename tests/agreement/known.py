"""Differences that are the oracle's, or a matter of definition (``known_differences.toml``)."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tests.agreement.comparison import Outcome

_ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class KnownDifference:
    """An explained difference.

    Attributes:
        capture: file name of the capture; ``*`` in it stands for anything, as in all fields up to ``theirs``.
        oracle: as in the table.
        field: as in the table.
        where: the connection, frame or question.
        ours: what we say.
        theirs: what the oracle says.
        reason: why they differ, and who is right.
        proof: a display filter that shows the frames.
    """

    capture: str
    oracle: str
    field: str
    ours: str
    theirs: str
    reason: str
    proof: str
    where: str = _ANY

    def explains(self, outcome: Outcome) -> bool:
        """Tell whether this is the difference."""
        return all(
            fnmatchcase(getattr(outcome, name), _literal(getattr(self, name)))
            for name in ("capture", "oracle", "field", "where", "ours", "theirs")
        )


def _literal(pattern: str) -> str:
    """Only ``*`` is special: brackets stand in addresses, question marks in URIs."""
    return pattern.replace("[", "[[]").replace("?", "[?]")


def read_known(path: Path) -> list[KnownDifference]:
    """Read the file."""
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8")).get("difference", [])
    return [KnownDifference(**entry) for entry in entries]


def explain(
    outcomes: Iterable[Outcome], known: Sequence[KnownDifference]
) -> tuple[list[Outcome], list[KnownDifference]]:
    """Mark what is explained; return also the entries that explain nothing any more.

    An entry for a capture that was not looked at is not stale.
    """
    used: Counter[int] = Counter()
    found: list[Outcome] = []
    captures: set[str] = set()
    for outcome in outcomes:
        captures.add(outcome.capture)
        place = next(
            (at for at, one in enumerate(known) if outcome.verdict == "differ" and one.explains(outcome)),
            None,
        )
        if place is None:
            found.append(outcome)
        else:
            used[place] += 1
            found.append(replace(outcome, verdict="explained"))
    stale = [one for at, one in enumerate(known) if not used[at] and _looked_at(one, captures)]
    return found, stale


def _looked_at(one: KnownDifference, captures: set[str]) -> bool:
    return any(fnmatchcase(name, _literal(one.capture)) for name in captures)
