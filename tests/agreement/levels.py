"""The level of agreement that was reached, by oracle and field: it must not fall."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.agreement.table import Line

Levels = dict[tuple[str, str], float]
"""Percent of agreement by oracle and field."""

_TOLERANCE = 0.005


def read_levels(path: Path) -> Levels:
    """Read the recorded levels."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:] if line]
    return {(oracle, field): float(percent) for oracle, field, percent, *_ in rows}


def write_levels(path: Path, lines: Iterable[Line]) -> None:
    """Record today's levels."""
    path.write_text("\n".join(("oracle\tfield\tpercent\tcompared", *_rows(lines), "")), "utf-8")


def _rows(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        if line.percent is not None:
            yield f"{line.oracle}\t{line.field}\t{line.percent:.2f}\t{line.compared}"


def falls(lines: Iterable[Line], levels: Levels) -> list[str]:
    """Say which fields agree less than they did."""
    return [
        f"Fallen: {line.oracle}, {line.field}: {line.percent:.2f} % agreed, it was {level:.2f} %"
        for line in lines
        if line.percent is not None
        and (level := levels.get((line.oracle, line.field))) is not None
        and line.percent < level - _TOLERANCE
    ]
