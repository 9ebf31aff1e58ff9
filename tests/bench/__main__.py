"""``make bench``: our ``analyze`` beside bare tshark and the rivals, on real and generated captures.

Writes a table (Markdown) and the same with every round (JSON), and says which promises are kept.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from compileall import compile_dir
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from tests.bench.captures import Capture, captures_of
from tests.bench.contenders import contenders
from tests.bench.generate import KINDS
from tests.bench.machine import machine
from tests.bench.process_tree import cost_of
from tests.bench.results import Case, Results, rows_of
from tests.bench.table import markdown
from tests.bench.targets import targets

if TYPE_CHECKING:
    from tests.bench.contenders import Contender
    from tests.bench.process_tree import Cost

_PACKAGE: Final = Path(__file__).parents[2] / "pcap_report"
_SIZES: Final = (200, 1_000, 10_000, 100_000, 1_000_000)


def main() -> int:
    """Measure, write, and print the promises; exit 1 with ``--check`` when one is not kept."""
    options = _options()
    compile_dir(str(_PACKAGE), quiet=1)  # as those that are installed are
    everyone = contenders()
    chosen = {name: everyone[name] for name in everyone if not options.only or name in options.only}
    cases = _earlier(options.out) if options.add else {}
    with tempfile.TemporaryDirectory(prefix="pcap-report-bench-") as folder:
        for capture in captures_of(options.kinds, options.sizes, options.captures, Path(folder)):
            case = _measured(capture, chosen, options.rounds, Path(folder), limited=not options.no_limits)
            cases[case.capture] = case
            _write(options.out, cases)
            capture.forget()
    results = _write(options.out, cases)
    print(markdown(results))
    missed = any(target.met is False for target in results.targets)
    return 1 if missed and options.check else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES, metavar="PACKETS")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kinds", nargs="+", choices=[*KINDS, "real"], default=[*KINDS, "real"])
    parser.add_argument("--only", nargs="+", choices=list(contenders()), help="the commands to measure")
    parser.add_argument("--captures", type=Path, nargs="+", default=[], help="real captures to measure on")
    parser.add_argument("--no-limits", action="store_true", help="give slow rivals large captures, too")
    parser.add_argument(
        "--out", "-o", type=Path, default=Path("build/bench"), help="where, without an ending"
    )
    parser.add_argument("--add", action="store_true", help="keep what an earlier run wrote of other captures")
    parser.add_argument("--check", action="store_true", help="exit 1 when a promise is not kept")
    return parser.parse_args()


def _measured(
    capture: Capture, chosen: dict[str, Contender], rounds: int, folder: Path, *, limited: bool
) -> Case:
    at, load = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), os.getloadavg()[0]
    runs: dict[str, tuple[str, list[Cost]]] = {name: (one.title, []) for name, one in chosen.items()}
    left_out: dict[str, str] = {}
    if limited:
        for name, one in chosen.items():
            if one.most is not None and capture.packets > one.most:
                left_out[name] = f"too slow: given up to {one.most:,} packets"
    for number in range(rounds):
        for name, one in chosen.items():
            if name in left_out:
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


class _CountError(Exception):
    """A command did not see all packets."""


def _run(one: Contender, capture: Capture, folder: Path) -> Cost:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        stdout = Path(os.devnull) if one.packets is None else Path(place) / "stdout"
        cost = cost_of(one.command(capture.path, Path(place)), stdout)
        written = sum(path.stat().st_size for path in Path(place).rglob("*") if path.is_file())
        if one.packets is not None:
            seen = one.packets(stdout, Path(place))
            if seen != capture.packets:
                raise _CountError(f"it read {seen:,} of {capture.packets:,} packets")
    return msgspec.structs.replace(cost, written_bytes=written)


def _earlier(out: Path) -> dict[str, Case]:
    path = out.with_suffix(".json")
    if not path.is_file():
        return {}
    results = msgspec.json.decode(path.read_bytes(), type=Results)
    return {case.capture: case for case in results.cases}


def _write(out: Path, cases: dict[str, Case]) -> Results:
    order = sorted(cases.values(), key=lambda case: ([*KINDS, "real"].index(case.kind), case.packets))
    results = Results(machine(), tuple(order), targets(order))
    out.parent.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.format(msgspec.json.encode(results), indent=1)
    out.with_suffix(".json").write_bytes(encoded + b"\n")
    out.with_suffix(".md").write_text(markdown(results), "utf-8")
    return results


if __name__ == "__main__":
    sys.exit(main())
