"""The table of agreement, and the differences by name."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.agreement.comparison import Outcome, Verdict

_HEADER: Final = ("oracle", "field", "compared", "agreed", "differ", "explained", "%", "not covered")


@dataclass(frozen=True, slots=True)
class Line:
    """How one field of one oracle fared."""

    oracle: str
    field: str
    agreed: int
    differ: int
    explained: int
    not_covered: int

    @property
    def compared(self) -> int:
        """Values that stand on both sides, explained differences included."""
        return self.agreed + self.differ + self.explained

    @property
    def percent(self) -> float | None:
        """Share of agreement; explained differences do not count against us."""
        return 100 * (self.agreed + self.explained) / self.compared if self.compared else None


def lines_of(outcomes: Iterable[Outcome]) -> list[Line]:
    """Count the outcomes by oracle and field."""
    counts: dict[tuple[str, str], Counter[Verdict]] = defaultdict(Counter)
    for outcome in outcomes:
        counts[outcome.oracle, outcome.field][outcome.verdict] += 1
    return [
        Line(oracle, field, count["agreed"], count["differ"], count["explained"], count["not covered"])
        for (oracle, field), count in sorted(counts.items())
    ]


def total_of(lines: Iterable[Line]) -> Line:
    """Add all lines up."""
    every = list(lines)
    return Line(
        "all",
        "",
        sum(line.agreed for line in every),
        sum(line.differ for line in every),
        sum(line.explained for line in every),
        sum(line.not_covered for line in every),
    )


def written_table(lines: list[Line]) -> Iterator[str]:
    """Write the table, its last line the sum."""
    rows = [_HEADER, *(_cells(line) for line in (*lines, total_of(lines)))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    for row in rows:
        left = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
        right = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        yield "  ".join((*left, *right)).rstrip()


def _cells(line: Line) -> tuple[str, ...]:
    percent = "" if line.percent is None else f"{line.percent:.2f}"
    numbers = (line.compared, line.agreed, line.differ, line.explained)
    compared = [str(number) if line.compared else "" for number in numbers]
    return (line.oracle, line.field, *compared, percent, str(line.not_covered or ""))


def written_differences(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Name each difference that nothing explains."""
    for one in outcomes:
        if one.verdict == "differ":
            yield f"{one.capture}  {one.oracle}  {one.field}  {one.where}"
            yield f"    ours:   {one.ours}"
            yield f"    theirs: {one.theirs}"
