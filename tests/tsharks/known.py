"""Differences between tsharks that were looked at (``known_differences.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tests.tsharks.comparison import Difference


@dataclass(frozen=True, slots=True)
class KnownDifference:
    """A difference that is explained.

    Attributes:
        releases: with the tsharks of which releases.
        question: folder and name of the capture; ``*`` stands for anything, here and in ``path``.
        path: where in the report, without the names of records: ``connections[].quic.outcome``.
        reason: why they differ, and who is right.
    """

    releases: tuple[str, ...]
    question: str
    path: str
    reason: str

    def explains(self, release: str, difference: Difference) -> bool:
        """Tell whether this is the difference."""
        return (
            release in self.releases
            and fnmatchcase(difference.question, self.question)
            and fnmatchcase(difference.kind, self.path.replace("[", "[[]"))
        )


def read_known(path: Path) -> list[KnownDifference]:
    """Read the file."""
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8")).get("difference", [])
    return [KnownDifference(**{**entry, "releases": tuple(entry["releases"])}) for entry in entries]


def unexplained(
    release: str, found: Iterable[Difference], known: Sequence[KnownDifference]
) -> list[Difference]:
    """Return the differences that no entry explains."""
    return [one for one in found if not any(entry.explains(release, one) for entry in known)]
