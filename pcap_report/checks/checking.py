"""Hold a report against what is expected of it. A question without an answer never counts as passed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pcap_report.checks.comparisons import CannotTellError, holds
from pcap_report.checks.expectations import (
    SHORT_NAMES,
    ConnectionExpectation,
    Expectations,
    Match,
    Unwanted,
    expressions_of,
)
from pcap_report.checks.paths import frames_at, value_at
from pcap_report.checks.results import Outcome, Result
from pcap_report.model.evidence import SEVERITIES
from pcap_report.model.filters import frame_filter
from pcap_report.model.known import known_findings, without_known
from pcap_report.written.expressions import ExpressionError, compiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Finding, Severity
    from pcap_report.model.report import Report
    from pcap_report.written.yaml_file import Place, Written

Counts = Callable[[list[str]], Mapping[str, int]]
"""Counts the frames that display filters select; what cannot be counted is missing."""

_SHOWN: Final = 200
_TOLD: Final = 20


class Checker:
    """Asks one report what an expectations file wants to know."""

    def __init__(  # noqa: PLR0913 - a question has that many sides
        self,
        report: Report,
        capture: str,
        wanted: Expectations,
        written: Written,
        known: Report | None = None,
        fail_on: Severity | None = None,
    ) -> None:
        """Prepare the questions.

        Args:
            report: what is asked about.
            capture: its file.
            wanted: what is expected.
            written: where it is written.
            known: a report whose findings are known, so that they count as none.
            fail_on: no finding of this severity, or a graver one, is expected, whatever the file says.
        """
        self._known = known_findings(known) if known else {}
        self._fail_on = fail_on
        self._report = report
        self._capture = capture
        self._wanted = wanted
        self._written = written
        self._facts: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(report))
        self._doubt = doubt_of(report)

    def results(self, counts: Counts) -> Iterator[Result]:
        """Yield an outcome for every expectation."""
        yield from self._values(self._wanted.capture, ("capture",), self._facts["capture"], None)
        yield from self._expressions(self._wanted.cel, ("cel",), self._facts, None)
        for at, one in enumerate(self._wanted.connections):
            yield from self._connections(one, ("connections", at))
        for at, unwanted in enumerate(self._wanted.no_findings):
            yield from self._findings(unwanted, ("no_findings", at))
        if self._fail_on:
            yield from self._findings(Unwanted(severity=self._fail_on), None)
        yield from self._filters(counts)

    def _result(  # noqa: PLR0913 - a result has that many sides
        self,
        outcome: Outcome,
        place: Place | None,
        name: str,
        expected: str,
        found: str,
        connection: Connection | None = None,
        frames: tuple[int, ...] = (),
        display_filter: str | None = None,
    ) -> Result:
        if outcome == "passed" and self._doubt:
            outcome, found = "could_not_tell", f"{found}, but {self._doubt}"
        shown = display_filter or (_shown_by(connection, frames) if connection or frames else None)
        return Result(
            outcome,
            name,
            self._capture,
            1 if place is None else self._written.position(place).line,
            expected,
            found,
            connection.id if connection else None,
            frames,
            shown,
            f"tshark -n -r {shlex.quote(self._capture)} -Y {shlex.quote(shown)}" if shown else None,
            self._capture if place is None else str(self._written.path),
        )

    def _connections(self, wanted: ConnectionExpectation, place: Place) -> Iterator[Result]:
        name = wanted.name or _described(wanted.match)
        pairs = zip(self._report.connections, self._facts["connections"], strict=True)
        matching = [(one, facts) for one, facts in pairs if matches(one, wanted.match)]
        enough = holds(len(matching), wanted.count)
        outcome: Outcome = "passed" if enough else "failed"
        if not matching and not enough:
            outcome = "could_not_tell"
        there = ", ".join(str(one.id) for one, _ in matching[:_TOLD])
        found = f"{len(matching)} (connections {there})" if matching else "none that matches"
        yield self._result(outcome, (*place, "count"), f"{name}: count", _said(wanted.count), found)
        for one, facts in matching:
            for result in self._values(wanted.expect, (*place, "expect"), facts, one):
                yield msgspec.structs.replace(result, name=f"{name}: {result.name}")
            for result in self._expressions(wanted.cel, (*place, "cel"), facts, one):
                yield msgspec.structs.replace(result, name=f"{name}: {result.name}")

    def _values(
        self, expect: Mapping[str, Any], place: Place, facts: dict[str, Any], connection: Connection | None
    ) -> Iterator[Result]:
        for path, expected in expect.items():
            full = SHORT_NAMES.get(path, path) if connection else path
            found = value_at(facts, full)
            frames = frames_at(facts, full) if connection else ()
            try:
                outcome: Outcome = "passed" if holds(found, expected) else "failed"
                said = _said(found)
            except CannotTellError as error:
                outcome, said = "could_not_tell", f"{_said(found)}: {error}"
            yield self._result(outcome, (*place, path), path, _said(expected), said, connection, frames)

    def _expressions(
        self, cel: str | list[str], place: Place, facts: dict[str, Any], connection: Connection | None
    ) -> Iterator[Result]:
        for at, text in enumerate(expressions_of(cel)):
            here = place if isinstance(cel, str) else (*place, at)
            try:
                true = compiled(text).holds(facts)
                outcome: Outcome = "passed" if true else "failed"
                found = "true" if true else "false"
            except ExpressionError as error:
                outcome, found = "could_not_tell", f"no answer: {error}"
            yield self._result(outcome, here, text, "true", found, connection)

    def _findings(self, unwanted: Unwanted, place: Place | None) -> Iterator[Result]:
        gravest = SEVERITIES[SEVERITIES.index(unwanted.severity) :]
        by_id = {one.id: one for one in self._report.connections}
        name = unwanted.name or f"no {unwanted.id} of severity {unwanted.severity} or above"
        found = [
            one
            for one in self._report.findings
            if fnmatchcase(one.id, unwanted.id)
            and one.severity in gravest
            and _in_connection(one, unwanted.match, by_id)
        ]
        found, known = without_known(found, self._report.connections, self._known)
        if not found:
            said = f"none that is new; {known.total()} known" if known else "none"
            yield self._result("passed", place, name, "no such finding", said)
        for one in found:
            yield self._result(
                "failed",
                place,
                f"{name}: {one.id}",
                "no such finding",
                f"{one.severity}: {one.summary}",
                by_id.get(-1 if one.connection is None else one.connection),
                one.frames,
                one.display_filter,
            )

    def _filters(self, counts: Counts) -> Iterator[Result]:
        filters = [one.filter for one in self._wanted.filters]
        counted = counts(filters) if filters else {}
        for at, one in enumerate(self._wanted.filters):
            found = counted.get(one.filter)
            outcome: Outcome = "could_not_tell"
            if found is not None:
                outcome = "passed" if holds(found, one.frames) else "failed"
            said = "tshark did not count them" if found is None else f"{found} frames"
            expected = f"{_said(one.frames)} frames of {one.filter}"
            yield self._result(
                outcome, ("filters", at), one.name or one.filter, expected, said, display_filter=one.filter
            )


def matches(one: Connection, match: Match) -> bool:
    """Tell whether a connection is one of those that are meant."""
    tls = one.tls_handshake
    hello = tls.client_hello if tls else None
    chosen = tls.alpn if tls else None
    protocols = [chosen] if chosen else list(hello.alpn if hello else ())
    return (
        match.id in {None, one.id}
        and match.protocol in {None, one.protocol}
        and match.port in {None, one.server.port}
        and _like([one.client.ip], match.client)
        and _like([one.server.ip, *one.server.names], match.server)
        and _like([tls.sni] if tls else [], match.sni)
        and _like(protocols, match.alpn)
    )


def _like(values: Sequence[str | None], pattern: str | None) -> bool:
    if pattern is None:
        return True
    wanted = pattern.lower().rstrip(".")
    return any(value and fnmatchcase(value.lower().rstrip("."), wanted) for value in values)


def _in_connection(one: Finding, match: Match | None, by_id: dict[int, Connection]) -> bool:
    if match is None:
        return True
    return one.connection in by_id and matches(by_id[one.connection], match)


def doubt_of(report: Report) -> str | None:
    """Say why no answer out of this report can be trusted; None where nothing speaks against it."""
    if report.capture.stopped:
        return (
            f"tshark read it up to frame {report.capture.stopped.after_frame}: {report.capture.stopped.note}"
        )
    if report.capture.truncated:
        return "the capture is cut off"
    unknown = report.judging.not_evaluated if report.judging else ()
    if unknown:
        return f"the rule {unknown[0].rule} had no answer: {unknown[0].message}"
    failed = next((one for one in report.attempts if one.status == "failed"), None)
    if failed:
        return f"the analyzer {failed.analyzer} failed"
    return None


def _shown_by(connection: Connection | None, frames: tuple[int, ...]) -> str:
    parts = [connection.display_filter] if connection else []
    return " && ".join([*parts, *([frame_filter(frames)] if frames else [])])


def _described(match: Match) -> str:
    said = {key: getattr(match, key) for key in Match.__struct_fields__ if getattr(match, key) is not None}
    return ", ".join(f"{key} {value}" for key, value in said.items()) or "every connection"


def _said(value: object) -> str:
    if isinstance(value, str):
        text = value
    elif isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        text = " or ".join(map(_said, value))
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
