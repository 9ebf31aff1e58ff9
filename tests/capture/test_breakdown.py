"""A tshark that crashes, hangs, takes too much or says too little: what it had read is told, and no more."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.capture.limits import machine_memory
from pcap_report.capture.process import TsharkRun
from pcap_report.capture.tshark import find_tshark
from pcap_report.engine import Options, analyze
from pcap_report.errors import TsharkError, UsageError
from pcap_report.verify import verify, verify_fresh
from tests.dialogue.files import frames, pcap

if TYPE_CHECKING:
    from collections.abc import Callable

linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux lets a limit be set on memory")

SAMPLE: Final = Path(__file__).resolve().parents[2] / "samples" / "http-dns.pcapng"
_STAND_IN: Final = """#!/bin/sh
case "$*" in
--version|-G*) exec {tshark} "$@" ;;
{apart}) exec {tshark} "$@" ;;
esac
{tshark} "$@" | head -n {rows}
. {ending}
"""
_MANY: Final = 40_000


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tshark that prints what the real one prints, twelve rows of it, and then ends as a file says."""
    folder = tmp_path_factory.mktemp("stand-in")
    program = folder / "failing-tshark"
    program.write_text(
        _STAND_IN.format(tshark=find_tshark().path, apart="--none", rows=12, ending=folder / "ending")
    )
    program.chmod(0o755)
    return program


