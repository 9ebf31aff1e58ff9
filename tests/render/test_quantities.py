"""Numbers and units, in prose and in tables, as each language writes them."""

from __future__ import annotations

import pytest

from pcap_report.model.message import msg
from pcap_report.render.phrases import Phrases
from pcap_report.render.quantities import Quantities
from pcap_report.render.safe import visible


@pytest.mark.parametrize(
    ("seconds", "english", "spanish", "chinese"),
    [
        (0.0000378, "38 µs", "38 µs", "38 微秒"),
        (0.00245, "2.45 ms", "2,45 ms", "2.45 毫秒"),
        (0.0245, "24.5 ms", "24,5 ms", "24.5 毫秒"),
        (1.5, "1.5 s", "1,5 s", "1.5 秒"),
        (125, "2 min 5 s", "2 min 5 s", "2 分 5 秒"),
        (3600, "1 h", "1 h", "1 小时"),
        (7260, "2 h 1 min", "2 h 1 min", "2 小时 1 分"),
        (1774164, "20 d 12 h", "20 d 12 h", "20 天 12 小时"),
        (-0.5, "-500 ms", "-500 ms", "-500 毫秒"),
    ],
)
def test_durations(seconds: float, english: str, spanish: str, chinese: str) -> None:
    said = [Quantities(language).seconds(seconds) for language in ("en", "es", "zh")]
    assert said == [english, spanish, chinese]


@pytest.mark.parametrize(
    ("size", "english", "spanish", "chinese"),
    [
        (315, "315 B", "315 B", "315 字节"),
        (5_600, "5.6 kB", "5,6 kB", "5.6 kB"),
        (2_000_000, "2 MB", "2 MB", "2 MB"),
    ],
)
def test_amounts(size: int, english: str, spanish: str, chinese: str) -> None:
    said = [Quantities(language).bytes(size) for language in ("en", "es", "zh")]
    assert said == [english, spanish, chinese]


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_tables_and_diagrams_write_symbols_and_a_point(language: str) -> None:
    quantities = Phrases(language, visible, tabular=True).quantities
    assert (quantities.seconds(1.5), quantities.bytes(315)) == ("1.5 s", "315 B")


@pytest.mark.parametrize(
    ("language", "listed", "ranges"),
    [
        ("en", "a, b", "1–3, 5 and 2 more"),
        ("es", "a, b", "1–3, 5 y 2 más"),
        ("zh", "a、b", "1–3、5，另有 2 个"),
    ],
)
def test_lists(language: str, listed: str, ranges: str) -> None:
    phrases = Phrases(language, visible)
    assert phrases.say(msg("%(names)s", names=("a", "b"))) == listed
    assert phrases.frames((1, 2, 3, 5, 8, 9), 2) == ranges
