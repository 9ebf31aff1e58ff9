"""Where lines are broken on a terminal and in drawings."""

from __future__ import annotations

import pytest

from pcap_report.render.line_breaks import broken_lines, held_words
from pcap_report.render.safe import columns


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("the server sent 5.6 kB in all", 19, ["the server sent", "5.6 kB in all"]),
        ("it took (35.2 ms), no more", 13, ["it took", "(35.2 ms), no", "more"]),
        ("silent for 2 min 5 s then", 18, ["silent for", "2 min 5 s then"]),
        ("el servidor: 5,4 kB.", 16, ["el servidor:", "5,4 kB."]),
        ("客户端共发送 5.6 kB。", 16, ["客户端共发送", "5.6 kB。"]),
        ("耗时 35.2 毫秒。", 12, ["耗时", "35.2 毫秒。"]),
        ("at 12 seconds", 5, ["at 12", "secon", "ds"]),
    ],
)
def test_a_number_and_its_unit_stay_on_one_line(text: str, room: int, lines: list[str]) -> None:
    assert list(broken_lines(text, columns, room)) == lines


def test_words_with_their_units() -> None:
    assert held_words("×30，2.6 kB in 2 min 5 s, 7 more") == ["×30，2.6 kB", "in", "2 min 5 s,", "7", "more"]
