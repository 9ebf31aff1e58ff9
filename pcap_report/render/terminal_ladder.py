"""The ladder of a connection: time runs down between two rails, arrows carry frames and labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.text import Text

from pcap_report.model.message import msg
from pcap_report.render.line_breaks import broken_lines
from pcap_report.render.safe import columns, ellipsize, terminal_text
from pcap_report.render.sequence import Arrow, Band, Note, Omission
from pcap_report.render.terminal_summary import CLIENT_STYLE, SERVER_STYLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from pcap_report.model.evidence import Step, StepStyle
    from pcap_report.render.conversation import Conversation
    from pcap_report.render.sequence import Lifeline, SequenceDiagram

_LINE: Final = 400
"""Columns of a label, before it is wrapped."""
_TIME_WIDTH: Final = 11
_TIMES_FROM: Final = 64
"""Columns from which on there is room for the times."""
_STYLES: Final[dict[StepStyle, str]] = {
    "ack": "dim",
    "retransmission": "yellow",
    "reset": "bold red",
    "refused": "bold red",
    "alert": "magenta",
}
_SHAFTS: Final[dict[StepStyle, str]] = {"ack": "┄", "retransmission": "╌"}
_BROKEN: Final = frozenset(("reset", "refused"))


@dataclass(frozen=True)
class _Rails:
    """Where things stand in a line.

    Attributes:
        console: wraps texts.
        margin: columns left of the rails, for the time.
        room: columns between the rails.
    """

    console: Console
    margin: int
    room: int

    def line(self, time: str, left: str, middle: Text, right: str) -> Text:
        """Put a line together; the middle is as wide as the room."""
        return Text.assemble(
            (time.rjust(self.margin - 1) + " " if self.margin else "", "dim"), left, middle, right
        )

    def wrapped(self, text: str, style: str, width: int) -> list[Text]:
        """Break a label into lines; a word that is too long is broken too."""
        return [Text(line, style=style) for line in broken_lines(text, columns, width)]


def ladder(conversation: Conversation, steps: Sequence[Step], console: Console) -> Text:
    """Draw a connection; of very many steps, the first and the last."""
    margin = _TIME_WIDTH if console.width >= _TIMES_FROM else 0
    rails = _Rails(console, margin, console.width - margin - 2)
    diagram = conversation.whole(steps)
    if diagram is None:
        drawn = [_between(conversation.phrases.say(msg("no steps to draw")), "dim", " ", rails)]
    else:
        drawn = [*_heads(diagram.lifelines, rails), *_body(diagram, rails)]
    return Text("\n").join([Text(""), *drawn, Text("")])


def _heads(ends: Sequence[Lifeline], rails: _Rails) -> Iterator[Text]:
    whole = rails.room + 2
    left, right = (list(map(terminal_text, end.lines)) for end in ends)
    names = right[1:-1]
    yield _pair(left[0], " ".join((right[0], *names)), rails, whole)
    yield _pair(left[-1], right[-1], rails, whole)


def _pair(left: str, right: str, rails: _Rails, whole: int) -> Text:
    half = whole // 2 - 1
    left, right = ellipsize(left, half), ellipsize(right, half)
    gap = " " * (whole - columns(left) - columns(right))
    return Text.assemble(
        " " * rails.margin, (left, f"bold {CLIENT_STYLE}"), gap, (right, f"bold {SERVER_STYLE}")
    )


def _body(diagram: SequenceDiagram, rails: _Rails) -> Iterator[Text]:
    for item in diagram.items:
        if isinstance(item, Band):
            yield _between(item.title, "bold", "─", rails)
        elif isinstance(item, Omission):
            yield _between(item.text, "yellow", "·", rails)
        elif isinstance(item, Note):
            for line in item.lines:
                yield from _note(terminal_text(line, _LINE), rails)
        else:
            yield from _arrow(item, rails)


def _note(text: str, rails: _Rails) -> Iterator[Text]:
    for line in rails.wrapped(text, "italic", rails.room - 4):
        yield _between(line.plain.strip(), "italic dim", " ", rails)


def _between(text: str, style: str, fill: str, rails: _Rails) -> Text:
    """Write a text in the middle between the rails."""
    shown = f" {ellipsize(text, rails.room - 4)} "
    space = rails.room - columns(shown)
    middle = fill * (space // 2) + shown + fill * (space - space // 2)
    return rails.line("", "│", Text(middle, style=style), "│")


def _arrow(item: Arrow, rails: _Rails) -> Iterator[Text]:
    to_server = item.source < item.target
    style = _STYLES.get(item.style) or (CLIENT_STYLE if to_server else SERVER_STYLE)
    first, *more = item.lines or ("",)
    label = f"[{item.frames_text}] {first}".strip()
    width = rails.room - 6
    lines = [
        line for text in (label, *more) for line in rails.wrapped(terminal_text(text, _LINE), style, width)
    ]
    yield _shaft(lines[0], item, style, rails)
    for line in lines[1:]:
        space = " " * (rails.room - 2 - line.cell_len)
        parts = ("  ", line, space) if to_server else (space, line, "  ")
        yield rails.line("", "│", Text.assemble(*parts), "│")


def _shaft(label: Text, item: Arrow, style: str, rails: _Rails) -> Text:
    time = "" if item.time_s is None else f"{item.time_s:.3f} s"
    shaft = _SHAFTS.get(item.style, "─")
    line = shaft * (rails.room - label.cell_len - 4)
    broken = item.style in _BROKEN
    if item.source < item.target:
        middle = Text.assemble((shaft, style), " ", label, " ", (line + ("✕" if broken else "▶"), style))
        return rails.line(time, "├", middle, "│")
    middle = Text.assemble((("✕" if broken else "◀") + line, style), " ", label, " ", (shaft, style))
    return rails.line(time, "│", middle, "┤")
