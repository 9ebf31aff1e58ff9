"""Frames taken apart ahead of time are the same as frames taken apart one by one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pcap_report.capture.dissect import MOST_FRAMES, dissect
from pcap_report.capture.frame_store import StoredFrames, store_frames
from pcap_report.capture.tshark import find_tshark

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.mark.parametrize("name", ["http-dns", "mcp-tls13", "refused-and-unanswered"])
def test_they_are_what_dissect_says(tmp_path: Path, name: str) -> None:
    capture = SAMPLES / f"{name}.pcapng"
    store_frames(capture, find_tshark(), tmp_path)
    stored = StoredFrames(tmp_path)
    numbers = range(1, min(stored.count, MOST_FRAMES) + 1)
    assert [stored.frame(number) for number in numbers] == dissect(capture, numbers)
    assert stored.frame(0) is None
    assert stored.frame(stored.count + 1) is None


def test_a_capture_that_is_cut_off_has_the_frames_before_its_end(tmp_path: Path) -> None:
    whole = (SAMPLES / "http-dns.pcapng").read_bytes()
    cut = tmp_path / "cut.pcapng"
    cut.write_bytes(whole[: len(whole) // 2])
    store_frames(cut, find_tshark(), tmp_path)
    stored = StoredFrames(tmp_path)
    assert stored.count > 0
    assert stored.frame(stored.count) is not None


def test_what_was_let_go_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    with pytest.raises(FileNotFoundError):
        StoredFrames(folder)
    store_frames(SAMPLES / "http-dns.pcapng", find_tshark(), folder)
    stored = StoredFrames(folder)
    shutil.rmtree(folder)
    assert stored.frame(1) is None
