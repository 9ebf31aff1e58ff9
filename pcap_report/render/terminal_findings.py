"""The lower part of the terminal view: findings, limits, analyzers that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pcap_report.model.message import msg, msg_n
from pcap_report.render.alike import listed
from pcap_report.render.judged import judged
from pcap_report.render.outcomes import SEVERITIES
from pcap_report.render.safe import terminal_text
from pcap_report.render.terminal_paragraph import Paragraph
from pcap_report.render.terminal_summary import SEVERITY_STYLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from pcap_report.model.evidence import Finding
    from pcap_report.model.report import Report
    from pcap_report.render.phrases import Phrases

_SHOWN: Final = 30
_RANGES: Final = 12


def findings(report: Report, phrases: Phrases) -> Iterator[RenderableType]:
    """List what the rules found, with the frames and the filter that shows them."""
    if not report.findings:
        return
    yield _heading(phrases.say(msg("Findings")))
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    shown = listed(report.findings)
    for finding in shown[:_SHOWN]:
        style = SEVERITY_STYLES[finding.severity]
        grid.add_row(
            Text(f"● {phrases.say(SEVERITIES[finding.severity])}", style),
            Paragraph(_finding(finding, phrases)),
        )
    left = len(shown) - _SHOWN
    if left > 0:
        grid.add_row(
            Text(""), Text(phrases.say(msg_n("and %(count)s more", "and %(count)s more", left)), "dim")
        )
    yield grid


def changes(report: Report, phrases: Phrases) -> Iterator[RenderableType]:
    """List what the user changed about the rules, and what came of it."""
    told = list(judged(report))
    if not told:
        return
    yield _heading(phrases.say(msg("What was changed about the rules")))
    grid = Table.grid(padding=(0, 1))
    for one in told[:_SHOWN]:
        grid.add_row(Text("–", "dim"), Paragraph(Text(phrases.say(one))))
    left = len(told) - _SHOWN
    if left > 0:
        more = msg_n("and %(count)s more", "and %(count)s more", left)
        grid.add_row(Text(""), Text(phrases.say(more), "dim"))
    yield grid


def _finding(finding: Finding, phrases: Phrases) -> Text:
    text = Text(phrases.say(finding.message))
    if finding.frames:
        frames = phrases.frames(finding.frames, _RANGES)
        text.append(f" [{frames}]", "dim")
    text.append(f"\n{terminal_text(finding.display_filter, 400)}", "dim")
    return text


def limits(report: Report, phrases: Phrases) -> Iterator[RenderableType]:
    """List what this capture cannot show, and the analyzers that failed."""
    if report.not_visible:
        yield _heading(phrases.say(msg("What this capture cannot show")))
        grid = Table.grid(padding=(0, 1))
        for limit in report.not_visible:
            text = Text(phrases.say(limit.what_message), "bold")
            text.append(f"{phrases.marks.colon}{phrases.say(limit.why_message)}", "not bold")
            grid.add_row(Text("–", "dim"), Paragraph(text))
        yield grid
    failed = [one for one in report.attempts if one.status == "failed"]
    if failed:
        yield _heading(phrases.say(msg("Analyzers that failed")))
        for one in failed:
            yield Text(f"– {terminal_text(one.analyzer)}: {terminal_text(one.message or '', 200)}", "red")


def _heading(text: str) -> RenderableType:
    return Padding(Text(text, style="bold underline"), (1, 0, 0, 0))
