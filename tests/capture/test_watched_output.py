"""A pipe is read in large pieces, and what else there is to do is done while little has come."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pcap_report.capture.watched_output import WatchedOutput

if TYPE_CHECKING:
    from collections.abc import Iterator

Ends = tuple[int, int]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """The reading and the writing end of a pipe that holds a megabyte."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    yield reading, writing
    os.close(reading)
    os.close(writing)


def watched(ends: Ends, meanwhile: list[int]) -> WatchedOutput:
    """Return the reading end; what it does meanwhile counts down."""
    output = WatchedOutput(ends[0], os.getpid(), 5, steady=True, left_behind=lambda: None)

    def work() -> bool:
        meanwhile[0] -= 1
        return meanwhile[0] > 0

    output.meanwhile = work
    return output


def test_little_waits_for_more_until_there_is_nothing_else_to_do(ends: Ends) -> None:
    left = [3]
    os.write(ends[1], b"a word")
    piece = bytearray(100)
    assert watched(ends, left).readinto(piece) == 6
    assert left == [0]


def test_much_is_read_at_once(ends: Ends) -> None:
    left = [3]
    written = os.write(ends[1], bytes(1 << 16))
    assert watched(ends, left).readinto(bytearray(1 << 18)) == written == 1 << 16
    assert left == [3]


def test_the_end_is_not_waited_for() -> None:
    left = [3]
    reading, writing = os.pipe()
    os.write(writing, b"a word")
    os.close(writing)
    output = watched((reading, writing), left)
    assert [output.readinto(bytearray(100)) for _ in range(2)] == [6, 0]
    assert left == [3]
    os.close(reading)
