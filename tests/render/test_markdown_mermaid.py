"""Every Mermaid block of every report: Mermaid's own parsers understand what was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pcap_report.render.drawn_steps import drawn_steps, frame_labels
from tests.mermaid.parser import Diagram, MermaidParser, mermaid_blocks
from tests.render.reports import LANGUAGES, SAMPLES, SAMPLES_DIR, markdown_of, report_of

if TYPE_CHECKING:
    from pathlib import Path

DIAGRAMS = 20
UNITS = 12_000
BACK = ("-->>", "--)", "--x")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_the_diagrams_of_the_samples(mermaid_parsers: list[MermaidParser], name: str, language: str) -> None:
    _check(mermaid_parsers, SAMPLES_DIR / name, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["cloud-run.pcapng", "local-tunnel.pcap"])
def test_the_diagrams_of_the_replicas(
    mermaid_parsers: list[MermaidParser], replicas_dir: Path, name: str, language: str
) -> None:
    _check(mermaid_parsers, replicas_dir / name, language)


def _check(parsers: list[MermaidParser], path: Path, language: str) -> None:
    blocks = mermaid_blocks(markdown_of(path, language))
    assert 0 < len(blocks) <= DIAGRAMS
    for block in blocks:
        assert len(block.encode("utf-16-le")) // 2 < UNITS
        understood = [parser.parse(block) for parser in parsers]
        assert [one.error for one in understood] == [None] * len(parsers), block
        assert all(one.actors == understood[0].actors for one in understood)
        assert all(one.messages == understood[0].messages for one in understood)
        assert understood[0].config == ()
    _check_whole_sessions(parsers[0], path, blocks)


def _check_whole_sessions(parser: MermaidParser, path: Path, blocks: list[str]) -> None:
    """The diagrams of whole sessions say what the steps say, arrow by arrow."""
    diagrams = [parser.parse(block) for block in blocks]
    report = report_of(path)
    tinted = [diagram for diagram in diagrams if any(block.kind == "rect" for block in diagram.blocks)]
    for diagram in tinted:
        connection = next(one for one in report.connections if str(one.client.port) in diagram.actors[0][1])
        steps = drawn_steps(connection, frame_labels(report.http, connection))
        arrows = [step for step in steps if step.kind == "arrow"]
        assert [message.kind in BACK for message in diagram.messages] == [
            step.direction == "server_to_client" for step in arrows
        ]
        assert [_first_frame(diagram, place) for place in range(len(arrows))] == [
            step.frames[0] for step in arrows
        ]
        assert [message.source for message in diagram.messages] == [
            "p2" if step.direction == "server_to_client" else "p1" for step in arrows
        ]


def _first_frame(diagram: Diagram, place: int) -> int:
    text = diagram.messages[place].text
    number = re.match(r"\[(\d+)[–,、\]]", text)
    assert number, text
    return int(number[1])
