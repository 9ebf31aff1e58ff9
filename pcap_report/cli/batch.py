"""``pcap-report batch``: a report of each of many captures, and an index over them."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report import __version__
from pcap_report.cli.formats import Presentation, chosen_format, require_presentable
from pcap_report.cli.messages import say_note
from pcap_report.cli.output import write_standard_output
from pcap_report.cli.settings import Settings, standard_error_is_watched
from pcap_report.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.progress import Progress, TaskID

    from pcap_report.batch.records import Failure
    from pcap_report.batch.run import Outcome
    from pcap_report.model.report import Report

DEFAULT_FORMAT: Final = "html"
_FAILURES_TOLD: Final = 20


@dataclass(frozen=True)
class BatchRequest:
    """What the command line asks for.

    Attributes:
        paths: captures, folders, globs.
        out: the folder for reports and index.
        format_name: of each report.
        presentation: how they are to look.
        workers: processes at a time; None for one on each core.
    """

    paths: Sequence[str]
    out: Path
    format_name: str
    presentation: Presentation
    workers: int | None


def run(request: BatchRequest, settings: Settings) -> ExitCode:
    """Make the reports that are missing and the index of all; return what to end with."""
    from pcap_report.batch.captures import find_captures
    from pcap_report.batch.records import Recipe
    from pcap_report.batch.run import Order, run_batch
    from pcap_report.batch.tables import tables_can_be_written
    from pcap_report.capture.tshark import find_tshark
    from pcap_report.engine.options import Options

    if request.out.exists() and not request.out.is_dir():
        raise UsageError(
            f"{request.out} is a file, and a batch is written to a folder", "Choose another DIR."
        )
    form = chosen_format(request.format_name, None)
    how = request.presentation
    require_presentable(how)
    if form.require:
        form.require()
    captures = find_captures(request.paths, request.out)
    order = Order(
        captures=captures,
        folder=request.out,
        workers=request.workers or cores(),
        options=Options(language=how.language),
        recipe=Recipe(__version__, find_tshark().version_text, form.name, how.language, how.profile),
        ending=form.endings[0],
        render=partial(rendered, form.name, how),
    )
    with _shown(captures, settings) as watch:
        outcome = run_batch(order, watch)
    _tell(outcome, request.out, settings)
    if not tables_can_be_written():
        say_note(settings, "without Parquet tables: they need pip install 'pcap-report[tables]'")
    return _code(outcome)


def rendered(format_name: str, how: Presentation, report: Report) -> str | bytes:
    """Write a report in a format; other processes call it by its name."""
    return chosen_format(format_name, None).render(report, how)


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _code(outcome: Outcome) -> ExitCode:
    """Fine, as long as one capture has a report; else what its captures end with, where they agree."""
    failures = outcome.index.failures
    if outcome.index.captures or not failures:
        return ExitCode.OK
    codes = {failure.exit_code for failure in failures}
    return ExitCode(codes.pop()) if len(codes) == 1 else ExitCode.COULD_NOT_TELL


def _tell(outcome: Outcome, folder: Path, settings: Settings) -> None:
    failures = outcome.index.failures
    for failure in failures[:_FAILURES_TOLD]:
        say_note(settings, _why(failure))
    if len(failures) > _FAILURES_TOLD:
        say_note(settings, f"and {len(failures) - _FAILURES_TOLD} more failed: all are in the index")
    if settings.quiet:
        return
    made, kept = outcome.made, outcome.kept
    text = f"reports made: {made}, as they were: {kept}, captures that failed: {len(failures)}"
    write_standard_output(f"{text}; the index lies in {folder / 'index.html'}\n")


def _why(failure: Failure) -> str:
    about_path = failure.path in failure.message
    return failure.message if about_path else f"{failure.path}: {failure.message}"


class _Quiet:
    """Shows nothing."""

    def done(self, size: int, *, failed: bool) -> None:
        """Show nothing."""

    def idle(self) -> None:
        """Show nothing."""


class _Bar:
    """A bar of bytes with the time left, and how many captures are done with."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self._done = self._failed = 0

    def done(self, size: int, *, failed: bool) -> None:
        """Move on."""
        self._done += 1
        self._failed += failed
        told = f"{self._done} done" + (f", {self._failed} failed" if self._failed else "")
        self._progress.update(self._task, advance=size, told=told)

    def idle(self) -> None:
        """Let the clock go on; Rich does that itself."""


@contextlib.contextmanager
def _shown(captures: Sequence[Path], settings: Settings) -> Iterator[_Bar | _Quiet]:
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
    total = sum(path.stat().st_size for path in captures if path.is_file())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bar(progress, progress.add_task("", total=total, told=f"{len(captures)} captures"))
