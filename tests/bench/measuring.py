"""Everyone on one capture, in turns."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from tests.bench.process_tree import cost_of
from tests.bench.results import Case, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.bench.captures import Capture
    from tests.bench.contenders import Contender
    from tests.bench.process_tree import Cost


class How(NamedTuple):
    """How often, and whether slow rivals are spared large captures."""

    rounds: int
    rival_rounds: int
    limited: bool


class _CountError(Exception):
    """A command did not see all packets, or did not say how many."""


def measured(capture: Capture, chosen: Mapping[str, Contender], folder: Path, how: How) -> Case:
    """Run everyone on the capture, round after round; who fails is left out and said."""
    at, load = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), os.getloadavg()[0]
    runs: dict[str, tuple[str, list[Cost]]] = {name: (one.title, []) for name, one in chosen.items()}
    left_out = _too_slow(capture, chosen) if how.limited else {}
    for number in range(how.rounds):
        for name, one in chosen.items():
            if name in left_out or (one.most is not None and number >= how.rival_rounds):
                continue
            try:
                cost = _run(one, capture, folder)
            except (subprocess.CalledProcessError, _CountError) as error:
                left_out[name] = str(error)
                continue
            runs[name][1].append(cost)
            said = f"{cost.wall_s:.2f} s, CPU {cost.cpu_s:.2f} s"
            print(f"{capture.name}, round {number + 1}, {one.title}: {said}", file=sys.stderr, flush=True)
    return Case(
        capture.name,
        capture.kind,
        capture.packets,
        capture.path.stat().st_size,
        at,
        load,
        rows_of(runs, capture.packets),
        {chosen[name].title: why for name, why in left_out.items()},
    )


def _too_slow(capture: Capture, chosen: Mapping[str, Contender]) -> dict[str, str]:
    return {
        name: f"too slow: given up to {one.most:,} packets"
        for name, one in chosen.items()
        if one.most is not None and capture.packets > one.most
    }


def _run(one: Contender, capture: Capture, folder: Path) -> Cost:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        stdout = Path(os.devnull) if one.packets is None else place / "stdout"
        cost = cost_of(one.command(capture.path, place), stdout)
        written = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
        if one.packets is not None:
            _require_all(one.packets, stdout, place, capture.packets)
    return replace(cost, written_bytes=written)


def _require_all(count: Callable[[Path, Path], int], stdout: Path, place: Path, packets: int) -> None:
    try:
        seen = count(stdout, place)
    except (OSError, ValueError, LookupError) as error:
        raise _CountError("it did not say how many packets it read") from error
    if seen != packets:
        raise _CountError(f"it read {seen:,} of {packets:,} packets")
