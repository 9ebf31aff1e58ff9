"""tshark starts before it is read, is asked once, and never stays behind."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from pcap_report.capture import ahead, one_pass
from pcap_report.capture.ahead import begun
from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.tshark import Tshark, find_tshark
from pcap_report.cli.early import tshark_begun
from tests.dialogue.files import frames, pcap

_COUNTED = """#!/bin/sh
[ "$1" = -G ] || echo $$ >> {log}
exec {tshark} "$@"
"""


class Counted:
    """A tshark that notes its starts, but for questions about itself."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "starts"
        self._log.touch()
        program, real = folder / "counted-tshark", find_tshark()
        program.write_text(_COUNTED.format(log=self._log, tshark=real.path))
        program.chmod(0o755)
        self.tshark = Tshark(str(program), real.version, real.known)

    @property
    def starts(self) -> list[str]:
        return self._log.read_text().split()

    def read(self, capture: Path, declared: tuple[str, ...] = ("tcp.len",)) -> list[str | None]:
        return [packet.text(declared[0]) for packet in CaptureReader(self.tshark, capture, declared)]


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counted:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    counted = Counted(tmp_path)
    monkeypatch.setenv("PCAP_REPORT_TSHARK", counted.tshark.path)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    return counted


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "some.pcap"
    path.write_bytes(pcap(frames(20)))
    return path


def test_the_second_capture_is_begun_with_the_question_of_the_first(
    counted: Counted, capture: Path, tmp_path: Path
) -> None:
    with begun(capture):
        assert counted.starts == []
        first = counted.read(capture)

    other = tmp_path / "other.pcap"
    other.write_bytes(capture.read_bytes())
    with begun(other):
        second = counted.read(other)

    assert len(first) == 20
    assert second == first
    assert len(counted.starts) == 2


def test_another_question_is_asked_anew_and_is_the_next_ones(counted: Counted, capture: Path) -> None:
    with begun(capture):
        counted.read(capture)
    for starts in (3, 4):  # one that nobody wanted, and then none
        with begun(capture):
            assert counted.read(capture, ("ip.ttl",)) == ["64"] * 20
        assert len(counted.starts) <= starts
    assert not list((capture.parent / "temporary").iterdir())


def test_a_second_reading_of_the_same_capture_is_a_run_of_its_own(counted: Counted, capture: Path) -> None:
    for _ in range(2):
        with begun(capture):
            assert counted.read(capture) == counted.read(capture)
    assert len(counted.starts) == 4


def test_what_nobody_reads_leaves_nothing(counted: Counted, capture: Path) -> None:
    with begun(capture):
        counted.read(capture)
    with begun(capture):
        pass
    assert not list((capture.parent / "temporary").iterdir())
    for process in counted.starts:
        assert not Path("/proc", process).exists()


def test_no_capture_and_no_usable_memory_begin_nothing(
    counted: Counted, capture: Path, tmp_path: Path
) -> None:
    with begun(capture):
        counted.read(capture)
    text = tmp_path / "text.txt"
    text.write_text("no capture")
    with begun(text), begun(tmp_path / "nothing"):
        pass
    for kept in (tmp_path / "cache").rglob("*-asked.json"):
        for damage in ("{", '{"stamp": 1}', kept.read_text().replace('"arguments": [', '"arguments": [7, ')):
            kept.write_text(damage)
            with begun(capture):
                assert len(counted.starts) == 1


def test_what_could_not_begin_is_asked_when_it_is_needed(
    counted: Counted, capture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(capture):
        counted.read(capture)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "no-such-folder"))
    with begun(capture):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
        assert len(counted.read(capture)) == 20


@pytest.mark.parametrize(("workers", "is_begun"), [("2", True), ("3", False), ("0", False)])
def test_what_is_read_in_shards_is_not_begun(
    counted: Counted, capture: Path, monkeypatch: pytest.MonkeyPatch, workers: str, *, is_begun: bool
) -> None:
    started: list[str] = []
    monkeypatch.setattr(ahead._Begun, "start", lambda self: started.append(self.capture))
    monkeypatch.setattr(ahead, "_SMALL", 10)
    monkeypatch.setattr(ahead, "processors", lambda: 3)
    monkeypatch.setattr(one_pass, "_MOST_WITH_MANY_WORKERS", 20)
    with tshark_begun(["analyze", str(capture), f"--workers={workers}"]):
        assert started == [str(capture)] * is_begun


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["check", "CAPTURE"],
        ["analyze", "-"],
        ["analyze", "CAPTURE", "-Y", "tcp"],
        ["analyze", "CAPTURE", "--display-filter=tcp"],
        ["analyze", "--analyzers", "dns", "CAPTURE"],
        ["analyze", "CAPTURE", "--workers", "many"],
    ],
)
def test_only_the_usual_question_is_asked_early(words: list[str], capture: Path) -> None:
    arguments = [str(capture) if word == "CAPTURE" else word for word in words]
    assert isinstance(tshark_begun(arguments), nullcontext)
    assert not isinstance(tshark_begun(["analyze", "-o", "out.md", str(capture)]), nullcontext)
