"""Ladders: everything is drawn once, styles differ in shape, nothing overlaps."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace as changed

from pcap_report.render.conversation import Conversation, nat_diagram
from pcap_report.render.drawn_steps import drawn_steps, frame_labels
from pcap_report.render.sequence import Arrow, Band, Lifeline, Note, Omission, SequenceDiagram
from pcap_report.render.svg.ladder import ladder
from pcap_report.render.svg.ladder_pages import ladder_pages
from pcap_report.render.svg.sheet import NARROW, WIDE, Sheet, both_widths
from tests.render.reports import SAMPLES, sample
from tests.render.svg_reading import SVG, Box, assert_tidy, parse, said, size, texts

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from pcap_report.model.evidence import StepStyle

ENDS = (Lifeline("client", ("Client", "192.0.2.1:50000")), Lifeline("server", ("Server", "192.0.2.2:443")))
SHEET = Sheet("p")
PHONE = Sheet("p", width=NARROW)


def diagrams(name: str) -> list[SequenceDiagram]:
    report = sample(name)
    found = [
        Conversation(one, SHEET.phrases).whole(drawn_steps(one, frame_labels(report.http, one)))
        for one in report.connections
    ]
    return [one for one in found if one is not None]


def of(*items: Arrow | Note | Band | Omission, ends: tuple[Lifeline, ...] = ENDS) -> SequenceDiagram:
    return SequenceDiagram("A title", "A description", ends, items)


def arrow(style: StepStyle = "normal", *, frame: int = 1, back: bool = False, text: str = "SYN") -> Arrow:
    ends = (1, 0) if back else (0, 1)
    return Arrow(*ends, (frame,), str(frame), (text,), style, 0.25)


@pytest.mark.parametrize("width", [WIDE, 680, NARROW])
@pytest.mark.parametrize("name", SAMPLES)
def test_every_arrow_and_note_is_drawn_once(name: str, width: int) -> None:
    for diagram in diagrams(name):
        svg = ladder(diagram, Sheet("p", width=width))
        assert_tidy(svg)
        root = parse(svg)
        drawn = [(one.get("data-frame"), _first(one)) for one in root.iter(f"{SVG}g")]
        arrows = [item for item in diagram.items if isinstance(item, Arrow)]
        assert [frame for frame, _ in drawn] == [str(item.frames[0]) for item in arrows]
        for (_, first), one in zip(drawn, arrows, strict=True):
            assert first.startswith(f"[{one.frames_text}]"[:20])
        words = [re.sub(r"\W", "", box.text) for box in texts(root)]
        whole = "".join(words)
        for item in diagram.items:
            if isinstance(item, Arrow | Note):
                assert all(re.sub(r"\W", "", line) in whole for line in item.lines)
            elif isinstance(item, Band):
                assert words.count(re.sub(r"\W", "", item.title)) == 1


def _first(group: Element) -> str:
    text = group.find(f"{SVG}text")
    assert text is not None
    return said(text)


def test_nothing_to_draw_is_an_empty_text() -> None:
    assert ladder(of(Note(("alone",))), SHEET) == ""
    assert ladder_pages(of(), SHEET, 500) == []
    assert both_widths(lambda sheet: ladder(of(), sheet), SHEET) == ""


def test_styles_differ_in_shape_and_not_in_colour_alone() -> None:
    styles: list[StepStyle] = ["normal", "ack", "retransmission", "reset", "alert"]
    shapes = set()
    for style in styles:
        paths = [*parse(ladder(of(arrow(style)), SHEET)).iter(f"{SVG}path")][2:]
        data = "".join(path.attrib["d"] for path in paths)
        dashed = any("dash" in path.attrib["class"] for path in paths)
        shapes.add((re.sub(r"[0-9. -]", "", data), dashed))
    assert len(shapes) == len(styles)


@pytest.mark.parametrize("back", [False, True])
def test_a_reset_breaks_off_before_the_other_side(back: bool) -> None:
    def end(style: StepStyle) -> float:
        root = parse(ladder(of(arrow(style, back=back)), SHEET))
        shaft = next(one for one in root.iter(f"{SVG}path") if "shaft" in one.attrib["class"])
        return float(shaft.attrib["d"].rpartition("H")[2])

    assert abs(end("ack") - end("reset")) > 10


def test_a_note_keeps_its_text_inside_its_box() -> None:
    root = parse(ladder(of(Note(("Everything is encrypted from here on, " * 4,)), arrow()), PHONE))
    rect = next(one for one in root.iter(f"{SVG}rect") if one.attrib["class"] == "note")
    left, top = float(rect.attrib["x"]), float(rect.attrib["y"])
    right, bottom = left + float(rect.attrib["width"]), top + float(rect.attrib["height"])
    inside = [one for one in texts(root) if one.meets(Box(left, top, right, bottom))]
    assert len(inside) == 3
    for one in inside:
        assert left <= one.left
        assert one.right <= right
        assert top <= one.top
        assert one.bottom <= bottom
    assert "…" in inside[-1].text


def test_arrows_link_to_their_frames_on_request() -> None:
    sheet = Sheet("p", link=lambda frame: f"#frame-{frame}")
    root = parse(ladder(of(arrow(frame=17), arrow(frame=18, back=True)), sheet))
    assert [one.get("href") for one in root.iter(f"{SVG}a")] == ["#frame-17", "#frame-18"]
    assert root.get("role") == "group"


def test_frames_are_there_for_a_display_filter() -> None:
    one = Arrow(0, 1, (17, 18, 19, 25), "17–19, 25", ("Data",))
    groups = [*parse(ladder(of(one), SHEET)).iter(f"{SVG}g")]
    assert groups[0].attrib == {"data-frame": "17", "data-frames": "17..19, 25"}


def test_so_many_frames_are_left_out_whole() -> None:
    one = Arrow(0, 1, tuple(range(1, 400, 2)), "1, 3 and 198 more", ("Data",))
    groups = [*parse(ladder(of(one), SHEET)).iter(f"{SVG}g")]
    assert groups[0].attrib == {"data-frame": "1"}


def test_a_picture_has_a_name_and_a_description_of_its_own() -> None:
    root = parse(ladder(of(arrow()), Sheet("c7")))
    assert root.get("aria-labelledby") == "c7-t c7-d"
    assert root.get("role") == "img"
    assert [one.get("id") for one in root.iter() if one.get("id")] == ["c7-t", "c7-d"]


def test_left_out_arrows_interrupt_the_lifelines() -> None:
    svg = ladder(of(arrow(), Omission("12 arrows left out"), arrow(frame=99)), SHEET)
    assert_tidy(svg)
    root = parse(svg)
    assert "12 arrows left out" in [one.text for one in texts(root)]
    assert [one.attrib["class"] for one in root.iter(f"{SVG}path")].count("life dots") == 2


@pytest.mark.parametrize("sheet", [SHEET, PHONE], ids=["wide", "phone"])
def test_an_address_translation_has_three_lifelines(sheet: Sheet) -> None:
    svg = ladder(nat_diagram(sample("mcp-tls13.pcapng").connections[0], sheet.phrases), sheet)
    assert_tidy(svg)
    assert [one.attrib["class"] for one in parse(svg).iter(f"{SVG}rect")] == [
        "client head",
        "between head",
        "server head",
    ]


def test_an_arrow_across_a_lifeline_has_its_label_beside_it() -> None:
    ends = (ENDS[0], Lifeline("between", ("Router",)), ENDS[1])
    root = parse(ladder(of(Arrow(0, 2, (1,), "1", ("A label that is quite long " * 3,)), ends=ends), SHEET))
    for box in texts(root)[6:]:
        assert box.right < WIDE / 2


def test_forty_arrows_are_small() -> None:
    name = "Application Data ×4, 5.6 kB"
    items = [arrow(frame=at, back=at % 2 == 0, text=name) for at in range(1, 41)]
    assert len(ladder(of(*items), SHEET).encode()) < 25_000


def test_a_long_ladder_is_cut_into_pages() -> None:
    phases = Band("tcp_handshake", "TCP handshake"), Band("app_data", "Application data")
    whole = of(phases[0], arrow(frame=1), phases[1], *(arrow(frame=at) for at in range(2, 60)))
    pages = ladder_pages(whole, Sheet("p", medium="paper", width=680), 600)
    frames: list[str] = []
    for place, page in enumerate(pages):
        assert_tidy(page)
        root = parse(page)
        assert size(root)[1] <= 600
        assert root.get("aria-labelledby", "").startswith("p-t" if place == 0 else f"p-{place + 1}-t")
        assert "Application data" in [one.text for one in texts(root)]
        frames += [one.attrib["data-frame"] for one in root.iter(f"{SVG}g")]
    assert frames == [str(at) for at in range(1, 60)]
    assert len(ladder_pages(whole, SHEET, 5000)) == 1


def test_of_too_many_steps_the_first_and_the_last_are_drawn() -> None:
    connection = sample("mcp-tls13.pcapng").connections[0]
    step = next(one for one in connection.steps if one.style == "ack")
    steps = [changed(step, frames=(frame,)) for frame in range(100)]
    diagram = Conversation(connection, SHEET.phrases).whole(steps)
    assert diagram is not None
    drawn = [item.frames[0] for item in diagram.items if isinstance(item, Arrow)]
    omitted = [item.text for item in diagram.items if isinstance(item, Omission)]
    assert omitted == [f"{100 - len(drawn)} arrows left out"]
    gaps = [(one, other) for one, other in pairwise(drawn) if other != one + 1]
    assert len(gaps) == 1
    assert (drawn[0], drawn[-1]) == (0, 99)


def test_both_widths_have_ids_of_their_own() -> None:
    page = both_widths(lambda sheet: ladder(of(arrow()), sheet), SHEET)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 4
    assert f'width="{NARROW}"' in page
