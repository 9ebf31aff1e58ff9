"""No tshark stays behind, and nobody's settings change what it says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.capture.process import TsharkRun
from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.tshark import Tshark, find_tshark
from pcap_report.engine import analyze
from pcap_report.errors import TsharkError
from tests.dialogue.files import frames, pcap

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording

_SLOW: Final = """#!/bin/sh
case "$1" in
--version|-G) exec {tshark} "$@" ;;
esac
echo $$ > {pid}
{tshark} "$@"
exec sleep 60
"""


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "some.pcap"
    path.write_bytes(pcap(frames(20)))
    return path


@pytest.fixture
def slow(tmp_path: Path) -> tuple[Path, Path]:
    """A tshark that does its work and then does not end, and the file with its process number."""
    program, pid = tmp_path / "slow-tshark", tmp_path / "pid"
    program.write_text(_SLOW.format(tshark=find_tshark().path, pid=pid))
    program.chmod(0o755)
    return program, pid


def runs(pid: Path) -> bool:
    state = Path("/proc", pid.read_text().strip(), "stat")
    try:
        return state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(pid: Path) -> bool:
    for _ in range(100):
        if not runs(pid):
            return True
        time.sleep(0.05)
    return False


def wait_until_reading(pid: Path) -> None:
    for _ in range(1200):
        if pid.exists() and pid.read_text().strip():
            break
        time.sleep(0.05)
    time.sleep(0.3)


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")


@needs_proc
def test_a_consumer_that_stops_early_leaves_no_tshark(capture: Path, slow: tuple[Path, Path]) -> None:
    program, pid = slow
    tshark = find_tshark()
    packets = iter(CaptureReader(Tshark(str(program), tshark.version, tshark.known), capture, ()))
    assert next(packets).frame == 1
    assert runs(pid)

    before = time.monotonic()
    packets.close()  # type: ignore[attr-defined]  # it is a generator
    assert not runs(pid)
    assert time.monotonic() - before < 30


@needs_proc
def test_an_exception_leaves_no_tshark(capture: Path, slow: tuple[Path, Path]) -> None:
    program, pid = slow

    def read() -> None:
        with TsharkRun(str(program), ["-r", str(capture)]) as run:
            for _ in run:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read()
    assert not runs(pid)


@needs_proc
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_tshark(
    capture: Path, slow: tuple[Path, Path], kind: signal.Signals
) -> None:
    program, pid = slow
    command = [sys.executable, "-m", "pcap_report", "analyze", str(capture)]
    environment = {**os.environ, "PCAP_REPORT_TSHARK": str(program)}
    # a group of its own, so that tshark is not told by the terminal but has to be stopped by us
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0
    )
    wait_until_reading(pid)
    process.send_signal(kind)
    process.communicate(timeout=60)
    assert wait_until_gone(pid)


@needs_proc
def test_what_nohup_ignores_stays_ignored(capture: Path, slow: tuple[Path, Path]) -> None:
    program, pid = slow
    ignoring = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh"]
    command = [*ignoring, sys.executable, "-m", "pcap_report", "analyze", str(capture)]
    environment = {**os.environ, "PCAP_REPORT_TSHARK": str(program)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0
    ) as process:
        wait_until_reading(pid)
        os.killpg(process.pid, signal.SIGHUP)
        time.sleep(1)
        assert process.poll() is None
        assert runs(pid)
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert wait_until_gone(pid)


def test_nothing_is_left_in_the_temporary_folder(
    capture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    analyze(capture)
    assert list(place.iterdir()) == []


def test_a_program_that_does_not_start(capture: Path, tmp_path: Path) -> None:
    with pytest.raises(TsharkError, match="does not start"), TsharkRun(str(tmp_path / "none"), ["-r", "x"]):
        pass


def test_a_name_that_looks_like_an_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-z.pcap").write_bytes(pcap(frames(2)))
    assert analyze(Path("-z.pcap")).capture.packets == 2


def test_personal_settings_change_nothing(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.talk().established().closed()
    capture = recording.write()
    before = analyze(capture)

    home = tmp_path / "home"
    for folder in (home / ".config" / "wireshark", home / ".wireshark"):
        folder.mkdir(parents=True)
        (folder / "preferences").write_text(
            "tcp.relative_sequence_numbers: FALSE\ntcp.analyze_sequence_numbers: FALSE\n"
        )
        (folder / "hosts").write_text("203.0.113.5 evil.example\n")
        (folder / "disabled_protos").write_text("tcp\n")
        (folder / "plugins").mkdir()
        for script in (folder / "init.lua", folder / "plugins" / "own.lua"):
            script.write_text(f'io.open("{tmp_path}/touched", "w"):close()\n')
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("WIRESHARK_CONFIG_DIR", str(home / ".config" / "wireshark"))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "C")

    assert analyze(capture) == before
    assert not (tmp_path / "touched").exists()
