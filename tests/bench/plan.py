"""A month of captures of a link on paper, from what was measured: ``python -m tests.bench.plan FILE``."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from tests.bench.contenders import OURS, OURS_ON_TWO
from tests.bench.results import Results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.results import Case, Row

_ON_THE_WIRE: Final = 24
"""Bytes that a frame takes on Ethernet and that no capture holds: preamble, checksum, gap (IEEE 802.3)."""
_PCAP_HEADER: Final = 16
_BUSY: Final = 0.8
"""Part of a core that is planned with: the rest is for peaks, the system and what fails and is done again."""
_DAY_S: Final = 86_400
_SHARE_READ: Final = 0.1


def main() -> None:
    """Print the plan as a table."""
    options = _options()
    results = msgspec.json.decode(options.results.read_bytes(), type=Results)
    case = _largest(results, "mixed")
    easy = _largest(results, "elephant")
    print("\n".join(plan(case, easy, options.gbit, options.load, options.packet, options.days)))


def plan(case: Case, easy: Case, gbit: float, load: float, size: int, days: int) -> Iterator[str]:
    """Yield the lines of the plan.

    Args:
        case: the measured capture that it rests on.
        easy: one whose packets cost least.
        gbit: the link's rate, in Gbit/s.
        load: the part of it that is used, on average.
        size: the average packet, in bytes.
        days: how long it is captured.
    """
    row = _row(case)
    rate = gbit * 1e9 * load / 8 / (size + _ON_THE_WIRE)
    seconds = days * _DAY_S
    packets = rate * seconds
    cpu_us = _cost_us(case)
    cores = rate * cpu_us / 1e6 / _BUSY
    written = max(cost.written_bytes for cost in row.rounds) / case.packets
    yield "| what | how much | from |"
    yield "|---|---:|---|"
    yield _line(
        "packets",
        f"{rate:,.0f} a second",
        f"{gbit:g} Gbit/s × {load:.0%} ÷ 8 ÷ ({size} + {_ON_THE_WIRE}) bytes",
    )
    yield _line("", f"{packets / 1e9:,.0f} thousand million", f"× {days} days")
    yield _line(
        "captures",
        f"{packets * (size + _PCAP_HEADER) / 1e12:,.0f} TB",
        f"{size} + {_PCAP_HEADER} bytes each (pcap)",
    )
    yield _line(
        "processor time of a packet", f"{cpu_us:.1f} µs", f"*{case.capture}*, {row.title}: CPU s ÷ packets"
    )
    yield _line(
        "cores that keep up", f"{math.ceil(cores)}", f"packets a second × processor time ÷ {_BUSY:.0%}"
    )
    yield _line(
        "packets a second of two cores", f"{row.packets_per_s:,.0f}", f"*{case.capture}*, {row.title}"
    )
    machines = rate / (row.packets_per_s * _BUSY)
    yield _line(
        "such machines", f"{math.ceil(machines)}", f"packets a second ÷ ({_BUSY:.0%} of the line above)"
    )
    if row.peak_mb is not None:
        yield _line(
            "memory of such a machine's job", f"{row.peak_mb / 1000:.1f} GB", f"*{case.capture}*, peak MB"
        )
    yield _line(
        "JSON reports",
        f"{packets * written / 1e12:,.1f} TB",
        f"{written:,.0f} bytes a packet, *{case.capture}*",
    )
    yield _line("cores, when a filter leaves a tenth", f"{math.ceil(cores * _SHARE_READ)}", "÷ 10")
    least = cores * _cost_us(easy) / cpu_us
    source = f"*{easy.capture}*: {_cost_us(easy):.1f} µs a packet"
    yield _line("cores, if all were long transfers", f"{math.ceil(least)}", source)


def _largest(results: Results, kind: str) -> Case:
    found = [case for case in results.cases if case.kind == kind and case.row(OURS)]
    return max(found, key=lambda case: case.packets)


def _cost_us(case: Case) -> float:
    return _row(case).cpu_s[0] / case.packets * 1e6


def _row(case: Case) -> Row:
    row = case.row(OURS_ON_TWO) or case.row(OURS)
    assert row is not None  # the case was chosen for it
    return row


def _line(what: str, how_much: str, source: str) -> str:
    return f"| {what} | {how_much} | {source} |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.plan", description=__doc__)
    parser.add_argument("results", type=Path, help="what the benchmark wrote as JSON")
    parser.add_argument("--gbit", type=float, default=10, help="the link, in Gbit/s")
    parser.add_argument("--load", type=float, default=0.3, help="the part of it that is used")
    parser.add_argument("--packet", type=int, default=800, help="the average packet, in bytes")
    parser.add_argument("--days", type=int, default=30)
    return parser.parse_args()


if __name__ == "__main__":
    main()
