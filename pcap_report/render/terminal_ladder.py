"""The ladder of a connection: time runs down between two rails, arrows carry frames and labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.text import Text

from pcap_report.model.message import Message, msg, msg_n
from pcap_report.render.safe import columns, ellipsize
from pcap_report.render.terminal_summary import CLIENT_STYLE, SERVER_STYLE, address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Phase, Step, StepStyle
    from pcap_report.render.phrases import Phrases

_FIRST: Final = 30
_LAST: Final = 20
_RANGES: Final = 4
_TIME_WIDTH: Final = 11
_TIMES_FROM: Final = 64
"""Columns from which on there is room for the times."""
_PHASES: Final[dict[Phase, Message]] = {
    "tcp_handshake": msg("TCP handshake"),
    "tls_handshake": msg("TLS handshake"),
    "app_data": msg("Application data"),
    "teardown": msg("Teardown"),
}
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
        lines = [*Text(text, style=style).wrap(self.console, width)] or [Text("")]
        for line in lines:
            line.rstrip()
        return lines


def ladder(connection: Connection, phrases: Phrases, console: Console) -> Text:
    """Draw a connection; of very many steps, the first and the last."""
    margin = _TIME_WIDTH if console.width >= _TIMES_FROM else 0
    rails = _Rails(console, margin, console.width - margin - 2)
    lines = [*_heads(connection, phrases, rails), *_body(connection.steps, phrases, rails)]
    return Text("\n").join([Text(""), *lines, Text("")])


def _heads(connection: Connection, phrases: Phrases, rails: _Rails) -> Iterator[Text]:
    whole = rails.room + 2
    words = phrases.say(msg("Client")), phrases.say(msg("Server"))
    yield _pair(*words, rails, whole)
    yield _pair(address(connection.client), address(connection.server), rails, whole)


def _pair(left: str, right: str, rails: _Rails, whole: int) -> Text:
    half = whole // 2 - 1
    left, right = ellipsize(left, half), ellipsize(right, half)
    gap = " " * (whole - columns(left) - columns(right))
    return Text.assemble(
        " " * rails.margin, (left, f"bold {CLIENT_STYLE}"), gap, (right, f"bold {SERVER_STYLE}")
    )


def _body(steps: Sequence[Step], phrases: Phrases, rails: _Rails) -> Iterator[Text]:
    if not steps:
        yield _between(phrases.say(msg("no steps to draw")), "dim", " ", rails)
    elif len(steps) <= _FIRST + _LAST:
        yield from _steps(steps, phrases, rails)
    else:
        yield from _steps(steps[:_FIRST], phrases, rails)
        omitted = len(steps) - _FIRST - _LAST
        yield _between(
            phrases.say(msg_n("%(count)s step left out", "%(count)s steps left out", omitted)),
            "yellow",
            "·",
            rails,
        )
        yield from _steps(steps[-_LAST:], phrases, rails)


def _steps(steps: Iterable[Step], phrases: Phrases, rails: _Rails) -> Iterator[Text]:
    order = list(_PHASES)
    at = -1
    for step in steps:
        if order.index(step.phase) > at:
            at = order.index(step.phase)
            yield _between(phrases.say(_PHASES[step.phase]), "bold", "─", rails)
        if step.kind == "note":
            for message in step.label:
                yield from _note(phrases.say(message), rails)
        else:
            yield from _arrow(step, phrases, rails)


def _note(text: str, rails: _Rails) -> Iterator[Text]:
    for line in rails.wrapped(text, "italic", rails.room - 4):
        yield _between(line.plain.strip(), "italic dim", " ", rails)


def _between(text: str, style: str, fill: str, rails: _Rails) -> Text:
    """Write a text in the middle between the rails."""
    shown = f" {ellipsize(text, rails.room - 4)} "
    space = rails.room - columns(shown)
    middle = fill * (space // 2) + shown + fill * (space - space // 2)
    return rails.line("", "│", Text(middle, style=style), "│")


def _arrow(step: Step, phrases: Phrases, rails: _Rails) -> Iterator[Text]:
    to_server = step.direction == "client_to_server"
    style = _STYLES.get(step.style) or (CLIENT_STYLE if to_server else SERVER_STYLE)
    first, *more = [phrases.say(message) for message in step.label] or [""]
    label = f"[{phrases.frames(step.frames, _RANGES)}] {first}".strip()
    width = rails.room - 6
    lines = [line for text in (label, *more) for line in rails.wrapped(text, style, width)]
    yield _shaft(lines[0], step, style, rails)
    for line in lines[1:]:
        space = " " * (rails.room - 2 - line.cell_len)
        parts = ("  ", line, space) if to_server else (space, line, "  ")
        yield rails.line("", "│", Text.assemble(*parts), "│")


def _shaft(label: Text, step: Step, style: str, rails: _Rails) -> Text:
    time = f"{step.time_s:.3f} s"
    shaft = _SHAFTS.get(step.style, "─")
    line = shaft * (rails.room - label.cell_len - 4)
    broken = step.style in _BROKEN
    if step.direction == "client_to_server":
        middle = Text.assemble((shaft, style), " ", label, " ", (line + ("✕" if broken else "▶"), style))
        return rails.line(time, "├", middle, "│")
    middle = Text.assemble((("✕" if broken else "◀") + line, style), " ", label, " ", (shaft, style))
    return rails.line(time, "│", middle, "┤")
