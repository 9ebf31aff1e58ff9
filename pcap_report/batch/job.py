"""One capture of a batch: read it, write its report, and say so last."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from pcap_report.batch.captures import at_hand, sha256_of
from pcap_report.batch.places import place_of, write
from pcap_report.batch.records import FindingCounts, Recipe, Summary, WorstFinding
from pcap_report.errors import CouldNotTellError, UsageError
from pcap_report.render.visible import from_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pcap_report.anonymize import Key
    from pcap_report.batch.captures import Capture
    from pcap_report.batch.places import Place
    from pcap_report.engine.options import Options
    from pcap_report.files import Content
    from pcap_report.model.report import Report

REPORTS: Final = "reports"
SOURCES: Final = "sources"
_SUMMARY_ENDING: Final = ".summary.json"
_WORST: Final = 5
_FRAMES: Final = 10
_GRAVITY: Final = {"high": 0, "medium": 1, "low": 2, "info": 3}
_NAME_LENGTH: Final = 60
_HASH_LENGTH: Final = 16
_SOURCE_LENGTH: Final = 32


class Rendering(NamedTuple):
    """A report as it is written: itself, with pseudonyms if so asked; in its format; and as JSON."""

    report: Report
    content: Content
    json: Content


@dataclass(frozen=True)
class Plan:
    """How the report of a capture is made.

    Attributes:
        options: of the analysis.
        recipe: by which a report is known that was made in the same way.
        ending: of the report's file.
        render: writes a report; it is pickled.
        key: of the pseudonyms; None where nothing is hidden.
    """

    options: Options
    recipe: Recipe
    ending: str
    render: Callable[[Report], Rendering]
    key: Key | None = None


@dataclass(frozen=True)
class Job:
    """A capture and what is to become of it; it travels to another process.

    Attributes:
        capture: where it lies.
        plan: how its report is made.
        out: the folder of the batch, as a path or a URL.
        sha256: of the capture; None where the one who does the job is to find out.
    """

    capture: Capture
    plan: Plan
    out: str
    sha256: str | None = None


class Done(NamedTuple):
    """A capture that has a report.

    Attributes:
        stem: what its files are called.
        summary: what the index says of it.
        kept: it had one already.
    """

    stem: str
    summary: Summary
    kept: bool = False


def make_report(job: Job) -> Done:
    """Read the capture and write its report, as JSON too, and then the summary that makes it count.

    Raises:
        PcapReportError: there is no report of it.
    """
    with at_hand(job.capture) as path:
        sha256 = job.sha256 or sha256_of(path, job.capture.shown)
        identity = identity_of(sha256, job.plan.key)
        stem = stem_of(job.capture, identity, job.plan.key)
        place = place_of(job.out)
        if job.sha256 is None:
            _note_source(place, job.capture, identity, job.plan.key)
            kept = kept_summary(place, stem, identity, job.plan.recipe)
            if kept is not None:
                return Done(stem, kept, kept=True)
        report = _read(path, job, sha256)
        try:
            return Done(stem, _write(report, place, stem, identity, job.plan))
        except OSError as error:
            where = error.filename2 or error.filename or place.shown
            raise UsageError(f"{where} cannot be written: {error.strerror or error}") from error


def identity_of(sha256: str, key: Key | None) -> str:
    """Return by what a capture is known: its hash, or one that only who has the key can make of it."""
    return sha256 if key is None else key.derived(f"capture {sha256}").hex()


def stem_of(capture: Capture, identity: str, key: Key | None) -> str:
    """Name the files of a capture: readable, the same every time, and without a sign that means anything."""
    name = "" if key else re.sub(r"[^A-Za-z0-9._-]+", "-", capture.name)[:_NAME_LENGTH].strip(".-")
    return f"{name or 'capture'}-{identity[:_HASH_LENGTH]}"


def source_of(capture: Capture, key: Key | None) -> str | None:
    """Return by what a version of a remote capture is known before it is fetched; None for nothing."""
    if capture.stamp is None:
        return None
    from hashlib import sha256

    text = f"{capture.place} {capture.stamp}"
    known = sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    return identity_of(known, key)[:_SOURCE_LENGTH]


def known_sources(place: Place) -> dict[str, str]:
    """Return what is known of remote captures: by what each is known before it is fetched, and after."""
    pairs = (name.split(".", 1) for name in place.names(SOURCES) if name.count(".") == 1)
    return {pair[0]: pair[1] for pair in pairs}


def kept_summary(place: Place, stem: str, identity: str, recipe: Recipe) -> Summary | None:
    """Return the summary of a report that is there, whole, and made by this recipe; None for one to make."""
    try:
        content = place.read(f"{REPORTS}/{stem}{_SUMMARY_ENDING}")
        summary = msgspec.json.decode(content, type=Summary)
    except (OSError, msgspec.DecodeError):
        return None
    if summary.sha256 != identity or summary.recipe != recipe:
        return None
    names = {summary.report, summary.json_report}
    return summary if all(place.has(f"{REPORTS}/{name}") for name in names) else None


def summary_of(report: Report, identity: str, recipe: Recipe, name: str, json_name: str) -> Summary:
    """Say in short what a report says."""
    counts = Counter(finding.severity for finding in report.findings)
    worst = sorted(report.findings, key=lambda finding: _GRAVITY[finding.severity])[:_WORST]
    return Summary(
        sha256=identity,
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


def _read(path: Path, job: Job, sha256: str) -> Report:
    from pcap_report.engine import analyze

    report = analyze(path, job.plan.options)
    if report.capture.sha256 != sha256:
        raise CouldNotTellError("it changed while it was read: run the batch again")
    name = from_bytes(os.fsencode(job.capture.name))  # a file's name may be no text
    return replace(report, capture=replace(report.capture, file=name))


def _write(report: Report, place: Place, stem: str, identity: str, plan: Plan) -> Summary:
    rendering = plan.render(report)
    names = [f"{stem}{plan.ending}", f"{stem}.json"]
    contents = dict(zip(names[::-1], (rendering.json, rendering.content), strict=True))
    for name, content in contents.items():
        write(place, f"{REPORTS}/{name}", content)
    summary = summary_of(rendering.report, identity, plan.recipe, *names)
    write(place, f"{REPORTS}/{stem}{_SUMMARY_ENDING}", msgspec.json.encode(summary))
    return summary


def _note_source(place: Place, capture: Capture, identity: str, key: Key | None) -> None:
    """Note what a remote capture is, in the name of an empty file: the next run need not fetch it."""
    source = source_of(capture, key)
    if source is not None:
        write(place, f"{SOURCES}/{source}.{identity}", b"")
