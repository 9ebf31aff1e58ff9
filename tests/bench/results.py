"""What was measured, as records: written as JSON, read again to go on from."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import msgspec

from tests.bench.contenders import BARE
from tests.bench.process_tree import Cost

if TYPE_CHECKING:
    from collections.abc import Sequence


class Row(msgspec.Struct, frozen=True):
    """One contender on one capture.

    Attributes:
        contender: its short name.
        title: what it is called in the table.
        wall_s: the quickest round and the middle one, in seconds.
        cpu_s: the same of user and system time of the whole process tree.
        peak_mb: the most memory that its processes had together in any round, in megabytes.
        packets_per_s: of the quickest round.
        to_bare: its wall time through bare tshark's, quickest by quickest and median by median; None without.
        cpu_to_bare: the same of processor time.
        rounds: every round.
    """

    contender: str
    title: str
    wall_s: tuple[float, float]
    cpu_s: tuple[float, float]
    peak_mb: float | None
    packets_per_s: float
    to_bare: tuple[float, float] | None
    cpu_to_bare: tuple[float, float] | None
    rounds: tuple[Cost, ...]


class Case(msgspec.Struct, frozen=True):
    """One capture, and everyone who was measured on it, in turns.

    Attributes:
        capture: its name in the table.
        kind: ``sessions``, ``mixed``, ``elephant`` or ``real``.
        packets: how many packets it holds.
        size_bytes: the size of the file.
        at: when it was measured, in UTC.
        load: the machine's load average (1 min) when it began: other work beside the measured.
        rows: the contenders that were measured.
        left_out: contenders that were not, and why.
    """

    capture: str
    kind: str
    packets: int
    size_bytes: int
    at: str
    load: float
    rows: tuple[Row, ...]
    left_out: dict[str, str]

    def row(self, contender: str) -> Row | None:
        """Return a contender's row, if it was measured."""
        return next((row for row in self.rows if row.contender == contender), None)


class Machine(msgspec.Struct, frozen=True):
    """Where it was measured: processor, cores, memory, system, and the versions of the programs."""

    processor: str
    cores: int
    memory_gb: float
    system: str
    versions: dict[str, str]


class Target(msgspec.Struct, frozen=True):
    """What is promised, and whether it was so.

    Attributes:
        promise: in words.
        capture: on which capture it was looked at; None when no measured capture can tell.
        measured: the figure, in words.
        met: None when it was not measured.
    """

    promise: str
    capture: str | None
    measured: str
    met: bool | None


class Results(msgspec.Struct, frozen=True):
    """Everything that ``make bench`` writes."""

    machine: Machine
    cases: tuple[Case, ...]
    targets: tuple[Target, ...] = ()


def rows_of(runs: dict[str, tuple[str, list[Cost]]], packets: int) -> tuple[Row, ...]:
    """Sum up the rounds: contender to title and costs."""
    bare = runs.get(BARE, ("", []))[1]
    return tuple(_row(name, title, costs, bare, packets) for name, (title, costs) in runs.items() if costs)


def _row(name: str, title: str, costs: list[Cost], bare: list[Cost], packets: int) -> Row:
    walls, cpus = [cost.wall_s for cost in costs], [cost.cpu_s for cost in costs]
    peaks = [cost.peak_mb for cost in costs if cost.peak_mb is not None]
    return Row(
        contender=name,
        title=title,
        wall_s=_summary(walls),
        cpu_s=_summary(cpus),
        peak_mb=max(peaks, default=None),
        packets_per_s=packets / min(walls),
        to_bare=_ratio(walls, [cost.wall_s for cost in bare]),
        cpu_to_bare=_ratio(cpus, [cost.cpu_s for cost in bare]),
        rounds=tuple(costs),
    )


def _summary(values: Sequence[float]) -> tuple[float, float]:
    return min(values), median(values)


def _ratio(values: list[float], bare: list[float]) -> tuple[float, float] | None:
    if not bare:
        return None
    return min(values) / min(bare), median(values) / median(bare)
