"""A batch from its captures to its index: only what is new or changed is read."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from pcap_report.batch.captures import sha256_of
from pcap_report.batch.exclusive import alone_in
from pcap_report.batch.index import gravity, make_index, write_index
from pcap_report.batch.job import (
    REPORTS,
    SOURCES,
    Done,
    Job,
    identity_of,
    kept_summary,
    known_sources,
    make_report,
    source_of,
    stem_of,
)
from pcap_report.batch.places import LocalPlace
from pcap_report.batch.records import Entry, Failure
from pcap_report.batch.tables import FOLDER as TABLES_FOLDER
from pcap_report.batch.tables import write_tables
from pcap_report.errors import PcapReportError, UsageError
from pcap_report.processes import Broken
from pcap_report.render.visible import from_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from pcap_report.anonymize import Key
    from pcap_report.batch.captures import Capture
    from pcap_report.batch.job import Plan
    from pcap_report.batch.places import Place
    from pcap_report.batch.records import Index, Summary

_FOLDERS: Final = (REPORTS, SOURCES, TABLES_FOLDER)


class Watch(Protocol):
    """Is told how a batch goes."""

    def done(self, size: int, *, failed: bool) -> None:
        """A capture of that many bytes is done with."""

    def kept(self, size: int) -> None:
        """A capture of that many bytes had its report already."""

    def idle(self) -> None:
        """Nothing has happened for a moment."""


class Workers(Protocol):
    """Do jobs, some at a time; see :func:`pcap_report.processes.work_through`."""

    def __call__(
        self, work: Callable[[Job], Done], jobs: Iterable[Job], *, idle: Callable[[], None]
    ) -> Generator[tuple[Job, Done | Broken], None, None]:
        """Yield each job when it is done, with its result or why there is none."""


@dataclass(frozen=True)
class Order:
    """What a batch is asked for.

    Attributes:
        captures: the captures.
        out: where everything goes, as a path or a URL.
        place: the same, to write to.
        plan: tells how the report of a capture is made, or raises a PcapReportError.
        workers: who does it.
        hash_here: look for what is there already before a worker is asked, which means to read all of each
            capture here; else the workers do.
        language: of the index, where the reports do not agree on one.
        key: of the pseudonyms; None where nothing is hidden.
    """

    captures: Sequence[Capture]
    out: str
    place: Place
    plan: Callable[[Capture], Plan]
    workers: Workers
    hash_here: bool
    language: str
    key: Key | None = None


@dataclass
class Outcome:
    """How a batch ended.

    Attributes:
        index: what was written.
        failures: what has no report; unlike in the index, nothing has a pseudonym.
        made: reports that were made.
        kept: reports that were there already.
    """

    index: Index
    failures: list[Failure]
    made: int
    kept: int


@dataclass
class _State:
    plans: dict[Capture, Plan] = field(default_factory=dict)
    stems: dict[Capture, str] = field(default_factory=dict)
    begun: dict[str, Capture] = field(default_factory=dict)
    """The first capture of those with the same content."""
    broken: dict[Capture, Broken] = field(default_factory=dict)
    summaries: dict[str, Summary] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)

    def take(self, capture: Capture, outcome: Done | Broken) -> None:
        """Note how a capture came out."""
        if isinstance(outcome, Broken):
            self.broken[capture] = outcome
            return
        self.stems[capture] = outcome.stem
        self.summaries.setdefault(outcome.stem, outcome.summary)
        if outcome.stem not in self.made | self.kept:
            (self.kept if outcome.kept else self.made).add(outcome.stem)

    def failure_of(self, capture: Capture) -> Broken | None:
        """Return why a capture has no report; one with the same content may have failed."""
        stem = self.stems.get(capture)
        first = capture if stem is None else self.begun.get(stem, capture)
        return self.broken.get(capture) or self.broken.get(first)


def run_batch(order: Order, watch: Watch) -> Outcome:
    """Make the reports that are missing, and the index of all.

    Raises:
        UsageError: nothing can be written to the folder, or another batch is writing to it.
    """
    place = order.place
    try:
        place.begin(REPORTS)
        with ExitStack() as stack:
            if isinstance(place, LocalPlace):
                stack.enter_context(alone_in(place.folder))
            place.sweep(*_FOLDERS)
            state = _worked_through(order, watch)
            entries, failures, hidden = _sorted_out(order, state)
            entries.sort(key=gravity)
            reports = [f"{REPORTS}/{one.summary.json_report}" for one in _once(entries)]
            index = make_index(entries, hidden, write_tables(place, reports))
            write_index(index, place, REPORTS, _language(entries, order.language))
            place.sweep(*_FOLDERS)
    except OSError as error:
        where = error.filename2 or error.filename or place.shown
        raise UsageError(f"{where} cannot be written: {error.strerror or error}") from error
    return Outcome(index, failures, len(state.made), len(state.kept))


def _worked_through(order: Order, watch: Watch) -> _State:
    state = _State()
    if any(one.is_remote for one in order.captures):
        order.place.begin(SOURCES)
    jobs = _jobs(order, state, watch)
    with closing(order.workers(make_report, jobs, idle=watch.idle)) as results:
        for job, outcome in results:
            state.take(job.capture, outcome)
            if isinstance(outcome, Done) and outcome.kept:
                watch.kept(job.capture.size)
            else:
                watch.done(job.capture.size, failed=isinstance(outcome, Broken))
    return state


def _jobs(order: Order, state: _State, watch: Watch) -> Iterator[Job]:
    """Yield what is to be done; what can be known here of a capture is looked up when its turn comes."""
    sources = known_sources(order.place) if any(one.is_remote for one in order.captures) else {}
    for capture in order.captures:
        try:
            plan = state.plans[capture] = order.plan(capture)
            sha256 = None
            if order.hash_here and not capture.is_remote:
                sha256 = sha256_of(Path(capture.place), capture.shown)
        except PcapReportError as error:
            state.broken[capture] = Broken(error.message, error.exit_code)
            watch.done(capture.size, failed=True)
            continue
        identity = (
            sources.get(source_of(capture, plan.key) or "")
            if sha256 is None
            else identity_of(sha256, plan.key)
        )
        if identity is not None and _is_settled(capture, identity, order.place, state):
            watch.kept(capture.size)
        else:
            yield Job(capture, plan, order.out, sha256)


def _is_settled(capture: Capture, identity: str, place: Place, state: _State) -> bool:
    """Tell whether a capture needs no work: its report is there, or one with the same content is at work."""
    plan = state.plans[capture]
    stem = stem_of(capture, identity, plan.key)
    if stem in state.begun:
        state.stems[capture] = stem
        return True
    state.begun[stem] = capture
    summary = kept_summary(place, stem, identity, plan.recipe)
    if summary is not None:
        state.take(capture, Done(stem, summary, kept=True))
    return summary is not None


def _sorted_out(order: Order, state: _State) -> tuple[list[Entry], list[Failure], list[Failure]]:
    """Return the entries of the index, what failed, and what the index says of that."""
    entries: list[Entry] = []
    failures: list[Failure] = []
    for capture in order.captures:
        broken = state.failure_of(capture)
        if broken is not None:
            message = from_bytes(os.fsencode(broken.message))
            failures.append(Failure(capture.shown, message, broken.exit_code))
        else:
            summary = state.summaries[state.stems[capture]]
            entries.append(Entry(summary.file if order.key else capture.shown, summary))
    return entries, failures, [_as_published(one, order.key) for one in failures]


def _as_published(failure: Failure, key: Key | None) -> Failure:
    """Say of what failed only that it did, where names are to be hidden: its message may hold some."""
    if key is None:
        return failure
    return Failure(f"capture-{identity_of(failure.path, key)[:8]}", "it could not be read", failure.exit_code)


def _language(entries: Sequence[Entry], asked: str) -> str:
    """Return the language of the index: that of the reports, where they agree on one."""
    found = {entry.summary.recipe.language for entry in entries}
    return found.pop() if len(found) == 1 else asked


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """Leave out captures that share a report with one before them."""
    return list({entry.summary.json_report: entry for entry in reversed(entries)}.values())[::-1]