@pytest.fixture
def ending(stand_in: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let it be the machine's tshark, and end in this way."""

    def become(how: str) -> None:
        stand_in.with_name("ending").write_text(how + "\n")
        monkeypatch.setenv("PCAP_REPORT_TSHARK", str(stand_in))
        monkeypatch.setenv("XDG_CACHE_HOME", str(stand_in.parent))

    return become


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.pcap"
    path.write_bytes(pcap(frames(2) * (_MANY // 2)))
    return path


@pytest.mark.parametrize(
    ("how", "reason", "note"),
    [
        ("kill -s SEGV $$", "crashed", "ended by SIGSEGV"),
        ("kill -s ABRT $$", "crashed", "ended by SIGABRT"),
        ("kill -s KILL $$", "crashed", "ended by SIGKILL; perhaps there was not enough memory"),
        (
            "echo 'GLib-ERROR: failed to allocate 9 bytes' >&2; kill -s TRAP $$",
            "memory",
            "needed more memory",
        ),
        ("exit 0", "left_out", "after 12 of 25 frames"),
        ("printf '13\\t1700000000.0'; kill -s SEGV $$", "crashed", "ended by SIGSEGV"),
    ],
    ids=["SIGSEGV", "SIGABRT", "SIGKILL", "no memory", "early and content", "in the middle of a row"],
)
def test_the_report_covers_what_was_read(
    ending: Callable[[str], None], how: str, reason: str, note: str
) -> None:
    whole = analyze(SAMPLE)
    ending(how)
    report = analyze(SAMPLE)
    stopped = report.capture.stopped
    assert stopped is not None
    assert (stopped.reason, stopped.after_frame, report.capture.packets) == (reason, 12, 12)
    assert note in stopped.note
    assert report.capture.truncated
    assert report.not_visible[0].what == "What came after frame 12"
    assert (whole.capture.stopped, whole.capture.truncated) == (None, False)


def test_what_hangs_is_ended(ending: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    ending("exec sleep 600")
    monkeypatch.setenv("PCAP_REPORT_SILENCE_S", "6")
    before = time.monotonic()
    report = analyze(SAMPLE)
    assert time.monotonic() - before < 60
    stopped = report.capture.stopped
    assert stopped is not None
    assert (stopped.reason, stopped.after_frame) == ("silent", 12)


def test_silence_at_work_is_no_hanging(monkeypatch: pytest.MonkeyPatch, large: Path) -> None:
    """A filter that selects nothing has nothing to say for as long as the capture is read."""
    monkeypatch.setenv("PCAP_REPORT_SILENCE_S", "1")
    arguments = ["-n", "-r", str(large), "-Y", "frame.number == 40000", "-T", "fields", "-e", "frame.number"]
    with TsharkRun(find_tshark().path, arguments) as run:
        assert list(run) == ["40000\n"]
    assert (run.breakdown, run.exit_status) == (None, 0)


def test_a_tshark_that_dies_at_once_is_no_empty_capture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "dying-tshark"
    text = _STAND_IN.format(tshark=find_tshark().path, apart="--none", rows=0, ending="/dev/null")
    program.write_text(text + "kill -s SEGV $$\n")
    program.chmod(0o755)
    monkeypatch.setenv("PCAP_REPORT_TSHARK", str(program))
    with pytest.raises(TsharkError, match=r"ended by SIGSEGV before the first packet"):
        analyze(SAMPLE)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_the_real_tshark_killed_while_it_reads(large: Path) -> None:
    seen = 0
    with TsharkRun(find_tshark().path, ["-n", "-r", str(large), "-T", "fields", "-e", "frame.number"]) as run:
        for line in run:
            seen += 1
            assert line == f"{seen}\n"
            if seen == 100:
                os.kill(run._process.pid, signal.SIGSEGV)
    assert 100 <= seen < _MANY
    assert run.breakdown
    assert run.breakdown.text == "tshark was ended by SIGSEGV"


@linux
def test_the_real_tshark_without_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its libraries alone need more."""
    find_tshark()
    monkeypatch.setenv("PCAP_REPORT_MEMORY_MB", "256")
    with pytest.raises(TsharkError, match="before the first packet"):
        analyze(SAMPLE)


def test_the_real_tshark_without_time(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCAP_REPORT_CPU_S", "1")
    report = analyze(large)
    stopped = report.capture.stopped
    assert stopped is not None
    assert stopped.reason == "time", stopped.note
    assert 0 < stopped.after_frame == report.capture.packets < _MANY


@pytest.mark.parametrize("value", ["lots", "-1", "1.5", "²"])
def test_a_limit_that_is_no_number(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PCAP_REPORT_MEMORY_MB", value)
    with pytest.raises(UsageError, match="PCAP_REPORT_MEMORY_MB is no whole number"):
        analyze(SAMPLE)


@linux
def test_memory_is_that_of_the_machine() -> None:
    assert machine_memory() >= 2 * 1024**3


def test_a_proof_by_a_broken_tshark_is_none(ending: Callable[[str], None]) -> None:
    report = analyze(SAMPLE)
    ending("kill -s SEGV $$")
    verdicts = {one.verdict for one in verify_fresh(report, SAMPLE).statements}
    assert "refuted" not in verdicts
    assert "not_provable" in verdicts
    found = verify(report, SAMPLE)
    assert found.verdict == "not_provable"
    assert "the new analysis ends at frame 12: tshark was ended by SIGSEGV" in found.notes


def test_a_report_of_a_part_is_proved_by_that_part(
    ending: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ending("kill -s SEGV $$")
    report = analyze(SAMPLE)
    monkeypatch.delenv("PCAP_REPORT_TSHARK")
    found = verify(report, SAMPLE)
    assert [one for one in found.statements if one.verdict == "refuted"] == []
    assert found.verdict == "not_provable"


def test_half_a_story_inside_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look with the keys breaks down, and the first reading did not."""
    program = tmp_path / "blind-tshark"
    text = _STAND_IN.format(tshark=find_tshark().path, apart="[!k]*", rows=12, ending="/dev/null")
    with_keys = text.replace("[!k]*)", "*keylog_file*) ;;\n*)")
    program.write_text(with_keys + "kill -s SEGV $$\n")
    program.chmod(0o755)
    monkeypatch.setenv("PCAP_REPORT_TSHARK", str(program))
    report = analyze(SAMPLE.with_name("mcp-tls13.pcapng"), Options(keylog=SAMPLE.with_name("mcp-tls13.keys")))
    assert report.capture.stopped is None
    assert all(one.inside is None for one in report.connections)
    failed = [one for one in report.attempts if one.status == "failed"]
    assert failed
    assert all(one.message and "SIGSEGV" in one.message for one in failed)
