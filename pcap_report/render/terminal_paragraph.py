"""A paragraph on a terminal, broken as its language breaks lines: Rich breaks at spaces only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.measure import Measurement
from rich.text import Text

from pcap_report.render.line_breaks import broken_lines
from pcap_report.render.safe import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions

_LEAST: int = 12


@dataclass(frozen=True)
class Paragraph:
    """A text whose lines are broken when the room is known; its own line breaks stay."""

    text: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the lines."""
        for line in self.text.split("\n", allow_blank=True):
            yield from _broken(line, options.max_width)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Tell how much room it wants, and with how little it can do."""
        widest = max(columns(line) for line in self.text.plain.split("\n"))
        return Measurement(min(_LEAST, widest), widest).with_maximum(options.max_width)


def _broken(line: Text, room: int) -> Iterator[Text]:
    at = 0
    for shown in broken_lines(line.plain, columns, room):
        at = line.plain.index(shown, at)
        yield line[at : at + len(shown)] if shown else Text("")
        at += len(shown)
