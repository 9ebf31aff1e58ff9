"""Full disks and places that cannot be written to: one line, what to do, and nothing half written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from pcap_report.capture.process import TsharkRun
from pcap_report.capture.tshark import find_tshark
from pcap_report.errors import UsageError, not_ours
from tests.cli.conftest import PROGRAM, SAMPLES, Desk, Done

Sample = Callable[[str], Path]
_SMALL: Final = "size=20k"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts a small file system")


def _mounted(place: Path, options: str) -> Iterator[Path]:
    place.mkdir()
    if os.geteuid():
        pytest.skip("only root mounts a file system")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.decode()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 20 kB."""
    yield from _mounted(tmp_path / "small", _SMALL)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A disk that nothing is written to."""
    yield from _mounted(tmp_path / "read-only", f"{_SMALL},ro")


def _refused(done: Done, words: str) -> None:
    assert (done.status, done.out) == (2, "")
    assert words in done.errors[0]
    assert len(done.errors) <= 2
    assert done.errors[0].startswith("pcap-report: ")


@pytest.mark.parametrize(
    "command",
    [
        ["analyze", "CAPTURE", "-o", "OUT/report.html"],
        ["analyze", "CAPTURE", "-o", "OUT/report.md", "--charts", "auto"],
        ["annotate", "CAPTURE", "-o", "OUT/copy.pcapng"],
    ],
    ids=lambda command: command[-1],
)
def test_a_full_disk(command: list[str], desk: Desk, sample: Sample, small: Path) -> None:
    words = [str(sample("mcp-tls13")) if word == "CAPTURE" else word for word in command]
    done = desk.run(*(word.replace("OUT", str(small)) for word in words))
    _refused(done, "cannot be written: No space left on device")
    assert list(small.iterdir()) == []


def test_a_full_disk_under_a_batch(desk: Desk, sample: Sample, small: Path) -> None:
    done = desk.run("batch", sample("mcp-tls13"), "-o", small / "reports", "-q")
    _refused(done, "cannot be written: No space left on device")
    assert not list(small.rglob("*.part"))
    assert not list(small.rglob("*.html"))


@pytest.mark.parametrize("command", ["analyze", "annotate", "batch"])
def test_a_disk_that_is_read_only(command: str, desk: Desk, sample: Sample, read_only: Path) -> None:
    target = read_only / {"analyze": "report.md", "annotate": "copy.pcapng", "batch": "reports"}[command]
    _refused(desk.run(command, sample("mcp-tls13"), "-o", target), str(read_only))


def test_a_full_disk_for_temporary_files(desk: Desk, small: Path) -> None:
    large = b"".join(path.read_bytes() for path in sorted(SAMPLES.glob("*.pcapng")))
    desk.environment["TMPDIR"] = str(small)
    done = desk.run("analyze", "-", stdin=large)
    _refused(done, "There is no room left on the disk: No space left on device")
    assert "TMPDIR" in done.errors[1]
    assert list(small.iterdir()) == []


def test_a_temporary_folder_that_is_read_only(desk: Desk, sample: Sample, read_only: Path) -> None:
    """Python then takes another one that it knows of."""
    desk.environment["TMPDIR"] = str(read_only)
    assert desk.run("analyze", sample("mcp-tls13"), "-f", "json").status == 0


def test_no_temporary_folder_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with (
        pytest.raises(UsageError, match="No temporary folder can be made in"),
        TsharkRun(find_tshark().path, ["-v"]),
    ):
        pass


@pytest.mark.parametrize(
    "command",
    [
        ["analyze", "CAPTURE", "-f", "md", "-o", "/dev/full"],
        ["annotate", "CAPTURE", "-o", "/dev/full"],
        ["check", "CAPTURE", "--expect", str(SAMPLES / "expectations.yaml"), "-q", "--junit", "/dev/full"],
    ],
    ids=lambda command: command[0],
)
def test_a_device_that_is_full(command: list[str], desk: Desk, sample: Sample) -> None:
    device = Path("/dev/full")
    if not device.is_char_device():
        pytest.skip("there is no /dev/full")
    done = desk.run(*(sample("mcp-tls13") if word == "CAPTURE" else word for word in command))
    _refused(done, "/dev/full cannot be written: No space left on device")
    assert device.is_char_device()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        ImportError("libarrow.so.2600: failed to map segment from shared object"),
        ImportError("libc.so.6: cannot allocate memory in static TLS block"),
    ],
    ids=["memory", "segment", "block"],
)
def test_too_little_memory_is_no_bug(error: Exception) -> None:
    told = not_ours(error)
    assert told is not None
    assert told.message == "There is not enough memory for this"
    assert not_ours(ImportError("No module named 'x'")) is None


def test_a_file_that_may_not_grow_further(desk: Desk, sample: Sample) -> None:
    """The largest file that this process may write has 10 kB (setrlimit(2))."""
    target = desk.folder / "report.html"
    held = ["/bin/sh", "-c", 'ulimit -f 20; exec "$@"', "sh", str(PROGRAM)]
    command = [*held, "analyze", str(sample("mcp-tls13")), "-o", str(target)]
    done = subprocess.run(command, env=desk.environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"cannot be written: File too large" in done.stderr
    assert desk.names() == set()
