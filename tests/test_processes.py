"""One process for each job: what kills one of them, or whom they are started from, is told or mended."""

from __future__ import annotations

import os
import signal
import sys
from multiprocessing import forkserver, get_all_start_methods
from typing import TYPE_CHECKING

import pytest

from pcap_report.processes import Broken, keep_to_the_end, work_through

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")


def do(job: int) -> int:
    """Work in a process of its own; a negative job ends that."""
    if job < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return job + 1


class Traced:
    """Leaves a file when it is freed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __del__(self) -> None:
        self.path.touch()


def keep_one(path: Path) -> bool:
    """Keep something; tell whether it is there when the work is done."""
    keep_to_the_end(Traced(path))
    return not path.exists()


def test_what_a_job_keeps_goes_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "freed"
    assert list(work_through(keep_one, [path], 1)) == [(path, True)]


def test_where_no_process_ends_with_a_job_nothing_is_kept(tmp_path: Path) -> None:
    assert not keep_one(tmp_path / "freed")


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
