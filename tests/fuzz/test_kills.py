"""Ended at any moment, the program leaves nothing behind; `make fuzz-kills` asks more often."""

from __future__ import annotations

import sys

import pytest

from tests.fuzz.kills import killed, thrown


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", range(9))
def test_nothing_is_left_behind(number: int) -> None:
    kill = thrown(7, number, 1.2)
    assert killed(kill) == [], kill
