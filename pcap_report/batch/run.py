"""A batch from its captures to its index: only what is new or changed is read."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from pcap_report.batch.index import gravity, make_index, write_index
from pcap_report.batch.job import Job, kept_summary, make_report
from pcap_report.batch.records import Entry, Failure, Recipe, Summary
from pcap_report.batch.tables import FOLDER as TABLES
from pcap_report.batch.tables import write_tables
from pcap_report.errors import ExitCode, UsageError
from pcap_report.files import clear_drafts
from pcap_report.processes import Broken, work_through
from pcap_report.render.visible import from_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pcap_report.batch.records import Index
    from pcap_report.engine.options import Options
    from pcap_report.model.report import Report

REPORTS: Final = "reports"
_NAME_LENGTH: Final = 60
_HASH_LENGTH: Final = 16
_PRELOADED: Final = ("pcap_report.engine.analysis", "pcap_report.batch.job")


class Watch(Protocol):
    """Is told how a batch goes."""

    def done(self, size: int, *, failed: bool) -> None:
        """A capture of that many bytes is done with."""

    def idle(self) -> None:
        """Nothing has happened for a moment."""


@dataclass(frozen=True)
class Order:
    """What a batch is asked for.

    Attributes:
        captures: the captures.
        folder: where everything goes.
        workers: processes at a time.
        options: of each analysis.
        recipe: how each report is made.
        ending: of a report.
        render: writes a report; it is pickled.
    """

    captures: Sequence[Path]
    folder: Path
    workers: int
    options: Options
    recipe: Recipe
    ending: str
    render: Callable[[Report], str | bytes]


@dataclass
class Outcome:
    """How a batch ended.

    Attributes:
        index: what was written.
        made: reports that were made.
        kept: captures whose report was there already.
    """

    index: Index
    made: int
    kept: int


@dataclass
class _State:
    stems: dict[Path, str] = field(default_factory=dict)
    failures: dict[Path, Broken] = field(default_factory=dict)
    made: dict[str, Broken | None] = field(default_factory=dict)
    summaries: dict[str, Summary] = field(default_factory=dict)


def run_batch(order: Order, watch: Watch) -> Outcome:
    """Make the reports that are missing, and the index of all.

    Raises:
        UsageError: nothing can be written to the folder.
    """
    reports = order.folder / REPORTS
    try:
        reports.mkdir(parents=True, exist_ok=True)
        for folder in (order.folder, reports, order.folder / TABLES):
            clear_drafts(folder)
        state = _State()
        jobs = _jobs(order, reports, state, watch)
        work = work_through(make_report, jobs, order.workers, watch.idle, preloaded=_PRELOADED)
        with closing(work) as results:
            for job, broken in results:
                state.made[job.stem] = broken
                watch.done(_size(job.path), failed=broken is not None)
        kept = len(state.summaries)
        _collect(state, order, reports)
        entries, failures = _sorted_out(order.captures, state)
        entries.sort(key=gravity)
        tables = write_tables(order.folder, [reports / one.summary.json_report for one in _once(entries)])
        index = make_index(entries, failures, tables)
        write_index(index, order.folder, REPORTS, order.recipe.language)
    except OSError as error:
        place = error.filename2 or error.filename or order.folder
        raise UsageError(f"{place} cannot be written: {error.strerror or error}") from error
    return Outcome(index, sum(broken is None for broken in state.made.values()), kept)


def _jobs(order: Order, reports: Path, state: _State, watch: Watch) -> Iterator[Job]:
    """Yield what is to be done; each capture is hashed when its turn comes."""
    taken: set[str] = set()
    for path in order.captures:
        try:
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            state.failures[path] = Broken(f"{path} cannot be read: {error.strerror}", ExitCode.USAGE)
            watch.done(0, failed=True)
            continue
        stem = state.stems[path] = _stem(path, sha256)
        kept = None if stem in taken else kept_summary(reports, stem, sha256, order.recipe)
        if kept is not None:
            state.summaries[stem] = kept
        if kept is not None or stem in taken:
            watch.done(_size(path), failed=False)
            continue
        taken.add(stem)
        shown = from_bytes(os.fsencode(path))
        yield Job(path, shown, sha256, stem, reports, order.ending, order.options, order.recipe, order.render)


def _stem(path: Path, sha256: str) -> str:
    """Name the files of a capture: readable, the same every time, and without a sign that means anything."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", path.name)[:_NAME_LENGTH].strip(".-")
    return f"{name or 'capture'}-{sha256[:_HASH_LENGTH]}"


def _collect(state: _State, order: Order, reports: Path) -> None:
    """Read the summaries that the processes wrote."""
    for stem, broken in state.made.items():
        if broken is None:
            sha256 = stem[-_HASH_LENGTH:]
            summary = _written_summary(reports, stem, order.recipe)
            if summary is None or not summary.sha256.startswith(sha256):
                state.made[stem] = Broken(
                    "it changed while it was read: run the batch again", ExitCode.COULD_NOT_TELL
                )
            else:
                state.summaries[stem] = summary


def _written_summary(reports: Path, stem: str, recipe: Recipe) -> Summary | None:
    import msgspec

    from pcap_report.batch.job import SUMMARY_ENDING

    try:
        summary = msgspec.json.decode((reports / f"{stem}{SUMMARY_ENDING}").read_bytes(), type=Summary)
    except (OSError, msgspec.DecodeError):
        return None
    return summary if summary.recipe == recipe else None


def _sorted_out(captures: Sequence[Path], state: _State) -> tuple[list[Entry], list[Failure]]:
    entries: list[Entry] = []
    failures: list[Failure] = []
    for path in captures:
        shown = from_bytes(os.fsencode(path))
        stem = state.stems.get(path)
        broken = state.failures.get(path) if stem is None else state.made.get(stem)
        if broken is not None:
            failures.append(Failure(shown, from_bytes(os.fsencode(broken.message)), broken.exit_code))
        elif stem is not None:
            entries.append(Entry(shown, state.summaries[stem]))
    return entries, failures


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """Leave out captures that share a report with one before them."""
    return list({entry.summary.json_report: entry for entry in reversed(entries)}.values())[::-1]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
