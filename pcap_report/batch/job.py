"""One capture of a batch: read it, write its report, and say so last."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from pcap_report.batch.records import FindingCounts, Recipe, Summary, WorstFinding
from pcap_report.files import draft_beside
from pcap_report.render.visible import from_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pcap_report.engine.options import Options
    from pcap_report.model.report import Report

SUMMARY_ENDING: Final = ".summary.json"
_WORST: Final = 5
_FRAMES: Final = 10
_GRAVITY: Final = {"high": 0, "medium": 1, "low": 2, "info": 3}


@dataclass(frozen=True)
class Job:
    """A capture and what is to become of it; it travels to another process.

    Attributes:
        path: the capture.
        shown: its path as the index shows it.
        sha256: of the capture.
        stem: what its files are called.
        folder: where they go.
        ending: of the report.
        options: of the analysis.
        recipe: how the report is made.
        render: writes the report.
    """

    path: Path
    shown: str
    sha256: str
    stem: str
    folder: Path
    ending: str
    options: Options
    recipe: Recipe
    render: Callable[[Report], str | bytes]


def make_report(job: Job) -> None:
    """Read the capture and write its report, as JSON too, and then the summary that makes it count.

    Raises:
        PcapReportError: there is no report of it.
        OSError: it cannot be written.
    """
    from pcap_report.engine import analyze
    from pcap_report.render.json_report import render_json

    report = analyze(job.path, job.options)
    name = from_bytes(os.fsencode(job.path.name))  # a file's name may be no text
    report = replace(report, capture=replace(report.capture, file=name))
    names = [f"{job.stem}{job.ending}", f"{job.stem}.json"]
    for name, text in zip(dict.fromkeys(names), (job.render(report), render_json(report)), strict=False):
        _write(job.folder / name, text)
    summary = summary_of(report, job.recipe, *names)
    _write(job.folder / f"{job.stem}{SUMMARY_ENDING}", msgspec.json.encode(summary))


def kept_summary(folder: Path, stem: str, sha256: str, recipe: Recipe) -> Summary | None:
    """Return the summary of a report that is there, whole, and made by this recipe; None for one to make."""
    try:
        content = (folder / f"{stem}{SUMMARY_ENDING}").read_bytes()
        summary = msgspec.json.decode(content, type=Summary)
    except (OSError, msgspec.DecodeError):
        return None
    if summary.sha256 != sha256 or summary.recipe != recipe:
        return None
    files = (folder / summary.report, folder / summary.json_report)
    return summary if all(file.is_file() for file in files) else None


def summary_of(report: Report, recipe: Recipe, name: str, json_name: str) -> Summary:
    """Say in short what a report says."""
    counts = Counter(finding.severity for finding in report.findings)
    worst = sorted(report.findings, key=lambda finding: _GRAVITY[finding.severity])[:_WORST]
    return Summary(
        sha256=report.capture.sha256,
        recipe=recipe,
        report=name,
        json_report=json_name,
        file=report.capture.file,
        bytes=report.capture.bytes,
        packets=report.capture.packets,
        first_packet_at=report.capture.first_packet_at,
        duration_s=report.capture.duration_s,
        truncated=report.capture.truncated,
        connections=len(report.connections),
        findings=FindingCounts(counts["high"], counts["medium"], counts["low"], counts["info"]),
        worst=tuple(
            WorstFinding(one.id, one.severity, one.summary, one.connection, one.frames[:_FRAMES])
            for one in worst
        ),
        failed_analyzers=tuple(one.analyzer for one in report.attempts if one.status == "failed"),
    )


def _write(target: Path, text: str | bytes) -> None:
    with draft_beside(target) as draft:
        draft.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace"))
