"""Lists on standard output: a Rich table for people, plain columns in a pipe, JSON for programs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Final, Literal

from pcap_report.cli.output import write_standard_output
from pcap_report.cli.settings import Settings, is_terminal, width_of
from pcap_report.render.safe import columns, terminal_text

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP: Final = 2


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        title: its heading.
        side: which side the values stand on.
        style: Rich style on a terminal.
        wide: takes the room that the others leave, and is folded where it is too little.
        optional: left out on a terminal that is too narrow for all.
    """

    title: str
    side: Literal["left", "right"] = "left"
    style: str = ""
    wide: bool = False
    optional: bool = False


def print_json(value: object) -> None:
    """Print a value as JSON, the way reports are written."""
    from pcap_report.render.json_report import pretty_json

    write_standard_output(pretty_json(value))


def print_table(heads: Sequence[Column], rows: Sequence[Sequence[str]], settings: Settings) -> None:
    """Print rows of texts, which may be strangers'."""
    shown = [[terminal_text(cell, 400) for cell in row] for row in rows]
    watched = is_terminal(sys.stdout)
    text = _rich(heads, shown, settings) if watched else _plain(heads, shown)
    write_standard_output(text)


def _plain(heads: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    """Columns of equal width with two spaces between them, so that both eyes and ``awk`` can read them."""
    lines = [[head.title for head in heads], *rows]
    widths = [max(columns(line[place]) for line in lines) for place in range(len(heads))]
    return "".join(_padded(heads, line, widths) for line in lines)


def _padded(heads: Sequence[Column], line: Sequence[str], widths: Sequence[int]) -> str:
    cells = []
    for head, cell, width in zip(heads, line, widths, strict=True):
        room = " " * (width - columns(cell))
        cells.append(room + cell if head.side == "right" else cell + room)
    return "  ".join(cells).rstrip() + "\n"


def _fitting(
    heads: Sequence[Column], rows: Sequence[Sequence[str]], width: int
) -> tuple[Sequence[Column], Sequence[Sequence[str]]]:
    """Leave optional columns out, the last one first, until the table is no wider than the terminal."""
    natural = [
        max(columns(line[at]) for line in ([one.title for one in heads], *rows)) for at in range(len(heads))
    ]
    kept = list(range(len(heads)))
    for place in reversed(range(len(heads))):
        if sum(natural[at] + _GAP for at in kept) > width and heads[place].optional:
            kept.remove(place)
    return [heads[at] for at in kept], [[row[at] for at in kept] for row in rows]


def _rich(heads: Sequence[Column], rows: Sequence[Sequence[str]], settings: Settings) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = width_of(sys.stdout)
    heads, rows = _fitting(heads, rows, width)
    colored = settings.colored(sys.stdout)
    sink = StringIO()
    console = Console(file=sink, force_terminal=colored, no_color=not colored, width=width, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(
            head.title,
            justify=head.side,
            style=head.style,
            overflow="fold",
            no_wrap=not head.wide,
            ratio=1 if head.wide else None,
        )
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)
    return sink.getvalue()
