"""The results as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.results import Case, Results, Row, Target

_HEAD: Final = (
    "| command | rounds | wall s | CPU s | peak MB | packets/s | wall to bare | CPU to bare |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)
_HOW: Final = """\
Made by `make bench`; the same with every round is in the `.json` beside this file. All commands on a
capture ran in turns, so that whatever else the machine did met them alike.

- *wall s*, *CPU s*: the quickest round / the median. CPU is user and system time of the command and of
  all that it started.
- *peak MB*: the largest sum of the memory of all its processes at one time, in any round (proportional
  set size: what they share counts once).
- *packets/s*: of the quickest round.
- *to bare*: through bare tshark's, quickest by quickest / median by median. Bare is called with no
  option that we found to make it quicker.
- `sessions`, `mixed` and `elephant` are generated from the recorded samples: TLS, HTTP and DNS one
  session after the other; all samples at once, QUIC and IPv6 among them; one connection that is the
  whole capture."""
_ANSWER: Final = {True: "met", False: "**not met**", None: "not measured"}


def markdown(results: Results) -> str:
    """Return the whole page."""
    machine = results.machine
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    hardware = f"{machine.processor}, {machine.cores} cores, {machine.memory_gb:.0f} GB"
    where = f"{hardware}, {machine.system}; {versions}."
    parts = [
        "# Measured side by side",
        _HOW,
        where,
        "## What is promised",
        "\n".join(_promises(results.targets)),
    ]
    for case in results.cases:
        parts += ["\n".join(_case(case))]
    return "\n\n".join(parts) + "\n"


def _promises(targets: tuple[Target, ...]) -> Iterator[str]:
    yield "| promise | capture | measured | |\n|---|---|---|---|"
    for target in targets:
        yield f"| {target.promise} | {target.capture or ''} | {target.measured} | {_ANSWER[target.met]} |"


def _case(case: Case) -> Iterator[str]:
    yield f"## {case.capture}\n"
    size = f"{case.packets:,} packets, {case.size_bytes / 1e6:,.1f} MB"
    yield f"{size}. Measured {case.at}, load average {case.load:.1f}.\n"
    yield _HEAD
    yield from map(_row, case.rows)
    if case.left_out:
        yield "\nNot measured: " + "; ".join(f"{who} ({why})" for who, why in case.left_out.items()) + "."


def _row(row: Row) -> str:
    cells = (
        row.title,
        str(len(row.rounds)),
        _pair(row.wall_s),
        _pair(row.cpu_s),
        "–" if row.peak_mb is None else f"{row.peak_mb:,.0f}",
        f"{row.packets_per_s:,.0f}",
        "–" if row.to_bare is None else _pair(row.to_bare),
        "–" if row.cpu_to_bare is None else _pair(row.cpu_to_bare),
    )
    return "| " + " | ".join(cells) + " |"


def _pair(values: tuple[float, float]) -> str:
    return " / ".join(f"{value:,.2f}" for value in values)
