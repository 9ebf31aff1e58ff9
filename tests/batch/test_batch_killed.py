"""A batch is killed at any moment, with ``kill -9``: the next run loses nothing, and cleans up.

``make test`` kills one; ``make kills`` kills many, at other moments.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.batch.test_batch import captures, stamps
from tests.cli.conftest import PROGRAM, Desk, desk

__all__ = ["desk"]  # a fixture

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found by their environment")
KILLS = int(os.environ.get("PCAP_REPORT_KILLS", "1"))
SEED = int(os.environ.get("PCAP_REPORT_SEED", "20261121"))
_COMMAND = ["batch", "in", "-f", "json", "--workers", "2", "--quiet"]


def content(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def processes_of(desk: Desk) -> list[int]:
    """Return the processes of this test: each has its TMPDIR in the environment it was started with."""
    found = []
    mark = f"TMPDIR={desk.environment['TMPDIR']}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            environment = (folder / "environ").read_bytes().split(b"\0")
            if any(one.startswith(mark) for one in environment) and (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def wait_until_nobody_is_left(desk: Desk, seconds: float = 60) -> list[int]:
    """Wait for the processes of this test to end by themselves; return those that do not."""
    deadline = time.monotonic() + seconds
    while processes_of(desk) and time.monotonic() < deadline:
        time.sleep(0.05)
    return processes_of(desk)


def left_lying(desk: Desk) -> list[Path]:
    """Return temporary files and drafts."""
    temporary = Path(desk.environment["TMPDIR"])
    found = [*temporary.glob("pcap-report-*"), *temporary.glob("pymp-*"), *temporary.glob("tmp*")]
    return [*found, *desk.folder.rglob("*.part")]


def kill(desk: Desk, process: subprocess.Popen[bytes], *, all_of_them: bool) -> None:
    """Kill the batch, and what it has started either with it or not."""
    others = processes_of(desk) if all_of_them else []
    process.kill()
    for pid in others:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def test_killed_at_any_moment_it_loses_nothing_and_leaves_nothing(desk: Desk) -> None:
    captures(desk.folder / "in", "http-dns", "mcp-tls13", "refused-and-unanswered", "tls12-chain")
    begin = time.monotonic()
    assert desk.run(*_COMMAND, "-o", "undisturbed").status == 0
    took = time.monotonic() - begin
    undisturbed = content(desk.folder / "undisturbed")
    chance = random.Random(SEED)  # noqa: S311 - no secret
    for number in range(KILLS):
        out = desk.folder / f"out-{number}"
        command = [str(PROGRAM), *_COMMAND, "-o", out.name]
        process = subprocess.Popen(command, cwd=desk.folder, env=desk.environment, start_new_session=True)
        time.sleep(chance.uniform(0.05, took))
        kill(desk, process, all_of_them=number % 2 == 0)
        assert wait_until_nobody_is_left(desk) == []
        before = stamps(out) if (out / "reports").exists() else {}
        whole = {name for name in before if name.endswith(".summary.json")}
        assert desk.run(*_COMMAND, "-o", out.name).status == 0
        assert content(out) == undisturbed, number
        kept = {name: at for name, at in stamps(out).items() if before.get(name) == at}
        assert whole <= kept.keys(), "what was whole was made a second time"
        assert wait_until_nobody_is_left(desk) == []
        assert left_lying(desk) == []


def test_two_batches_do_not_write_to_one_folder(desk: Desk) -> None:
    captures(desk.folder / "in", "http-dns")
    out = desk.folder / "out"
    out.mkdir()
    import fcntl

    number = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        done = desk.run(*_COMMAND, "-o", "out")
    finally:
        os.close(number)
    assert done.status == 2
    assert "Another batch is writing to out" in done.err
    assert desk.run(*_COMMAND, "-o", "out").status == 0
