"""Examine an expectations file beyond its form: do its paths, comparisons, expressions and rules exist?"""

from __future__ import annotations

import difflib
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pcap_report.checks.comparisons import fault_of
from pcap_report.checks.expectations import SHORT_NAMES, Expectations, Match, expressions_of
from pcap_report.checks.paths import PathError, require_path
from pcap_report.model.capture import CaptureInfo
from pcap_report.model.connection import Connection
from pcap_report.model.report import Report
from pcap_report.written.expressions import require_expression

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from pcap_report.written.yaml_file import Place, Written

_CONNECTION: frozenset[str] = frozenset(Connection.__struct_fields__)
_REPORT: frozenset[str] = frozenset(Report.__struct_fields__)


def read_expectations(path: Path) -> tuple[Expectations, Written]:
    """Read and examine an expectations file.

    Raises:
        UsageError: it makes no sense; with line and column.
    """
    from pcap_report.written.yaml_file import read_yaml

    written = read_yaml(path)
    wanted = written.convert(Expectations)
    examine(wanted, written)
    return wanted, written


def examine(wanted: Expectations, written: Written) -> None:
    """Refuse what could never hold, and an empty file, which would always.

    Raises:
        UsageError: with line and column.
    """
    if not (wanted.connections or wanted.no_findings or wanted.filters or wanted.capture or wanted.cel):
        written.wrong((), "nothing is expected", "Write at least one of connections, no_findings, filters.")
    _paths(wanted.capture, ("capture",), CaptureInfo, written)
    _expressions(wanted.cel, ("cel",), _REPORT, written)
    for at, one in enumerate(wanted.connections):
        place: Place = ("connections", at)
        _comparison(one.count, (*place, "count"), written, counts=True)
        _paths(one.expect, (*place, "expect"), Connection, written)
        _expressions(one.cel, (*place, "cel"), _CONNECTION, written)
        _patterns(one.match, (*place, "match"), written)
    for at, unwanted in enumerate(wanted.no_findings):
        _pattern(unwanted.id, ("no_findings", at, "id"), written)
        if unwanted.match is not None:
            _patterns(unwanted.match, ("no_findings", at, "match"), written)
    for at, filtered in enumerate(wanted.filters):
        _comparison(filtered.frames, ("filters", at, "frames"), written, counts=True)
        if not filtered.filter.strip() or not filtered.filter.isprintable():
            written.wrong(("filters", at, "filter"), "a display filter is one line of text")


def require_rules(wanted: Expectations, rules: Collection[str], written: Written) -> None:
    """Make sure that every finding that must not be there could be there: a rule that is misspelled never is.

    Raises:
        UsageError: there is no such rule; with line and column.
    """
    for at, one in enumerate(wanted.no_findings):
        if not any(fnmatchcase(rule, one.id) for rule in rules):
            near = difflib.get_close_matches(one.id, rules, 1)
            meant = f"Did you mean {near[0]}? " if near else ""
            hint = f"{meant}See which there are: pcap-report rules"
            written.wrong(("no_findings", at, "id"), f"there is no rule {one.id}", hint)


def _patterns(match: Match, place: Place, written: Written) -> None:
    for key in ("client", "server", "sni", "alpn"):
        pattern = getattr(match, key)
        if pattern is not None:
            _pattern(pattern, (*place, key), written)


def _pattern(pattern: str, place: Place, written: Written) -> None:
    if not pattern.strip():
        written.wrong(place, "an empty pattern matches nothing", "Write * for everything.")
    if "[" in pattern:
        hint = "* is any text, ? any character; an IPv6 address is written without brackets."
        written.wrong(place, f"{pattern} has a bracket, which no name and no address has", hint)


def _paths(expect: dict[str, Any], place: Place, kind: type, written: Written) -> None:
    for path, expected in expect.items():
        here = (*place, path)
        full = SHORT_NAMES.get(path, path) if kind is Connection else path
        try:
            require_path(kind, full)
        except PathError as error:
            written.wrong(here, str(error), error.hint(full) if error.names else None)
        for one in expected if isinstance(expected, list) else [expected]:
            _comparison(one, here, written)
        if expected == []:
            written.wrong(here, "an empty list allows no value")


def _comparison(expected: object, place: Place, written: Written, *, counts: bool = False) -> None:
    fault = fault_of(expected)
    if fault:
        written.wrong(place, fault)
    if counts and isinstance(expected, str) and expected.strip()[:1] not in {"<", ">", "=", "!"}:
        written.wrong(place, f"{expected} is no number", 'Write 3, or ">= 1".')
    if counts and isinstance(expected, int) and expected < 0:
        written.wrong(place, "there are never fewer than none")


def _expressions(cel: str | list[str], place: Place, names: frozenset[str], written: Written) -> None:
    for at, text in enumerate(expressions_of(cel)):
        require_expression(text, place if isinstance(cel, str) else (*place, at), names, written)
