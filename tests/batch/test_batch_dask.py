"""A batch on a real Dask scheduler with real worker processes: one is killed, Ctrl-C, other versions.

``make kills`` runs what ``make test`` has no time for.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.batch.test_batch import captures
from tests.batch.test_batch_killed import content, left_lying, processes_of
from tests.cli.conftest import PROGRAM, Desk, desk

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["desk"]  # a fixture

pytest.importorskip("distributed", reason="needs pip install 'pcap-report[dask]'")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found by their environment")
DASK = str(Path(sys.executable).with_name("dask"))
_PATIENCE_S = 180
_at_length = pytest.mark.skipif(
    "PCAP_REPORT_KILLS" not in os.environ, reason="takes long: make kills runs it"
)


class Machines:
    """A scheduler and workers, each a process of its own, with the environment of a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._file = desk.folder.parent / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self._file))
        wait_for(lambda: self._file.exists() and self._file.stat().st_size)
        self.address: str = json.loads(self._file.read_bytes())["address"]

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker."""
        options = (
            "--nthreads",
            "1",
            "--no-nanny",
            "--local-directory",
            str(self._desk.folder.parent / "dask"),
        )
        return self._start("worker", self.address, *options, **environment)

    def _start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [DASK, *arguments, "--no-dashboard"],
            cwd="/",
            env={**self._desk.environment, "PYTHONWARNINGS": "ignore", **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def close(self) -> None:
        """Stop everything."""
        for process in reversed(self.processes):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()


@pytest.fixture
def machines(desk: Desk) -> Iterator[Machines]:
    desk.environment["PYTHONWARNINGS"] = "default"  # Dask's own are not ours to mend
    made = Machines(desk)
    try:
        yield made
    finally:
        made.close()


def wait_for(condition: object) -> None:
    """Wait until something is so."""
    assert callable(condition)
    deadline = time.monotonic() + _PATIENCE_S
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


def others_of(desk: Desk, machines: Machines) -> list[int]:
    """Return the processes of this test beside scheduler and workers."""
    known = {one.pid for one in machines.processes}
    return [pid for pid in processes_of(desk) if pid not in known]


def slow_tshark(desk: Desk, name: str) -> None:
    """Let tshark take for ever with one capture."""
    real = shutil.which("tshark")
    desk.tshark_is(
        f'case "$1" in\n--version|-G) exec {real} "$@" ;;\nesac\n'
        f'case "$*" in\n*{name}*) exec sleep 300 ;;\nesac\nexec {real} "$@"\n'
    )


def test_a_worker_is_killed_and_nothing_is_lost_or_left(desk: Desk) -> None:
    captures(desk.folder / "in", "http-dns", "mcp-tls13", "refused-and-unanswered", "tls12-chain")
    (desk.folder / "in" / "bad.pcap").write_text("no capture")
    assert desk.run("batch", "in", "-o", "here", "-f", "json", "-q").status == 0
    desk.environment["PYTHONWARNINGS"] = "default"
    machines = Machines(desk)
    try:
        doomed, _ = machines.worker(), machines.worker()
        command = [str(PROGRAM), "batch", "in", "-o", "out", "-f", "json", "--dask", machines.address]
        process = subprocess.Popen(command, cwd=desk.folder, env=desk.environment, stdout=subprocess.PIPE)
        wait_for(lambda: _job_of(doomed.pid))
        doomed.kill()
        doomed.wait()
        out, _ = process.communicate(timeout=_PATIENCE_S)
        assert process.returncode == 0
        assert b"reports made: 4, as they were: 0, captures that failed: 1" in out
        assert content(desk.folder / "out") == content(desk.folder / "here")
        wait_for(lambda: not others_of(desk, machines))
        wait_for(lambda: not left_lying(desk))
        again = desk.run("batch", "in", "-o", "out", "-f", "json", "--dask", machines.address)
        assert "reports made: 0, as they were: 4" in again.out
    finally:
        machines.close()


def _job_of(pid: int) -> bool:
    """Tell whether a process has started a job."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if path.read_text("latin-1").rsplit(")", 1)[1].split()[1] == str(pid):
                return True
    return False


@_at_length
def test_an_interrupt_leaves_nothing_on_any_worker(desk: Desk) -> None:
    slow_tshark(desk, "mcp-tls13")
    captures(desk.folder / "in", "mcp-tls13")
    machines = Machines(desk)
    desk.environment["PYTHONWARNINGS"] = "default"
    try:
        machines.worker()
        command = [str(PROGRAM), "batch", "in", "-o", "out", "-f", "json", "--dask", machines.address]
        process = subprocess.Popen(
            command, cwd=desk.folder, env=desk.environment, stderr=subprocess.DEVNULL, start_new_session=True
        )
        wait_for(lambda: _slow_ones(desk))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=_PATIENCE_S) == 130
        wait_for(lambda: not others_of(desk, machines))
        assert left_lying(desk) == []
        assert not (desk.folder / "out" / "index.json").exists()
    finally:
        machines.close()


def _slow_ones(desk: Desk) -> list[int]:
    found = []
    for pid in processes_of(desk):
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"sleep\x00300"):
                found.append(pid)
    return found


@_at_length
def test_workers_that_are_not_alike_are_named(desk: Desk, machines: Machines) -> None:
    captures(desk.folder / "in", "http-dns")
    ask = ["batch", "in", "-o", "out", "--dask", machines.address]
    other = desk.folder.parent / "other" / "pcap_report-9.9.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: pcap-report\nVersion: 9.9\n")
    for environment, words in (
        ({"PYTHONPATH": str(other.parent)}, "has pcap-report 9.9, and here it is"),
        (
            {"PCAP_REPORT_TSHARK": "/nowhere/tshark"},
            "has no tshark: PCAP_REPORT_TSHARK names /nowhere/tshark",
        ),
    ):
        worker = machines.worker(**environment)
        done = desk.run(*ask)
        assert done.status == 2, done.err
        assert words in done.err
        worker.kill()
        worker.wait()
    assert not (desk.folder / "out" / "index.json").exists()


def test_where_no_scheduler_answers(desk: Desk) -> None:
    captures(desk.folder / "in", "http-dns")
    desk.environment["PYTHONWARNINGS"] = "default"
    done = desk.run("batch", "in", "-o", "out", "--dask", "tcp://127.0.0.1:9")
    assert (done.status, len(done.errors)) == (2, 2)
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in done.err
    assert list((desk.folder / "out" / "reports").iterdir()) == []
