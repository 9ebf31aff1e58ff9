"""``make bench``: our ``analyze`` beside the bare ``tshark -T fields`` call with the same fields."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from pcap_report.analyzers.registry import BUILT_IN
from pcap_report.capture.columns import columns_for
from pcap_report.capture.reader import fields_arguments
from pcap_report.capture.tshark import find_tshark
from pcap_report.engine.analysis import declared_fields
from tests.bench.generate import generate
from tests.bench.measure import Figures, side_by_side

SIZES = (200, 10_000, 100_000)
LIMIT_RATIO = 1.15
LIMIT_SMALL_S = 1.0


def main() -> int:
    """Print the table; exit 1 with ``--check`` when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--check", action="store_true", help="fail when a target is missed")
    options = parser.parse_args()
    print("| packets | command | wall s | cpu s | peak MB | packets/s | wall ratio |")
    print("|---:|---|---:|---:|---:|---:|---:|")
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="pcap-report-bench-") as folder:
        for size in options.sizes:
            capture = generate(Path(folder) / f"{size}.pcap", size)
            missed += _row_pair(capture, size, options.rounds)
    for line in missed:
        print(f"missed: {line}", file=sys.stderr)
    return 1 if missed and options.check else 0


def _row_pair(capture: Path, size: int, rounds: int) -> list[str]:
    tshark = find_tshark()
    columns = columns_for(tshark, declared_fields(BUILT_IN))
    ours = [
        sys.executable,
        "-m",
        "pcap_report",
        "analyze",
        str(capture),
        "-f",
        "json",
        "-o",
        str(capture) + ".json",
    ]
    commands = {
        "tshark -T fields, same fields": [tshark.path, *fields_arguments(capture, columns)],
        "the bulk pass alone": [sys.executable, "-m", "tests.bench.bulk", str(capture)],
        "pcap-report analyze -f json": ours,
    }
    figures = side_by_side(commands, rounds)
    bare, bulk, analyze = figures.values()
    for name, figure in figures.items():
        _print_row(size, name, figure, figure.wall_s / bare.wall_s)
    ratio = bulk.wall_s / bare.wall_s
    if size >= 100_000 and ratio > LIMIT_RATIO:
        cost = f"the bulk pass takes {ratio:.2f} times the bare tshark call"
        return [f"{size} packets: {cost}, and the limit is {LIMIT_RATIO}"]
    if size <= 200 and analyze.wall_s > LIMIT_SMALL_S:
        return [f"{size} packets: {analyze.wall_s:.2f} s, and the limit is {LIMIT_SMALL_S} s"]
    return []


def _print_row(size: int, name: str, figure: Figures, ratio: float) -> None:
    print(
        f"| {size:,} | {name} | {figure.wall_s:.2f} | {figure.cpu_s:.2f} | {figure.peak_mb:.0f} |"
        f" {size / figure.wall_s:,.0f} | {ratio:.2f} |",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
