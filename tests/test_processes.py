"""One process for each job: what kills one of them, or whom they are started from, is told or mended."""

from __future__ import annotations

import os
import signal
import sys
from multiprocessing import forkserver, get_all_start_methods

import pytest

from pcap_report.processes import Broken, work_through

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")


def do(job: int) -> int:
    """Work in a process of its own; a negative job ends that."""
    if job < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return job + 1


def test_a_process_that_is_killed_is_told_from_work_that_fails() -> None:
    (_, dead), (_, fine) = work_through(do, (-1, 1), 1)
    assert isinstance(dead, Broken)
    assert dead.died
    assert "SIGKILL" in dead.message
    assert fine == 2


@pytest.mark.skipif("forkserver" not in get_all_start_methods(), reason="processes are not started from one")
def test_whom_processes_are_started_from_may_be_killed() -> None:
    results = work_through(do, (1, 2, 3), 1)
    assert next(results) == (1, 2)
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    if server is None:
        pytest.skip("processes are started anew here")
    os.kill(server, signal.SIGKILL)
    assert list(results) == [(2, 3), (3, 4)]
