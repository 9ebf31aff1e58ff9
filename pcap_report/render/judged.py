"""What the user changed about the rules, and what came of it, counted and named: the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import Message, msg, msg_n
from pcap_report.render.outcomes import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.judging import Judging, KnownFindings
    from pcap_report.model.report import Report

_NAMED: Final = 20
"""Kinds of known findings that are named; the others are counted."""


def judged(report: Report) -> Iterator[Message]:
    """Yield a sentence for everything that was accepted, switched off, re-rated, known or not answered."""
    judging = report.judging
    if judging is None:
        return
    yield from _accepted(judging)
    yield from _changed(judging)
    for one in judging.not_evaluated:
        yield msg_n(
            "The rule %(rule)s had no answer in %(count)s place: %(message)s",
            "The rule %(rule)s had no answer in %(count)s places: %(message)s",
            one.times,
            rule=one.rule,
            message=one.message,
        )
    if judging.baseline is not None:
        yield from _known(judging.baseline, judging.known)


def _accepted(judging: Judging) -> Iterator[Message]:
    for one in judging.accepted:
        yield msg_n(
            "Accepted: %(count)s finding of %(rule)s (%(reason)s)",
            "Accepted: %(count)s findings of %(rule)s (%(reason)s)",
            one.findings,
            rule=one.rule,
            reason=one.reason,
        )


def _changed(judging: Judging) -> Iterator[Message]:
    for one in judging.changes:
        if not one.enabled:
            yield msg_n(
                "Switched off: %(rule)s, which would have found %(count)s",
                "Switched off: %(rule)s, which would have found %(count)s",
                one.findings,
                rule=one.rule,
            )
            continue
        if one.severity:
            yield msg_n(
                "Re-rated: %(count)s finding of %(rule)s, to %(severity_term)s",
                "Re-rated: %(count)s findings of %(rule)s, to %(severity_term)s",
                one.findings,
                rule=one.rule,
                severity_term=SEVERITIES[one.severity].text,
            )
        for name, value in one.thresholds.items():
            yield msg(
                "Threshold: %(name)s of %(rule)s is %(value)s", name=name, rule=one.rule, value=f"{value:g}"
            )


def _known(baseline: str, known: Sequence[KnownFindings]) -> Iterator[Message]:
    before, left_out = sum(one.before for one in known), sum(one.findings for one in known)
    yield msg_n(
        "Only what is new is listed: %(baseline)s has %(count)s finding; left out here: %(here)s.",
        "Only what is new is listed: %(baseline)s has %(count)s findings; left out here: %(here)s.",
        before,
        baseline=baseline,
        here=left_out,
    )
    here = [one for one in known if one.findings]
    for one in here[:_NAMED]:
        yield _named(one)
    left = len(here) - _NAMED
    if left > 0:
        yield msg_n("and %(count)s more", "and %(count)s more", left)


def _named(one: KnownFindings) -> Message:
    if one.server is None:
        return msg_n(
            "Known: %(count)s finding of %(rule)s",
            "Known: %(count)s findings of %(rule)s",
            one.findings,
            rule=one.rule,
        )
    return msg_n(
        "Known: %(count)s finding of %(rule)s at %(server)s, %(protocol_term)s port %(port)s",
        "Known: %(count)s findings of %(rule)s at %(server)s, %(protocol_term)s port %(port)s",
        one.findings,
        rule=one.rule,
        server=one.server,
        protocol_term=one.protocol.upper() if one.protocol else "",
        port=one.port,
    )


def left_out(report: Report) -> int:
    """Count the findings that the report does not list: accepted, known, or of a rule that is off."""
    judging = report.judging
    if judging is None:
        return 0
    off = sum(one.findings for one in judging.changes if not one.enabled)
    return off + sum(one.findings for one in judging.accepted) + sum(one.findings for one in judging.known)


def nothing_found(report: Report) -> Message:
    """Say of a report without findings whether there were any."""
    count = left_out(report)
    if not count:
        return msg(
            "None of the rules found anything. That speaks for this capture only, and no more than the rules"
            " can see."
        )
    return msg_n(
        "None of the rules found anything more than the %(count)s finding that was left out on request.",
        "None of the rules found anything more than the %(count)s findings that were left out on request.",
        count,
    )
