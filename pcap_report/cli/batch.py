"""``pcap-report batch``: a report of each of many captures, and an index over them."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.cli.messages import say_note
from pcap_report.cli.output import write_standard_output
from pcap_report.cli.settings import Settings, standard_error_is_watched
from pcap_report.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.progress import Progress, TaskID

    from pcap_report.anonymize import Key
    from pcap_report.batch.captures import Capture
    from pcap_report.batch.places import Place
    from pcap_report.batch.records import Failure
    from pcap_report.batch.run import Outcome, Workers
    from pcap_report.cli.configuration import Wishes
    from pcap_report.engine.options import Options

_FAILURES_TOLD: Final = 20
_PRELOADED: Final = ("pcap_report.engine.analysis", "pcap_report.batch.job")


@dataclass(frozen=True)
class BatchRequest:
    """What the command line asks for.

    Attributes:
        paths: captures, folders, globs, also as URLs.
        out: the folder for reports and index, as a path or a URL.
        format_name: of each report.
        wishes: how they are to look.
        options: of the analyses.
        rules: a file with the user's rules.
        anonymize: with pseudonyms.
        anonymize_key: the file that they come from; None for a key that nobody keeps.
        workers: processes at a time; None for one on each core.
        dask: address of a scheduler whose workers do it instead.
    """

    paths: Sequence[str]
    out: str
    format_name: str
    wishes: Wishes
    options: Options
    rules: Path | None = None
    anonymize: bool = False
    anonymize_key: Path | None = None
    workers: int | None = None
    dask: str | None = None


def run(request: BatchRequest, settings: Settings) -> ExitCode:
    """Make the reports that are missing and the index of all; return what to end with."""
    from pcap_report.batch.captures import find_captures
    from pcap_report.batch.places import place_of
    from pcap_report.batch.run import Order, run_batch
    from pcap_report.batch.tables import tables_can_be_written
    from pcap_report.capture.tshark import find_tshark
    from pcap_report.cli.batch_plan import Asked, Plans

    place = place_of(request.out)
    asked = Asked(
        request.wishes, request.options, request.rules, request.format_name, _key(request, settings)
    )
    tshark_version = find_tshark().version_text
    plans = Plans(asked, tshark_version, settings)
    plans.require()
    captures = find_captures(request.paths, request.out)
    order = Order(
        captures=captures,
        out=request.out,
        place=place,
        plan=plans,
        workers=_workers(request, tshark_version),
        hash_here=request.dask is None,
        language=request.wishes.lang or "en",
        key=asked.key,
    )
    with _shown(captures, settings) as watch:
        outcome = run_batch(order, watch)
    _tell(outcome, place, settings)
    if not tables_can_be_written():
        say_note(settings, "without Parquet tables: they need pip install 'pcap-report[tables]'")
    return _code(outcome)


def _workers(request: BatchRequest, tshark_version: str) -> Workers:
    """Return who does the work: processes here, or the workers of a scheduler."""
    from pcap_report.batch.remote import is_url, local_text

    if request.dask is None:
        from pcap_report.processes import work_through

        return partial(work_through, workers=request.workers or cores(), preloaded=_PRELOADED)
    if request.workers is not None:
        raise UsageError(
            "--workers says how many processes run here, and with --dask none does",
            f"The workers' threads count: dask worker {request.dask} --nthreads N",
        )
    from pcap_report.batch.cluster import Cluster

    options = request.options
    named = (options.keylog, options.rpc_log, request.wishes.template, *options.plugins)
    return Cluster(
        address=request.dask,
        tshark_version=tshark_version,
        out=None if is_url(request.out) else Path(local_text(request.out)),
        files=[path for path in named if path is not None],
    )


def _key(request: BatchRequest, settings: Settings) -> Key | None:
    if not request.anonymize:
        return None
    from pcap_report.cli.anonymized import key_of

    if request.anonymize_key is None:
        text = "nobody keeps the key of the pseudonyms, so the next run makes all reports again"
        say_note(settings, f"{text}: --anonymize-key FILE keeps it")
    return key_of(request.anonymize_key)


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _code(outcome: Outcome) -> ExitCode:
    """Fine, as long as one capture has a report; else what its captures end with, where they agree."""
    failures = outcome.failures
    if outcome.index.captures or not failures:
        return ExitCode.OK
    codes = {failure.exit_code for failure in failures}
    return ExitCode(codes.pop()) if len(codes) == 1 else ExitCode.COULD_NOT_TELL


def _tell(outcome: Outcome, place: Place, settings: Settings) -> None:
    failures = outcome.failures
    for failure in failures[:_FAILURES_TOLD]:
        say_note(settings, _why(failure))
    if len(failures) > _FAILURES_TOLD:
        say_note(settings, f"and {len(failures) - _FAILURES_TOLD} more failed: all are in the index")
    if settings.quiet:
        return
    made, kept = outcome.made, outcome.kept
    text = f"reports made: {made}, as they were: {kept}, captures that failed: {len(failures)}"
    write_standard_output(f"{text}; the index lies in {place.shown}/index.html\n")


def _why(failure: Failure) -> str:
    about_path = failure.path in failure.message
    return failure.message if about_path else f"{failure.path}: {failure.message}"


class _Quiet:
    """Shows nothing."""

    def done(self, size: int, *, failed: bool) -> None:
        """Show nothing."""

    def kept(self, size: int) -> None:
        """Show nothing."""

    def idle(self) -> None:
        """Show nothing."""


class _Bar:
    """A bar of bytes with the time left, and how many captures are done with."""

    def __init__(self, progress: Progress, task: TaskID, total: int) -> None:
        self._progress = progress
        self._task = task
        self._total = total
        self._done = self._failed = 0

    def done(self, size: int, *, failed: bool) -> None:
        """Move on."""
        self._done += 1
        self._failed += failed
        told = f"{self._done} done" + (f", {self._failed} failed" if self._failed else "")
        self._progress.update(self._task, advance=size, told=told)

    def kept(self, size: int) -> None:
        """Leave out what is no work: the time that is left is told from the work done so far."""
        self._total -= size
        self._progress.update(self._task, total=self._total)

    def idle(self) -> None:
        """Let the clock go on; Rich does that itself."""


@contextlib.contextmanager
def _shown(captures: Sequence[Capture], settings: Settings) -> Iterator[_Bar | _Quiet]:
    if settings.quiet or not standard_error_is_watched():
        yield _Quiet()
        return
    import sys

    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr, no_color=not settings.colored(sys.stderr))
    columns = (
        TextColumn("{task.fields[told]}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    total = sum(one.size for one in captures)
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total, told=f"{len(captures)} captures")
        yield _Bar(progress, task, total)
