"""The report on a terminal: summary, connections, the ladder of the main one, findings, limits.

Drawn with Rich. Every string out of a packet passes `terminal_text` and becomes a `Text`, never markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from pcap_report.render import terminal_findings, terminal_summary
from pcap_report.render.conversation import Conversation
from pcap_report.render.drawn_steps import drawn_steps, frame_labels
from pcap_report.render.inferred import legend
from pcap_report.render.phrases import Phrases
from pcap_report.render.plan import Limits, plan_of
from pcap_report.render.safe import shortened, terminal_text
from pcap_report.render.terminal_anatomy import anatomy
from pcap_report.render.terminal_connection import facts
from pcap_report.render.terminal_ladder import ladder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

NARROWEST: Final = 40
_WIDEST: Final = 120
_LADDERS: Final = 10
_TRAILING_SPACES: Final = re.compile(r" +$", re.MULTILINE)
_DISSECTED: Final = "dissected"


@dataclass(frozen=True)
class TerminalOptions:
    """How the view is to be drawn.

    Attributes:
        language: language of the words.
        width: columns; below 40 it is drawn as for 40, above 120 as for 120.
        color: with colours and styles; without, it is plain text.
        every_ladder: draw every connection of the report, not only the main one.
        title: heading instead of the file's name.
    """

    language: str = "en"
    width: int = 100
    color: bool = False
    every_ladder: bool = False
    title: str | None = None


def render_terminal(report: Report, options: TerminalOptions | None = None) -> str:
    """Draw a report and return the text, with escape sequences where colour is asked for."""
    options = options or TerminalOptions()
    sink = StringIO()
    console = Console(
        file=sink,
        width=max(NARROWEST, min(options.width, _WIDEST)),
        force_terminal=options.color,
        no_color=not options.color,
        color_system="auto" if options.color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    phrases = Phrases(options.language, partial(terminal_text, limit=_WIDEST), tabular=True)
    for part in _parts(report, options, phrases, console):
        console.print(part)
    return _TRAILING_SPACES.sub("", sink.getvalue())


def _parts(
    report: Report, options: TerminalOptions, phrases: Phrases, console: Console
) -> Iterator[RenderableType]:
    plain = Phrases(options.language, partial(shortened, limit=_WIDEST), tabular=True)
    yield terminal_summary.summary(report, phrases, options.title)
    if report.connections:
        yield terminal_summary.connections(report, phrases, console.width)
    for connection in _drawn(report, every=options.every_ladder):
        yield facts(connection, phrases)
        steps = drawn_steps(connection, frame_labels(report.http, connection))
        yield ladder(Conversation(connection, plain), steps, console)
        for line in legend(connection, report.http):
            yield Text(phrases.say(line), "dim")
    yield from terminal_findings.findings(report, phrases)
    yield from terminal_findings.changes(report, phrases)
    yield from terminal_findings.limits(report, phrases)
    for one in report.anatomy:
        if one.role == _DISSECTED:
            yield anatomy(one, phrases)


def _drawn(report: Report, *, every: bool) -> tuple[Connection, ...]:
    if every:
        return report.connections[:_LADDERS]
    main = plan_of(report, Limits()).main
    return (main,) if main else ()
