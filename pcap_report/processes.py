"""Run jobs in processes, one for each job: what happens to one of them happens to no other.

A process of its own gives all of its memory back, may crash or be killed, and can be stopped at any moment.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar

from pcap_report.errors import ExitCode, PcapReportError, no_room
from pcap_report.private_folder import PrivateFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

_Job = TypeVar("_Job")
_PATIENCE_S: Final = 10
"""How long a process may take to clean up behind itself."""
_LOOK_S: Final = 0.5
_SOCKET_ROOM: Final = 64
"""Characters of the folder for temporary files that leave room for a socket's name, which may have 107."""


@dataclass(frozen=True)
class Broken:
    """Why a job has no result: one line, and what a command would end with."""

    message: str
    exit_code: int


@dataclass(frozen=True)
class _Running(Generic[_Job]):
    job: _Job
    process: BaseProcess


def work_through(
    work: Callable[[_Job], None],
    jobs: Iterable[_Job],
    workers: int,
    idle: Callable[[], None] = lambda: None,
    *,
    preloaded: Sequence[str] = (),
) -> Generator[tuple[_Job, Broken | None], None, None]:
    """Do the jobs, some at a time, and yield each when it is done, with why it failed if it did.

    Whoever stops iterating, by an interrupt too, stops the processes: none of them and none of their tshark
    is left behind.

    Args:
        work: does one job; it is pickled by its name.
        jobs: taken one by one, when there is a process free.
        workers: how many processes at a time.
        idle: called now and then while waiting.
        preloaded: modules that the jobs need; where it can be, they are imported once for all processes.
    """
    context = _context(preloaded)
    waiting = iter(jobs)
    running: dict[Connection[Any, Any], _Running[_Job]] = {}
    try:
        while True:
            while len(running) < workers and (started := _next(context, work, waiting)):
                running[started[0]] = started[1]
            if not running:
                return
            for pipe in wait(list(running), _LOOK_S):
                assert not isinstance(pipe, int)  # pipes were waited for
                done = running.pop(pipe)  # type: ignore[call-overload]  # and they come back
                yield done.job, _outcome(pipe, done.process)  # type: ignore[arg-type]  # a pipe, as above
            idle()
    finally:
        _stop([one.process for one in running.values()])


def _context(preloaded: Sequence[str]) -> BaseContext:
    """Choose how processes start: from one that has everything imported, where there is such a thing."""
    has_room = len(tempfile.gettempdir()) < _SOCKET_ROOM
    if "forkserver" not in multiprocessing.get_all_start_methods() or not has_room:
        return multiprocessing.get_context("spawn")
    _hold_sockets()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preloaded))
    return context


@cache
def _hold_sockets() -> PrivateFolder:
    """Let multiprocessing put its socket into a folder of ours: its own would survive us if we are killed."""
    folder = PrivateFolder()
    # where multiprocessing.util.get_temp_dir() looks before it makes one; there is no public way
    multiprocessing.current_process()._config.setdefault("tempdir", str(folder.path))  # type: ignore[attr-defined]
    return folder


def _next(
    context: BaseContext, work: Callable[[_Job], None], jobs: Iterator[_Job]
) -> tuple[Connection[Any, Any], _Running[_Job]] | None:
    for job in jobs:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_live, args=(work, job, theirs))  # type: ignore[attr-defined]  # every context has it
        process.start()
        theirs.close()
        return ours, _Running(job, process)
    return None


def _live(work: Callable[[_Job], None], job: _Job, pipe: Connection[Any, Any]) -> None:
    """Live for one job, in a process group of its own: Ctrl-C reaches only our parent, who stops us."""
    if sys.platform != "win32":
        os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, _end)
    outcome: Broken | None = None
    _end_with_parent()
    try:
        work(job)
    except PcapReportError as error:
        outcome = Broken(error.message, error.exit_code)
    except Exception as error:  # the batch goes on
        full = no_room(error)
        bug = f"this is a bug of ours: {type(error).__name__}: {error}"
        outcome = Broken(full.message, full.exit_code) if full else Broken(bug, ExitCode.BUG)
    with contextlib.suppress(BrokenPipeError):  # our parent was interrupted and does not listen any more
        pipe.send(outcome)


def _end_with_parent() -> None:
    """When our parent is killed, nobody stops us: then we stop ourselves, and clean up."""
    parent = multiprocessing.parent_process()
    if parent is None or sys.platform == "win32":
        return

    def watch() -> None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="watches the parent", daemon=True).start()


def _end(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


def _outcome(pipe: Connection[Any, Any], process: BaseProcess) -> Broken | None:
    try:
        outcome: Broken | None = pipe.recv()
    except EOFError:
        process.join()
        _end_group(process)
        return Broken(_how_it_died(process.exitcode), ExitCode.BUG)
    finally:
        pipe.close()
    process.join()
    return outcome


def _how_it_died(status: int | None) -> str:
    if status is not None and status < 0:
        name = signal.Signals(-status).name
        memory = "; perhaps there was not enough memory" if name == "SIGKILL" else ""
        return f"its process was ended by {name}{memory}"
    return f"its process ended with {status}"


def _stop(processes: list[BaseProcess]) -> None:
    if not processes:
        return
    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not keep us from ending them
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(_PATIENCE_S)
        if process.is_alive():
            process.kill()
            process.join()
        _end_group(process)


def _end_group(process: BaseProcess) -> None:
    """End what a process that could not clean up has started."""
    if sys.platform != "win32" and process.pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
