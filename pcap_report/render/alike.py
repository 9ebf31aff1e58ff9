"""Findings as they are listed: of one rule about very many connections only the first few."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from pcap_report.model.evidence import Finding
from pcap_report.model.filters import frame_filter, frame_runs
from pcap_report.model.message import msg_n

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_IN_FULL: Final = 5
_MOST: Final = 8
_RUNS_NAMED: Final = 24


def listed(findings: Sequence[Finding]) -> list[Finding]:
    """Return what is listed: of more than eight findings of a rule in a row, five and one for the rest."""
    return [
        one
        for _, alike in groupby(findings, key=lambda one: (one.severity, one.id))
        for one in _shortened(list(alike))
    ]


def _shortened(alike: list[Finding]) -> Iterator[Finding]:
    if len(alike) <= _MOST or any(one.connection is None for one in alike):
        yield from alike
        return
    yield from alike[:_IN_FULL]
    yield _rest(alike[_IN_FULL:])


def _rest(findings: Sequence[Finding]) -> Finding:
    numbers = sorted({one.connection for one in findings if one.connection is not None})
    frames = sorted({frame for one in findings for frame in one.frames})
    frames = [at for first, last in frame_runs(frames)[:_RUNS_NAMED] for at in range(first, last + 1)]
    text = msg_n(
        "The same in %(count)s more connection: %(numbers)s.",
        "The same in %(count)s more connections: %(numbers)s.",
        len(numbers),
        numbers=tuple(numbers),
    )
    shown = frame_filter(frames) if frames else findings[0].display_filter
    return Finding(findings[0].id, findings[0].severity, "", None, tuple(frames), shown, text)
