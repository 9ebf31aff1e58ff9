"""One job in a program of its own, where processes may not be started: ``python -m pcap_report.batch.alone``.

A Dask worker runs jobs in threads, which share its memory, cannot be stopped, and whose temporary files and
tshark would stay behind where the worker is killed. This program reads its job from standard input, and ends
when that is closed, which the system does for a worker that is killed.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pcap_report.errors import ExitCode, UsageError
from pcap_report.private_folder import PrivateFolder, temporary_files_in
from pcap_report.processes import Broken, end_orderly, end_when, how_it_died, outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.batch.job import Done, Job

_LOOK_S: Final = 0.25
_PATIENCE_S: Final = 15
_SIZE: Final = 8


def run_alone(job: Job, folder: str, is_wanted: Callable[[], bool]) -> Done | Broken:
    """Start the program for a job and wait for its result; stop it when nobody wants that any more.

    Args:
        job: what to do.
        folder: the one that relative paths of the job begin in.
        is_wanted: asked now and then.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdin is not None  # pipes were asked for
    assert process.stdout is not None
    try:
        content = pickle.dumps((job, folder))
        process.stdin.write(len(content).to_bytes(_SIZE, "big") + content)
        process.stdin.flush()
        while is_wanted():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_S)
                return _result(process.stdout.read(), process.returncode)
        return Broken("it was not wanted any more", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        return Broken(how_it_died(process.wait()), ExitCode.BUG)
    finally:
        _end(process)


def _result(written: bytes, status: int) -> Done | Broken:
    if not written:
        return Broken(how_it_died(status), ExitCode.BUG)
    result: Done | Broken = pickle.loads(written)  # noqa: S301 - our own program wrote it
    return result


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE_S)
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what it could not end itself
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            pipe.close()  # type: ignore[union-attr]  # pipes were asked for


def _make_report(job: Job) -> Done:
    from pcap_report.batch.job import make_report

    _require_here(job)
    return make_report(job)


def _require_here(job: Job) -> None:
    """Make sure that this machine sees the capture that was meant."""
    if job.capture.is_remote:
        return
    import platform

    path = Path(job.capture.place).absolute()
    advice = "name captures on a path that all machines share, or by URL, such as s3://…"
    if not path.is_file():
        raise UsageError(f"{path} is not there on {platform.node()}, where a worker looked for it: {advice}")
    if path.stat().st_size != job.capture.size:
        raise UsageError(f"{path} is another file on {platform.node()}, or it changed: {advice}")


def main() -> None:
    """Do the job that standard input brings; write its result to standard output."""
    signal.signal(signal.SIGTERM, end_orderly)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source: Any = sys.stdin.buffer
    answer = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a plugin prints is no answer
    size = int.from_bytes(source.read(_SIZE), "big")
    job, folder = pickle.loads(source.read(size))  # noqa: S301 - the process that started us wrote it
    end_when(source.read)
    with contextlib.suppress(OSError):
        os.chdir(folder)
    with PrivateFolder() as private, temporary_files_in(private):
        outcome = outcome_of(_make_report, job)
    with contextlib.suppress(BrokenPipeError), os.fdopen(answer, "wb") as target:
        target.write(pickle.dumps(outcome))


if __name__ == "__main__":
    main()
