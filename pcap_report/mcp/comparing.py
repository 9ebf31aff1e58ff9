"""What changed between two captures: what ``diff`` says, the worse first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.checks.difference import differences
from pcap_report.mcp import views
from pcap_report.model.message import msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.checks.difference import Change
    from pcap_report.mcp.analysis import Analysis
    from pcap_report.model.report import Report

_ORDER: Final = {
    ("performance", "worse"): 0,
    ("finding", "appeared"): 1,
    ("fact", "changed"): 2,
    ("connection", "vanished"): 3,
    ("connection", "appeared"): 4,
    ("finding", "vanished"): 5,
    ("performance", "better"): 6,
}


def changes(before: Analysis, after: Analysis, language: str) -> list[Change]:
    """Return what changed, what became worse first; findings speak the language."""
    found = differences(_spoken(before.report, language), _spoken(after.report, language))
    return sorted(found, key=lambda one: _ORDER[one.kind, one.change])


def summed(found: Sequence[Change], before: Analysis, after: Analysis, language: str) -> str:
    """Say in one sentence how much changed; that nothing did cannot be told of what is cut off."""
    phrases = views.phrases_of(language)
    if found:
        return phrases.say(
            msg_n("%(count)s thing has changed.", "%(count)s things have changed.", len(found))
        )
    if before.report.capture.truncated or after.report.capture.truncated:
        return phrases.say(msg("A capture is cut off: whether something has changed cannot be told."))
    return phrases.say(msg("Nothing has changed."))


def _spoken(report: Report, language: str) -> Report:
    phrases = views.phrases_of(language)
    findings = tuple(replace(one, summary=phrases.say(one.message)) for one in report.findings)
    return replace(report, findings=findings)
