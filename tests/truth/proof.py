"""Ask tshark again whether statements are true: one run per capture, whatever their number.

Of every statement two things are asked. Does its display filter select exactly its frames? The protocol
hierarchy tap (``-z io,phs,FILTER``) counts the frames that a filter selects, and takes any number of filters
in a run. When a filter F selects as many frames as the set S has, and F && S as many again, F selects S. Do
the stated values stand in their frames? The rows of the same run say so.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.capture.process import TsharkRun, readable_argument

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pcap_report.model.evidence import FieldValue
    from pcap_report.model.report import Report

_AGGREGATOR: Final = "\x1f"
_RUNS_PER_FILTER: Final = 400
_ARGUMENT_BYTES: Final = 1_000_000
_FILTER_LINE: Final = "Filter: "
_COUNT: Final = re.compile(r"^\S.*\bframes:(\d+) bytes:\d+$")


class Statement(NamedTuple):
    """Something that a report states about frames."""

    name: str
    frames: tuple[int, ...]
    display_filter: str
    values: tuple[FieldValue, ...] = ()


class Disproof(NamedTuple):
    """A statement that tshark does not confirm."""

    name: str
    display_filter: str
    reason: str


def statements_of(report: Report, connections: int) -> list[Statement]:
    """Return what a report states of the capture and of its first connections."""
    shown = report.connections[:connections]
    numbers = {one.id for one in shown}
    found = [Statement(one.id, one.frames, one.display_filter, one.values) for one in report.claims]
    for connection in shown:
        found += [
            Statement(f"[{connection.id}] {one.id}", one.frames, one.display_filter, one.values)
            for one in connection.claims
        ]
    found += [
        Statement(f"[{one.connection}] {one.id}", one.frames, one.display_filter)
        for one in report.findings
        if one.connection in numbers or one.connection is None
    ]
    return found


def disproofs(program: str, capture: Path, statements: Sequence[Statement]) -> list[Disproof]:
    """Return the statements that tshark does not confirm, with the reason."""
    counts, rows = _ask(program, capture, statements)
    found: list[Disproof] = []
    for one in statements:
        reasons = [*_wrong_frames(one, counts), *_wrong_values(one, rows)]
        found += [Disproof(one.name, one.display_filter, reason) for reason in reasons]
    return found


def _wrong_frames(one: Statement, counts: dict[str, int]) -> Iterator[str]:
    wanted = len(set(one.frames))
    selected = counts.get(one.display_filter)
    common = sum(counts.get(condition, 0) for condition in _within(one))
    if selected is None:
        yield "tshark did not answer"
    elif not selected == common == wanted:
        yield f"the filter selects {selected} frames, {common} of the {wanted} that are stated"


def _wrong_values(one: Statement, rows: dict[tuple[int, str], Counter[str]]) -> Iterator[str]:
    stated = Counter((value.frame, value.field, value.value) for value in one.values)
    for (frame, field, value), times in stated.items():
        there = rows.get((frame, field), Counter())
        if there[value] < times:
            yield f"{field} is not {value} in frame {frame} but {', '.join(there) or 'nothing'}"


def _ask(
    program: str, capture: Path, statements: Sequence[Statement]
) -> tuple[dict[str, int], dict[tuple[int, str], Counter[str]]]:
    counts: dict[str, int] = {}
    rows: dict[tuple[int, str], Counter[str]] = {}
    filters = dict.fromkeys(
        condition for one in statements for condition in (one.display_filter, *_within(one))
    )
    fields = list(dict.fromkeys(value.field for one in statements for value in one.values))
    frames = {value.frame for one in statements for value in one.values}
    for batch in _batches(filters):
        arguments = ["-n", "-r", readable_argument(capture), "-T", "fields"]
        arguments += ["-E", "separator=/t", "-E", f"aggregator={_AGGREGATOR}", "-E", "occurrence=a"]
        for field in ("frame.number", *fields):
            arguments += ["-e", field]
        for condition in batch:
            arguments += ["-z", f"io,phs,{condition}"]
        with TsharkRun(program, arguments) as run:
            _read(run, fields, frames, counts, rows)
        fields = []  # one batch answers for the values
    return counts, rows


def _read(
    lines: Iterable[str],
    fields: Sequence[str],
    frames: set[int],
    counts: dict[str, int],
    rows: dict[tuple[int, str], Counter[str]],
) -> None:
    condition = None
    for line in lines:
        text = line.rstrip("\n")
        if text.startswith(_FILTER_LINE):
            condition = text.removeprefix(_FILTER_LINE)
            counts[condition] = 0
        elif condition is not None and (match := _COUNT.match(text)):
            counts[condition] += int(match[1])
        elif condition is None and fields:
            number, _, rest = text.partition("\t")
            if number.isdecimal() and int(number) in frames:
                for field, value in zip(fields, rest.split("\t"), strict=True):
                    rows[int(number), field] = Counter(value.split(_AGGREGATOR))


def _batches(filters: Iterable[str]) -> Iterator[list[str]]:
    """A command line has a greatest length; most captures need one batch."""
    batch: list[str] = []
    length = 0
    for condition in filters:
        length += len(condition.encode()) + 12
        if batch and length > _ARGUMENT_BYTES:
            yield batch
            batch, length = [], len(condition.encode())
        batch.append(condition)
    yield batch


def _within(one: Statement) -> list[str]:
    """The statement's filter and its frames, in pieces when they are many; the pieces do not overlap."""
    runs: list[list[int]] = []
    for frame in sorted(set(one.frames)):
        if runs and frame == runs[-1][1] + 1:
            runs[-1][1] = frame
        else:
            runs.append([frame, frame])
    pieces = [runs[at : at + _RUNS_PER_FILTER] for at in range(0, len(runs), _RUNS_PER_FILTER)]
    return [f"({one.display_filter}) && ({' || '.join(map(_run, piece))})" for piece in pieces]


def _run(run: Sequence[int]) -> str:
    first, last = run
    return (
        f"frame.number == {first}" if first == last else f"frame.number >= {first} && frame.number <= {last}"
    )
