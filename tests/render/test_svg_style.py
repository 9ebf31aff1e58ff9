"""Colours: every picture has its style, both themes are whole, and texts can be read in them."""

from __future__ import annotations

import re

import pytest

from pcap_report.render.svg.sheet import Sheet
from pcap_report.render.svg.style import DARK, LIGHT, file_style, page_style, paper_style
from pcap_report.render.svg.timeline import timeline
from tests.render.reports import sample

GROUNDS = ("paper", "note", "open", "secure", "data", "close")
MARKS = ("client", "server", "between", "again", "reset", "alert")
LOSSY = "lossy-three-connections.pcapng"


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_texts_can_be_read_on_every_ground(palette: dict[str, str], ground: str) -> None:
    assert _contrast(palette["fg"], palette[ground]) >= 7
    assert _contrast(palette["muted"], palette[ground]) >= 4.5
    if ground != "note":
        assert all(_contrast(palette[mark], palette[ground]) >= 3 for mark in MARKS)


def test_both_themes_have_every_colour_that_is_used() -> None:
    used = set(re.findall(r"var\(--pr-(\w+)\)", page_style()))
    assert used <= set(LIGHT)
    assert set(LIGHT) == set(DARK)


def test_paper_has_fixed_colours() -> None:
    assert not re.search(r"var\(|--pr|@media", paper_style())
    assert LIGHT["client"] in paper_style()


def test_pages_and_files_follow_the_reader_and_print_light() -> None:
    for style in (page_style(), file_style()):
        dark, light = style.split("@media print", 1)
        assert f"prefers-color-scheme:dark){{.pr{{--pr-fg:{DARK['fg']}" in dark
        assert f"--pr-fg:{LIGHT['fg']}" in light


def test_a_picture_on_a_page_brings_no_style() -> None:
    report = sample(LOSSY)
    assert "<style>" not in timeline(report, Sheet("p"))
    assert f"<style>{file_style()}</style>" in timeline(report, Sheet("p", medium="file"))
    assert f"<style>{paper_style()}</style>" in timeline(report, Sheet("p", medium="paper"))
