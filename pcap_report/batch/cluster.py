"""Let the workers of a Dask scheduler do the jobs: on other machines, with the same code."""

from __future__ import annotations

import contextlib
import importlib.metadata
import platform
import secrets
import signal
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pcap_report import __version__
from pcap_report.batch.alone import run_alone
from pcap_report.errors import ExitCode, PcapReportError, UsageError
from pcap_report.processes import Broken

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from pcap_report.batch.job import Done, Job

_CONNECT_S: Final = 10
_PATIENCE_S: Final = 20
_LOOK_S: Final = 0.2
_AHEAD: Final = 3
"""Jobs that the scheduler is given for each thread of a worker, so that none waits for the next."""
_PACKAGE: Final = "pcap-report"
_at_work: Counter[str] = Counter()
"""In a worker: jobs that its threads are doing, by batch."""


@dataclass(frozen=True)
class Introduction:
    """What a worker says of itself.

    Attributes:
        host: its machine.
        tshark_version: None where there is no tshark that can be used.
        why: there is none.
        missing: those of the files that it was asked for that it does not see.
    """

    host: str
    tshark_version: str | None
    why: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Cluster:
    """The workers of a scheduler.

    Attributes:
        address: of the scheduler.
        tshark_version: the one that reports of this batch are made with.
        out: the folder of the batch if it is a path; None for a URL.
        files: what options name, and each worker must see.
    """

    address: str
    tshark_version: str
    out: Path | None
    files: Sequence[Path]

    def __call__(
        self, work: Callable[[Job], Done], jobs: Iterable[Job], *, idle: Callable[[], None]
    ) -> Generator[tuple[Job, Done | Broken], None, None]:
        """Do the jobs and yield each when it is done; see :func:`pcap_report.processes.work_through`.

        Whoever stops iterating, by an interrupt too, stops the jobs: on no worker is anything left behind.

        Raises:
            UsageError: no scheduler answers, it has no worker, or a worker is not as it must be.
        """
        del work, idle  # the workers know what to do with a job, and Rich moves by itself
        run = secrets.token_hex(8)
        with _connected(self.address) as client:
            self._require_alike(client, run)
            yield from _submitted(client, jobs, run)

    def _require_alike(self, client: Any, run: str) -> None:  # noqa: ANN401 - distributed ships no types
        """Make sure that all workers would make the reports that this machine would make."""
        versions = client.run(importlib.metadata.version, _PACKAGE, on_error="return")
        for worker, version in sorted(versions.items()):
            _require_version(worker, version)
        with _mark(self.out, run) as mark:
            files = [str(path.absolute()) for path in (*self.files, *mark)]
            introductions: Mapping[str, Introduction] = client.run(introduce, files)
        for worker, one in sorted(introductions.items()):
            self._require(worker, one, {str(path.absolute()) for path in mark})

    def _require(self, worker: str, one: Introduction, mark: set[str]) -> None:
        where = f"The worker {worker} on {one.host}"
        if one.tshark_version is None:
            raise UsageError(f"{where} has no tshark: {one.why}", "Install it there, or stop that worker.")
        if one.tshark_version != self.tshark_version:
            raise UsageError(
                f"{where} has tshark {one.tshark_version}, and here it is {self.tshark_version}",
                "Reports of one batch come from one tshark: install the same one on all machines.",
            )
        if mark.intersection(one.missing):
            raise UsageError(
                f"{where} does not see {self.out}, where the reports go",
                "Name a folder on a path that all machines share, or a URL: -o s3://bucket/reports",
            )
        if one.missing:
            raise UsageError(
                f"{where} does not see {one.missing[0]}",
                "Files that options name must lie on a path that all machines share.",
            )


def introduce(files: Sequence[str]) -> Introduction:
    """Say what this worker has; it is called on each."""
    from pcap_report.capture.tshark import find_tshark

    version, why = None, ""
    try:
        version = find_tshark().version_text
    except PcapReportError as error:
        why = error.message
    return Introduction(platform.node(), version, why, tuple(one for one in files if not Path(one).exists()))


