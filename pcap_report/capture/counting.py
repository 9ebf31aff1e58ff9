"""Count the frames that display filters select, and look values up: many questions in one run of tshark.

The protocol hierarchy tap (``-z io,phs,FILTER``) counts what a filter selects; a run takes many of them.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pcap_report.capture.process import TsharkRun, readable_argument
from pcap_report.model.packet import AGGREGATOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from pcap_report.capture.tshark import Tshark

LONGEST_FILTER: Final = 20_000 if sys.platform == "win32" else 100_000
"""Bytes of one filter: Linux takes no argument of more than 128 KiB."""

_ARGUMENT_BYTES: Final = 28_000 if sys.platform == "win32" else 700_000
_FILTER_LINE: Final = "Filter: "
_COUNT: Final = re.compile(r"^\S.*\bframes:(\d+) bytes:\d+$")
_LOOKS_FOR_FAULTS: Final = 60
"""Runs in search of the filters that tshark does not understand."""


@dataclass
class Counted:
    """What tshark answered.

    Attributes:
        counts: how many frames each filter selects; one that tshark does not understand is missing.
        values: how often a value of a field stands in a frame, by frame and field.
        seen: which of the frames there are.
        breakdown: why tshark stopped before it had answered; None when it did not.
    """

    counts: dict[str, int] = field(default_factory=dict)
    values: dict[tuple[int, str], Counter[str]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    breakdown: str | None = None


def count_frames(  # noqa: PLR0913 - a question has that many sides
    tshark: Tshark,
    capture: Path,
    filters: Iterable[str],
    fields: Sequence[str] = (),
    frames: Collection[int] = (),
    options: Sequence[str] = (),
) -> Counted:
    """Ask tshark; most captures need one run.

    Args:
        tshark: which one.
        capture: the capture file.
        filters: display filters, each of one line and no longer than :data:`LONGEST_FILTER`.
        fields: tshark's names of fields that it knows.
        frames: the frames whose values are wanted.
        options: more options of tshark, such as a key log.
    """
    found = Counted()
    asked = _Question(tshark.path, capture, tuple(fields), frozenset(frames), tuple(options))
    for batch in _batches(dict.fromkeys(filters)):
        if not asked.run(batch, found) and not found.breakdown:
            asked.run(asked.understood(batch), found)
        asked.fields = ()  # one run answers for the values
        asked.frames = frozenset()
    return found


@dataclass
class _Question:
    program: str
    capture: Path
    fields: tuple[str, ...]
    frames: frozenset[int]
    options: tuple[str, ...] = ()

    def run(self, filters: Sequence[str], found: Counted, *limit: str) -> bool:
        """Run tshark; tell whether it took all filters."""
        arguments = ["-n", "-r", readable_argument(self.capture), *self.options, *limit]
        arguments += ["-T", "fields"]
        arguments += ["-E", "separator=/t", "-E", f"aggregator={AGGREGATOR}", "-E", "occurrence=a"]
        for name in ("frame.number", *self.fields):
            arguments += ["-e", name]
        for condition in filters:
            arguments += ["-z", f"io,phs,{condition}"]
        with TsharkRun(self.program, arguments) as run:
            self._read(run, found)
        if run.breakdown:
            found.breakdown = run.breakdown.text
        return all(condition in found.counts for condition in filters)

    def understood(self, filters: Sequence[str]) -> list[str]:
        """Return the filters that tshark takes: one wrong filter, and it answers none."""
        looks = _LOOKS_FOR_FAULTS
        good: list[str] = []
        waiting = [list(filters)]
        while waiting and looks:
            looks -= 1
            part = waiting.pop()
            tried = Counted()
            if self._takes(part, tried):
                good += part
            elif tried.breakdown:
                break
            elif len(part) > 1:
                middle = len(part) // 2
                waiting += [part[middle:], part[:middle]]
        return good

    def _takes(self, filters: Sequence[str], tried: Counted) -> bool:
        return _Question(self.program, self.capture, (), frozenset(), self.options).run(
            filters, tried, "-c", "1"
        )

    def _read(self, lines: Iterable[str], found: Counted) -> None:
        condition = None
        for line in lines:
            text = line.rstrip("\n")
            if text.startswith(_FILTER_LINE):
                condition = text.removeprefix(_FILTER_LINE)
                found.counts[condition] = 0
            elif condition is not None:
                if match := _COUNT.match(text):
                    found.counts[condition] += int(match[1])
            elif self.frames:
                self._read_row(text, found)

    def _read_row(self, text: str, found: Counted) -> None:
        number, *values = text.split("\t")
        if not number.isdecimal() or int(number) not in self.frames:
            return
        found.seen.add(int(number))
        for name, value in zip(self.fields, values, strict=True):
            found.values[int(number), name] = Counter(value.split(AGGREGATOR) if value else ())


def _batches(filters: Iterable[str]) -> Iterator[list[str]]:
    """A command line has a greatest length."""
    batch: list[str] = []
    length = 0
    for condition in filters:
        size = len(condition.encode()) + 12
        if batch and length + size > _ARGUMENT_BYTES:
            yield batch
            batch, length = [], 0
        batch.append(condition)
        length += size
    yield batch
