"""What comes out of a check."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Outcome = Literal["passed", "failed", "could_not_tell"]


class Result(Struct, frozen=True):
    """The outcome of one expectation."""

    outcome: Outcome
    name: str
    capture: str
    """The file's path as it was given."""
    line: int
    """Line of the expectation in its file; 1 where it stands in none."""
    expected: str
    found: str
    connection: int | None = None
    frames: tuple[int, ...] = ()
    display_filter: str | None = None
    command: str | None = None
    """What to type to see it."""
    file: str = ""
    """The expectations file, or the capture itself for what the command line asked for."""


class Checked(Struct, frozen=True):
    """The outcomes of a run."""

    outcome: Outcome
    """``failed`` when one failed, else ``could_not_tell`` when of one it cannot be told."""
    passed: int
    failed: int
    could_not_tell: int
    expectations: str
    """Path of the expectations file; "" without one."""
    results: tuple[Result, ...]


def summed(expectations: str, results: list[Result]) -> Checked:
    """Sum up results; no result at all tells nothing."""
    order: tuple[Outcome, ...] = ("failed", "could_not_tell", "passed")
    count = {one: sum(result.outcome == one for result in results) for one in order}
    worst: Outcome = next((one for one in order if count[one]), "could_not_tell")
    return Checked(
        worst, count["passed"], count["failed"], count["could_not_tell"], expectations, tuple(results)
    )
