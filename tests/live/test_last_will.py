"""A shell does what is to be done once we are gone, and nothing where all is tidy."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pcap_report.live.last_will import LastWill

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no shell")

_TESTATOR = """
import subprocess, sys
from pathlib import Path
from pcap_report.live.last_will import LastWill
sleeper = subprocess.Popen(["sleep", "600"], process_group=0)
LastWill(Path(sys.argv[1]), sleeper.pid)
print(sleeper.pid, flush=True)
sys.stdin.read()
"""


def test_when_we_are_killed_its_group_ends_and_its_folder_goes(tmp_path: Path) -> None:
    folder = tmp_path / "a folder; with 'odd' $(characters)"
    folder.mkdir()
    (folder / "file").write_text("content", "utf-8")
    (tmp_path / "other").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", _TESTATOR, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as testator:
        assert testator.stdout
        sleeper = int(testator.stdout.readline())
        assert _is_there(sleeper)
        testator.kill()
    _within_a_minute(lambda: not _is_there(sleeper) and not folder.exists())
    _within_a_minute(lambda: str(folder) not in _command_lines())
    assert (tmp_path / "other").exists()


def test_what_is_revoked_does_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "600"], process_group=0) as sleeper:
        try:
            will = LastWill(tmp_path, sleeper.pid)
            assert str(tmp_path) in _command_lines()
            will.revoke()
            will.revoke()
            assert str(tmp_path) not in _command_lines()
            assert tmp_path.exists()
            assert sleeper.poll() is None
        finally:
            sleeper.kill()


def _is_there(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _command_lines() -> str:
    done = subprocess.run(["ps", "-A", "-ww", "-o", "args"], capture_output=True, text=True, check=True)
    return done.stdout


def _within_a_minute(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not so() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert so()
