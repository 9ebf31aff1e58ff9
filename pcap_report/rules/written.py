"""Apply rules that users wrote: expressions in CEL over the values of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec.structs import replace

from pcap_report.model.evidence import Finding
from pcap_report.model.filters import frame_filter
from pcap_report.model.judging import NotEvaluated, UserRule
from pcap_report.model.message import Message, msg
from pcap_report.model.series import without_series
from pcap_report.rules.base import NO_FRAME
from pcap_report.written.expressions import Expression, ExpressionError, compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.report import Report

_FRAMES_NAMED: Final = 1000
_LISTS: Final = {"connection": "connections", "dns": "dns", "http": "http"}


class _Unknown:
    """Where a rule had no answer."""

    def __init__(self) -> None:
        self.times = 0
        self.message = ""

    def add(self, error: ExpressionError) -> None:
        self.times += 1
        self.message = self.message or str(error)


def written_findings(
    report: Report, rules: tuple[UserRule, ...]
) -> tuple[list[Finding], tuple[NotEvaluated, ...]]:
    """Return what the users' rules find, and which of them had no answer somewhere.

    They see no curves of charts: which connections have any is decided by what is found.
    """
    if not rules:
        return [], ()
    seen = replace(report, connections=tuple(map(without_series, report.connections)))
    facts: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(seen))
    found: list[Finding] = []
    unknown: list[NotEvaluated] = []
    for rule in rules:
        doubt = _Unknown()
        found += _findings(rule, facts, doubt)
        if doubt.times:
            unknown.append(NotEvaluated(rule.id, doubt.times, doubt.message))
    return found, tuple(unknown)


def _findings(rule: UserRule, facts: dict[str, Any], doubt: _Unknown) -> Iterator[Finding]:
    try:
        when = compiled(rule.when)
        where = compiled(rule.frames) if rule.frames else None
    except ExpressionError as error:
        doubt.add(error)
        return
    for one in [facts] if rule.each == "report" else facts[_LISTS[rule.each]]:
        try:
            if when.holds(one):
                yield _finding(rule, one, _frames(where, one))
        except ExpressionError as error:
            doubt.add(error)


def _frames(where: Expression | None, one: dict[str, Any]) -> tuple[int, ...]:
    if where is None:
        named = [one.get("first_frame"), one.get("frame"), one.get("response_frame")]
        return tuple(sorted({frame for frame in named if isinstance(frame, int)}))
    answer = where.answer(one)
    frames = answer if isinstance(answer, list) else [answer]
    if not all(isinstance(frame, int) and not isinstance(frame, bool) and frame > 0 for frame in frames):
        raise ExpressionError("frames are no list of frame numbers")
    return tuple(sorted(set(frames)))[:_FRAMES_NAMED]


def _finding(rule: UserRule, one: dict[str, Any], frames: tuple[int, ...]) -> Finding:
    number = {"connection": one.get("id"), "http": one.get("connection")}.get(rule.each)
    shown = [one["display_filter"]] if rule.each == "connection" else []
    shown += [frame_filter(frames)] if frames else []
    display_filter = " && ".join(shown) if frames else NO_FRAME
    return Finding(rule.id, rule.severity, "", number, frames, display_filter, _message(rule, number))


def _message(rule: UserRule, number: int | None) -> Message:
    if number is None:
        return msg("%(finding)s", finding=rule.summary)
    return msg("Connection %(number)s: %(finding)s", number=number, finding=rule.summary)
