"""Hostile strings in pictures: they are shown, and change nothing but the words."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from pcap_report.render.conversation import Conversation, nat_diagram
from pcap_report.render.drawn_steps import drawn_steps
from pcap_report.render.safe import visible
from pcap_report.render.sequence import Arrow, Band, Lifeline, Note, Omission, SequenceDiagram
from pcap_report.render.svg.ladder import ladder
from pcap_report.render.svg.sheet import NARROW, Medium, Sheet
from pcap_report.render.svg.timeline import timeline
from pcap_report.render.svg.traffic_bars import bytes_by_direction
from tests.render.hostile import ANY_TEXT, CORPUS
from tests.render.reports import sample
from tests.render.svg_reading import SVG, assert_tidy, parse, texts

if TYPE_CHECKING:
    from pcap_report.model.report import Report

WORDS = {"text", "title", "tspan"}
"""What there is more or less of, as texts are longer or shorter."""


def _everywhere(text: str) -> SequenceDiagram:
    ends = (Lifeline("client", (text, text)), Lifeline("server", (text, text)))
    items = (
        Band("app_data", text),
        Arrow(0, 1, (1,), text, (text, text), "alert", 0.5),
        Note((text, text)),
        Omission(text),
        Arrow(1, 0, (2,), "2", (text,), "refused", 1.5),
    )
    return SequenceDiagram(text, text, ends, items)


def _shape(svg: str) -> Counter[tuple[str, str]]:
    names = ((one.tag.removeprefix(SVG), one.get("class", "")) for one in parse(svg).iter())
    return Counter(one for one in names if one[0] not in WORDS)


@pytest.mark.parametrize("text", CORPUS)
def test_a_ladder_keeps_its_structure(text: str) -> None:
    for sheet in (Sheet("p"), Sheet("p", width=NARROW)):
        svg = ladder(_everywhere(text), sheet)
        assert_tidy(svg)
        assert _shape(svg) == _shape(ladder(_everywhere("plain"), sheet))


@given(text=ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_keeps_the_structure(text: str) -> None:
    svg = ladder(_everywhere(text), Sheet("p"))
    assert_tidy(svg)
    assert _shape(svg) == _shape(ladder(_everywhere("plain"), Sheet("p")))


@pytest.mark.parametrize("text", CORPUS)
def test_a_short_text_is_shown_as_it_is(text: str) -> None:
    shown = visible(text)
    if len(shown) > 30:
        return
    root = parse(ladder(_everywhere(text), Sheet("p")))
    words = "".join(one.text for one in texts(root))
    assert re.sub(r"\s", "", shown) in re.sub(r"\s", "", words)
    assert (root.findtext(f"{SVG}title") or "") == shown


def _named(text: str) -> Report:
    report = sample("lossy-three-connections.pcapng")
    return replace(
        report,
        connections=tuple(
            replace(
                one, server=replace(one.server, names=(text,), ip=text), client=replace(one.client, ip=text)
            )
            for one in report.connections
        ),
    )


@pytest.mark.parametrize("text", CORPUS)
def test_charts_and_connections_keep_their_structure(text: str) -> None:
    sheet = Sheet("p")
    for draw in (timeline, bytes_by_direction):
        svg = draw(_named(text), sheet)
        assert_tidy(svg)
        assert _shape(svg) == _shape(draw(_named("plain"), sheet))
    connection = _named(text).connections[0]
    diagram = Conversation(connection, sheet.phrases).whole(drawn_steps(connection, {}))
    assert diagram is not None
    assert_tidy(ladder(diagram, sheet))
    assert_tidy(ladder(nat_diagram(connection, sheet.phrases), sheet))


def test_a_hostile_link_stays_in_its_attribute() -> None:
    sheet = Sheet('"><script>', link=lambda frame: f'"><script>{frame}')
    root = parse(ladder(_everywhere("plain"), sheet))
    assert [one.get("href") for one in root.iter(f"{SVG}a")] == ['"><script>1', '"><script>2']


@pytest.mark.parametrize("medium", ["page", "file", "paper"])
def test_nothing_is_fetched_and_nothing_runs(medium: Medium) -> None:
    svg = ladder(_everywhere('<a href="http://evil.example">&'), Sheet("p", medium=medium))
    style = "".join(re.findall(r"<style>(.*?)</style>", svg))
    assert "url(" not in style
    assert "@import" not in style
    assert not re.search(r"<script|<foreignObject|<image|<use|xlink:|\son\w+=|\sstyle=", svg)


def test_a_megabyte_is_cut_in_no_time() -> None:
    svg = ladder(_everywhere("x" * 1_000_000), Sheet("p"))
    assert len(svg) < 60_000
