"""Run jobs in processes, one for each job: what happens to one of them happens to no other.

A process of its own gives all of its memory back, may crash or be killed, and can be stopped at any moment.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import wait
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar

from pcap_report.errors import ExitCode, PcapReportError, not_ours
from pcap_report.private_folder import PrivateFolder, temporary_files_in

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess
    from pathlib import Path

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")
_PATIENCE_S: Final = 10
"""How long a process may take to clean up behind itself."""
_LOOK_S: Final = 0.5
_TRIES: Final = 20
_AGAIN_S: Final = 0.1
_kept: list[object] | None = None
"""In a process that lives for one job: what goes with it."""
_SOCKET_ROOM: Final = 64
"""Characters of the folder for temporary files that leave room for a socket's name, which may have 107."""


@dataclass(frozen=True)
class Broken:
    """Why a job has no result: one line, and what a command would end with."""

    message: str
    exit_code: int
    died: bool = False
    """Its process ended without a word: it crashed or was killed."""


@dataclass(frozen=True)
class _Running(Generic[_Job]):
    job: _Job
    process: BaseProcess
    folder: PrivateFolder


def work_through(
    work: Callable[[_Job], _Result],
    jobs: Iterable[_Job],
    workers: int,
    idle: Callable[[], None] = lambda: None,
    *,
    preloaded: Sequence[str] = (),
) -> Generator[tuple[_Job, _Result | Broken], None, None]:
    """Do the jobs, some at a time, and yield each when it is done, with its result or why there is none.

    Whoever stops iterating, by an interrupt too, stops the processes: none of them, none of their tshark and
    none of their temporary files is left behind. Where this process is killed, they see it and end.

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
                yield done.job, _outcome(pipe, done)  # type: ignore[arg-type]  # a pipe, as above
            idle()
    finally:
        _stop(list(running.values()))


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
    context: BaseContext, work: Callable[[_Job], _Result], jobs: Iterator[_Job]
) -> tuple[Connection[Any, Any], _Running[_Job]] | None:
    for job in jobs:
        ours, theirs = context.Pipe(duplex=False)
        folder = PrivateFolder()
        process = context.Process(target=_live, args=(work, job, theirs, folder.path))  # type: ignore[attr-defined]  # every context has it
        _start(process)
        theirs.close()
        return ours, _Running(job, process, folder)
    return None


def _start(process: BaseProcess) -> None:
    """Start a process; where the one that they start from was killed, another one is begun."""
    with _without_main():
        for _ in range(_TRIES):
            with contextlib.suppress(EOFError, ConnectionError):
                process.start()
                return
            time.sleep(_AGAIN_S)
        process.start()


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Let what is started not run the main module: a script that calls the library would begin once more."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _live(work: Callable[[_Job], _Result], job: _Job, pipe: Connection[Any, Any], folder: Path) -> None:
    """Live for one job, in a process group of its own: Ctrl-C reaches only our parent, who stops us."""
    global _kept  # noqa: PLW0603 - a process lives for one job, or it does not
    gc.disable()  # a short life with many small records and no cycles, as that of a command
    _kept = []
    if sys.platform != "win32":
        os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, end_orderly)
    parent = multiprocessing.parent_process()
    assert parent is not None  # we were started
    end_when(parent.join)
    with temporary_files_in(folder):
        outcome = outcome_of(work, job)
        with contextlib.suppress(BrokenPipeError):  # our parent was interrupted and does not listen any more
            pipe.send(outcome)


def keep_to_the_end(*things: object) -> None:
    """Let things go with this process, if it lives for one job: many small records are freed one by one."""
    if _kept is not None:
        _kept.extend(things)


def outcome_of(work: Callable[[_Job], _Result], job: _Job) -> _Result | Broken:
    """Do a job and return its result, or why there is none."""
    try:
        return work(job)
    except PcapReportError as error:
        return Broken(error.message, error.exit_code)
    except Exception as error:  # the batch goes on
        full = not_ours(error)
        bug = f"this is a bug of ours: {type(error).__name__}: {error}"
        return Broken(full.message, full.exit_code) if full else Broken(bug, ExitCode.BUG)


def end_when(wait_for: Callable[[], object]) -> None:
    """End this process in an orderly way as soon as a wait is over; the hard way if that takes long."""

    def watch() -> None:
        wait_for()
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(_PATIENCE_S)
        _end_group(os.getpid())

    threading.Thread(target=watch, daemon=True).start()


def end_orderly(number: int, _: object) -> NoReturn:
    """End this process as a signal asks for, and clean up on the way."""
    signal.signal(number, signal.SIG_IGN)  # once is enough, and what is cleaned up now must not be disturbed
    raise SystemExit(128 + number)


def _outcome(pipe: Connection[Any, Any], done: _Running[Any]) -> Any:  # noqa: ANN401 - whatever the work returns
    try:
        return pipe.recv()
    except EOFError:
        done.process.join()
        _end_group(done.process.pid)
        return Broken(how_it_died(done.process.exitcode), ExitCode.BUG, died=True)
    finally:
        pipe.close()
        done.process.join()
        done.folder.close()


def how_it_died(status: int | None) -> str:
    """Say how a process ended that left no result."""
    if status is not None and status < 0:
        name = signal.Signals(-status).name
        memory = "; perhaps there was not enough memory" if name == "SIGKILL" else ""
        return f"its process was ended by {name}{memory}"
    return f"its process ended with {status}"


def _stop(running: list[_Running[Any]]) -> None:
    if not running:
        return
    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not keep us from ending them
    for one in running:
        one.process.terminate()
    for one in running:
        one.process.join(_PATIENCE_S)
        if one.process.is_alive():
            one.process.kill()
            one.process.join()
        _end_group(one.process.pid)
        one.folder.close()


def _end_group(pid: int | None) -> None:
    """End what a process that could not clean up has started."""
    if sys.platform != "win32" and pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
