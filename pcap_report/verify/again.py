"""Analyze a capture again the way a saved report was made."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.engine import Options, analyze
from pcap_report.engine.dissected import with_dissected
from pcap_report.engine.texts import with_texts
from pcap_report.render.phrases import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcap_report.engine.options import Progress
    from pcap_report.model.inside import HttpBody
    from pcap_report.model.report import Report


@dataclasses.dataclass(frozen=True)
class Logs:
    """Files beside a capture that a report was made with.

    Attributes:
        keys: the key log.
        rpc: the application's log.
    """

    keys: Path | None = None
    rpc: Path | None = None


NO_LOGS: Final = Logs()
_DISSECTED: Final = "dissected"
_NOT_ASKED: Final = "skipped"
_INSIDE: Final = "inside"
"""Runs where there is something for it, and cannot be asked for by name."""


def analyzed_again(
    report: Report,
    capture: Path,
    plugins: tuple[Path, ...] = (),
    progress: Progress | None = None,
    logs: Logs = NO_LOGS,
) -> Report:
    """Return the report of a capture with the options that a saved one was made with, in its language.

    Raises:
        UsageError: the saved report names an analyzer or a display filter that there is not.
        PcapReportError: the capture cannot be read.
    """
    asked = dataclasses.replace(
        options_of(report), plugins=plugins, progress=progress, keylog=logs.keys, rpc_log=logs.rpc
    )
    fresh = analyze(capture, asked)
    wanted = [one.frame for one in report.anatomy if one.role == _DISSECTED]
    if wanted:
        fresh = with_dissected(fresh, capture, wanted)
    return with_texts(fresh, language_of(report, fresh))


def options_of(report: Report) -> Options:
    """Read out of a report what was asked of its analysis."""
    ran = tuple(
        one.analyzer for one in report.attempts if one.status != _NOT_ASKED and one.analyzer != _INSIDE
    )
    return Options(
        display_filter=report.capture.display_filter,
        connections=tuple(one.id for one in report.connections) if report.connections_omitted else (),
        show_bodies=any(one.text is not None for one in _bodies(report)),
        analyzers=ran if any(one.status == _NOT_ASKED for one in report.attempts) else None,
        judging=report.judging,
    )


def _bodies(report: Report) -> Iterator[HttpBody]:
    for exchange in report.http:
        yield from (one for one in (exchange.request_body, exchange.response_body) if one)
    for connection in report.connections:
        yield from (one.body for one in connection.events if one.body)


def language_of(report: Report, fresh: Report) -> str:
    """Return the language in which most texts of a report are what its capture says."""
    stated = list(_texts(report))
    return max(
        LANGUAGES,
        key=lambda language: sum(
            one == other for one, other in zip(stated, _texts(with_texts(fresh, language)), strict=False)
        ),
    )


def _texts(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield finding.summary
    for limit in report.not_visible:
        yield limit.what
    for claim in report.claims:
        yield claim.text
    for connection in report.connections[:50]:
        for claim in connection.claims:
            yield claim.text


def without_names(report: Report) -> Report:
    """Leave out what is no statement about the capture: who made the report, and what the file is called."""
    return replace(
        report,
        generator=replace(report.generator, version="", tshark_version="", name=""),
        capture=replace(report.capture, file=""),
    )
