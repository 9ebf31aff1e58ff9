"""Frame numbers in few words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcap_report.render.ranges import FirstRanges, filter_ranges, first_ranges, frame_ranges

FRAMES = st.lists(st.integers(1, 60), max_size=40)


@pytest.mark.parametrize(
    ("frames", "text", "in_filter"),
    [
        ([76, 77, 78, 79, 82], "76–79, 82", "{76..79, 82}"),
        ([8, 9], "8–9", "{8..9}"),
        ([5], "5", "{5}"),
        ([3, 1, 2, 3, 1], "1–3", "{1..3}"),
        ([1, 3, 5], "1, 3, 5", "{1, 3, 5}"),
        ([], "", "{0}"),
    ],
)
def test_runs_become_ranges(frames: list[int], text: str, in_filter: str) -> None:
    assert frame_ranges(frames) == text
    assert filter_ranges(frames) == in_filter


def test_what_is_over_the_limit_is_counted_in_frames() -> None:
    frames = [1, 2, 3, 7, 10, 11]
    assert first_ranges(frames, 3) == FirstRanges("1–3, 7, 10–11", 0)
    assert first_ranges(frames, 2) == FirstRanges("1–3, 7", 2)
    assert first_ranges(frames, 1) == FirstRanges("1–3", 3)
    assert first_ranges(frames, 0) == FirstRanges("", 6)


@given(FRAMES)
def test_the_same_frames_can_be_read_back(frames: list[int]) -> None:
    for text in (frame_ranges(frames), filter_ranges(frames or [1])):
        read = [
            frame
            for first, last in re.findall(r"(\d+)(?:(?:–|\.\.)(\d+))?", text)
            for frame in range(int(first), int(last or first) + 1)
        ]
        assert read == sorted(set(frames)) or not frames


@given(FRAMES, st.integers(0, 10))
def test_no_frame_is_lost_to_the_limit(frames: list[int], limit: int) -> None:
    text, omitted = first_ranges(frames, limit)
    assert len([part for part in text.split(", ") if part]) <= limit
    assert omitted == len(set(frames)) - len(set(frames) & _read(text))


def _read(text: str) -> set[int]:
    ends = re.findall(r"(\d+)(?:–(\d+))?", text)
    return {frame for first, last in ends for frame in range(int(first), int(last or first) + 1)}