def do_job(job: Job, folder: str, run: str) -> Done | Broken:
    """Do a job in a program of its own; it is called in a thread of a worker."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def is_wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state == "executing"

    _at_work[run] += 1
    try:
        return run_alone(job, folder, is_wanted)
    finally:
        _at_work[run] -= 1


def jobs_at_work(run: str) -> int:
    """Return how many jobs of a batch this worker is doing; it is called on each."""
    return _at_work[run]


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Any]:
    import logging

    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("--dask needs Dask", "pip install 'pcap-report[dask]'") from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said by us, in one line
    try:
        client = Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"No Dask scheduler answers at {address}", "Start one: dask scheduler; its log tells the address."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_CONNECT_S)
        except (TimeoutError, OSError) as error:
            raise UsageError(
                f"The Dask scheduler at {address} has no workers",
                f"Start some on machines with pcap-report and tshark: dask worker {address}",
            ) from error
        yield client


def _require_version(worker: str, version: object) -> None:
    if isinstance(version, importlib.metadata.PackageNotFoundError):
        raise UsageError(
            f"The worker {worker} has no {_PACKAGE}",
            f"Install the same one there as here: pip install '{_PACKAGE}[dask]=={__version__}'",
        )
    if version != __version__:
        raise UsageError(
            f"The worker {worker} has {_PACKAGE} {version}, and here it is {__version__}",
            f"Install the same one on all machines: pip install '{_PACKAGE}[dask]=={__version__}'",
        )


@contextlib.contextmanager
def _mark(out: Path | None, run: str) -> Iterator[tuple[Path, ...]]:
    """Put a file into the folder of the batch, by which a worker tells it from one that is called alike."""
    if out is None:
        yield ()
        return
    path = out / f".{run}.part"
    path.touch()
    try:
        yield (path,)
    finally:
        path.unlink(missing_ok=True)


def _submitted(
    client: Any,  # noqa: ANN401 - distributed ships no types
    jobs: Iterable[Job],
    run: str,
) -> Generator[tuple[Job, Done | Broken], None, None]:
    from distributed import as_completed

    waiting = enumerate(jobs)
    doing: dict[Any, Job] = {}
    completed = as_completed(loop=client.loop)
    try:
        while True:
            room = _AHEAD * sum(client.nthreads().values()) - len(doing)
            for number, job in waiting if room > 0 else ():
                future = client.submit(
                    do_job, job, str(Path.cwd()), run, key=f"{_PACKAGE}-{run}-{number}", pure=False
                )
                doing[future] = job
                completed.add(future)
                room -= 1
                if room <= 0:
                    break
            if not doing:
                return
            future = next(completed)
            yield doing.pop(future), _outcome(future, client)
    finally:
        _stop(client, list(doing), run)


def _outcome(future: Any, client: Any) -> Done | Broken:  # noqa: ANN401 - distributed ships no types
    from distributed.scheduler import KilledWorker

    try:
        result: Done | Broken = future.result()
    except KilledWorker:
        return Broken("every worker that tried it ended; perhaps there was not enough memory", ExitCode.BUG)
    except Exception as error:  # whatever a scheduler or a worker stumbles over
        if client.status != "running" or future.cancelled():
            raise UsageError(
                "The Dask scheduler is gone", "Start it, and run the batch again: what is done is kept."
            ) from error
        return Broken(f"the worker failed: {type(error).__name__}: {error}", ExitCode.BUG)
    return result


def _stop(client: Any, futures: Sequence[Any], run: str) -> None:  # noqa: ANN401 - distributed ships no types
    """Cancel what is not done, and wait until nobody is at it any more."""
    if not futures:
        return
    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not keep us from ending them
    with contextlib.suppress(Exception):  # a scheduler that is gone has nobody at work for us
        client.cancel(futures, force=True)
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline and any(client.run(jobs_at_work, run).values()):
            time.sleep(_LOOK_S)
