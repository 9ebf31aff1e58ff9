"""Where the report goes: whole or not at all, private on the way, and quiet towards whoever stops reading."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pcap_report.cli import output
from pcap_report.errors import UsageError
from tests.cli.conftest import KNOWS_FIELDS, PROGRAM, Desk

Sample = Callable[[str], Path]


def test_a_pipe_gets_markdown(desk: Desk, sample: Sample) -> None:
    done = desk.run("analyze", sample("mcp-tls13"))
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("# ")
    assert "```mermaid\nsequenceDiagram" in done.out
    assert desk.run("analyze", sample("mcp-tls13"), "-o", "-").out == done.out


@pytest.mark.parametrize(
    ("name", "start"),
    [("r.md", "# "), ("r.markdown", "# "), ("r.JSON", "{\n"), ("r.txt", "╭─ mcp-tls13.pcapng")],
)
def test_the_ending_says_the_format(desk: Desk, sample: Sample, name: str, start: str) -> None:
    done = desk.run("analyze", sample("mcp-tls13"), "-o", name)
    assert (done.status, done.out, done.err) == (0, "", "")
    assert (desk.folder / name).read_text(encoding="utf-8").startswith(start)
    assert desk.names() == {name}


def test_the_option_wins_over_the_ending(desk: Desk, sample: Sample) -> None:
    assert desk.run("analyze", sample("mcp-tls13"), "-o", "report.md", "-f", "json").status == 0
    assert json.loads((desk.folder / "report.md").read_text())["schema_version"] == 1


def test_a_file_is_replaced_in_one_step_and_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    target.write_text("before")
    target.chmod(0o640)
    before = target.stat().st_ino
    output.write_file("after", target)
    assert target.read_text() == "after"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert target.stat().st_ino != before


def test_a_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        output.write_file("text", tmp_path / "report.md")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "report.md").stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    target, link = tmp_path / "kept" / "report.md", tmp_path / "report.md"
    link.symlink_to(target)
    output.write_file("text", link)
    assert link.is_symlink()
    assert target.read_text() == "text"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=repr)
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "report.md"
    target.write_text("before")

    def pieces() -> Iterator[bytes]:
        yield b"aft"
        drafts = [one for one in tmp_path.iterdir() if one != target]
        assert [stat.S_IMODE(one.stat().st_mode) for one in drafts] == [0o600]
        raise error

    with pytest.raises((UsageError, KeyboardInterrupt)):
        output.write_file(pieces(), target)
    assert [one.name for one in tmp_path.iterdir()] == ["report.md"]
    assert target.read_text() == "before"


def test_a_device_is_written_to_and_not_replaced(desk: Desk, sample: Sample) -> None:
    assert desk.run("analyze", sample("mcp-tls13"), "-o", os.devnull, "-f", "md").status == 0
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_standard_output(desk: Desk, sample: Sample) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [PROGRAM, "analyze", sample("mcp-tls13")],
            env=desk.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.decode() == "pcap-report: Standard output cannot be written: No space left on device\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's redirection")
def test_a_closed_standard_output(desk: Desk, sample: Sample) -> None:
    command = f"'{PROGRAM}' analyze '{sample('mcp-tls13')}' >&-"
    done = subprocess.run(["sh", "-c", command], env=desk.environment, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"Standard output is closed" in done.stderr


@pytest.mark.parametrize("command", ["analyze", "connections", "schema"])
def test_whoever_stops_reading_is_not_complained_to(desk: Desk, sample: Sample, command: str) -> None:
    arguments: list[str | Path] = [PROGRAM, command]
    if command != "schema":
        arguments.append(sample("mcp-tls13"))
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            arguments, env=desk.environment, stdout=pipe, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_leaves_no_process_and_no_file(
    desk: Desk, sample: Sample, real_tshark: str, tmp_path: Path, number: int, status: int
) -> None:
    mark = tmp_path / "tshark-runs"
    desk.tshark_is(KNOWS_FIELDS.format(tshark=real_tshark) + f"echo $$ >'{mark}'\nexec sleep 60\n")
    process = subprocess.Popen(
        [PROGRAM, "analyze", sample("mcp-tls13"), "-o", "report.md"],
        cwd=desk.folder,
        env=desk.environment,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 30
    while not (mark.exists() and mark.read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (status, b"")
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)
    assert desk.names() == set()
    assert [one for one in tmp_path.iterdir() if one.name.startswith("pcap-report-")] == []


def test_nothing_temporary_is_left_behind(desk: Desk, sample: Sample, tmp_path: Path) -> None:
    capture = sample("mcp-tls13").read_bytes()
    assert desk.run("analyze", "-", "--dissect", "12", "-f", "json", stdin=capture).status == 0
    assert {one.name for one in tmp_path.iterdir()} == {"desk", "cache"}
