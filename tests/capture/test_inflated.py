"""A small file that unfolds to a great one is read up to a bound, and the report says up to where."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pcap_report.capture.file_facts import file_facts
from pcap_report.capture.magic import capture_format
from pcap_report.engine import analyze
from tests.dialogue.files import frames, pcap

if TYPE_CHECKING:
    from pathlib import Path

_FRAMES = 3000
_PAYLOAD = bytes(1000)


@pytest.fixture(params=["gzip", "zstd"])
def bomb(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Three megabytes of packets in some kilobytes."""
    plain = pcap(frames(2, _PAYLOAD) * (_FRAMES // 2))
    path = tmp_path / f"bomb.pcap.{request.param}"
    if request.param == "gzip":
        path.write_bytes(gzip.compress(plain))
        return path
    program = shutil.which("zstd")
    if program is None:
        pytest.skip("no zstd")
    path.write_bytes(subprocess.run([program, "-c"], input=plain, capture_output=True, check=True).stdout)
    return path


def test_a_bomb_is_read_up_to_a_bound(bomb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bomb.stat().st_size < 100_000
    monkeypatch.setenv("PCAP_REPORT_INFLATED_MB", "1")
    report = analyze(bomb)
    stopped = report.capture.stopped
    assert stopped is not None
    assert stopped.reason == "inflated"
    assert stopped.after_frame == report.capture.packets
    assert 1024 * 1024 - 2100 < report.capture.packets * (54 + 500 + 16) <= 1024 * 1024
    assert report.capture.truncated
    assert report.not_visible[0].what == f"What came after frame {stopped.after_frame}"


def test_an_honest_compressed_capture_is_read_whole(bomb: Path) -> None:
    report = analyze(bomb)
    assert (report.capture.packets, report.capture.stopped) == (_FRAMES, None)
    assert not report.capture.truncated


def test_what_is_ours_stops_too(bomb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = capture_format(bomb)
    if not form.compressed:
        pytest.skip("only tshark reads it")
    monkeypatch.setenv("PCAP_REPORT_INFLATED_MB", "1")
    facts = file_facts(bomb, form)
    assert facts.cut
    assert 0 < facts.frames < _FRAMES
