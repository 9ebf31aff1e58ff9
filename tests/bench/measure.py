"""Time commands side by side: wall, processor time and the largest memory of a process tree's members."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Figures(NamedTuple):
    """What one command cost: medians over its runs."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    """Largest resident size of a single process, in megabytes."""


def side_by_side(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Figures]:
    """Run the commands in turns, so that whatever else the machine does meets them all alike."""
    runs: dict[str, list[Figures]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(_run(command))
    return {name: _median(figures) for name, figures in runs.items()}


def _run(command: Sequence[str]) -> Figures:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return Figures(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _median(figures: list[Figures]) -> Figures:
    return Figures(*(statistics.median(column) for column in zip(*figures, strict=True)))
