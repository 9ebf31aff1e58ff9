"""The view on a terminal: what it shows, how it fits, and what hostile text does to it, which is nothing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

import pcap_report
from pcap_report.model.message import msg
from pcap_report.render.terminal import TerminalOptions, render_terminal
from tests.render.hostile import CORPUS
from tests.render.reports import sample

if TYPE_CHECKING:
    from pcap_report.model.report import Report

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = sorted(path.stem for path in (ROOT / "samples").glob("*.pcapng"))


@cache
def report_of(sample: str) -> Report:
    return pcap_report.analyze(ROOT / "samples" / f"{sample}.pcapng")


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("width", [40, 63, 64, 80, 120])
def test_no_line_is_wider_than_the_terminal_and_none_ends_in_spaces(sample: str, width: int) -> None:
    text = render_terminal(report_of(sample), TerminalOptions(width=width, every_ladder=True))
    assert max(map(cell_len, text.splitlines())) <= width
    assert not [line for line in text.splitlines() if line.endswith(" ")]


@pytest.mark.parametrize(("asked", "drawn"), [(1, 40), (400, 120)])
def test_a_width_that_nobody_can_read_is_not_drawn(asked: int, drawn: int) -> None:
    text = render_terminal(report_of("mcp-tls13"), TerminalOptions(width=asked))
    assert cell_len(text.splitlines()[0]) == drawn


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("width", [40, 100])
def test_the_rails_of_the_ladder_stand_straight(sample: str, width: int) -> None:
    text = render_terminal(report_of(sample), TerminalOptions(width=width, every_ladder=True))
    margin = 0 if width == 40 else 11
    rungs = [
        line for line in text.splitlines() if line[margin : margin + 1] in {"├", "│"} and "╭" not in line
    ]
    ladder = [line for line in rungs if line[-1] in "│┤" and not line.startswith("│ File")]
    assert {cell_len(line) for line in ladder if not line.startswith("│ ") or margin} == {width}


def test_arrows_carry_frames_and_point_the_right_way() -> None:
    lines = render_terminal(report_of("mcp-tls13")).splitlines()
    [syn] = [line for line in lines if "[7] SYN " in line]
    [syn_ack] = [line for line in lines if "[8] SYN+ACK " in line]
    assert syn.lstrip().startswith("0.036 s ├─ [7] SYN Seq=0")
    assert syn.endswith("─▶│")
    assert "│◀─" in syn_ack
    assert syn_ack.endswith("─┤")


def test_a_refusal_is_drawn_as_one() -> None:
    text = render_terminal(report_of("refused-and-unanswered"), TerminalOptions(every_ladder=True))
    assert "│✕──" in text
    assert "refused" in text
    assert "never answered" in text


def test_only_the_main_connection_is_drawn_unless_all_are_asked_for() -> None:
    report = report_of("lossy-three-connections")
    assert render_terminal(report).count("TCP handshake") == 1
    assert render_terminal(report, TerminalOptions(every_ladder=True)).count("TCP handshake") == 3


def test_findings_stand_with_frames_and_filter_and_limits_with_their_reason() -> None:
    report = report_of("lossy-three-connections")
    text = " ".join(render_terminal(report, TerminalOptions(width=120)).split())
    for finding in report.findings:
        assert finding.summary in text
        assert " ".join(finding.display_filter.split()) in text
    for limit in report.not_visible:
        assert f"{limit.what}: {limit.why}" in text


def test_of_a_very_long_connection_the_first_and_the_last_steps_are_drawn_and_the_rest_counted() -> None:
    report = report_of("mcp-tls13")
    [connection] = report.connections
    arrow = connection.steps[0]
    steps = tuple(replace(arrow, frames=(number,)) for number in range(1, 501))
    text = render_terminal(replace(report, connections=(replace(connection, steps=steps),)))
    drawn = [int(frame) for frame in re.findall(r"\[(\d+)\] SYN ", text)]
    assert f"{500 - len(drawn)} arrows left out" in text
    assert 40 <= len(drawn) <= 60
    assert drawn == sorted(drawn)
    assert (drawn[0], drawn[-1]) == (1, 500)


def test_of_very_many_connections_the_first_are_listed_and_the_rest_counted() -> None:
    report = report_of("mcp-tls13")
    many = tuple(replace(report.connections[0], id=number) for number in range(1000))
    text = render_terminal(replace(report, connections=many))
    assert "and 970 more" in text
    assert len(text.splitlines()) < 300


def test_a_cut_capture_and_a_failed_analyzer_are_named() -> None:
    report = report_of("mcp-tls13")
    attempt = replace(report.attempts[0], status="failed", message="ValueError: made up")
    cut = replace(report, capture=replace(report.capture, truncated=True), attempts=(attempt,))
    text = render_terminal(cut)
    assert "Cut off" in text
    assert "tcp_handshake: ValueError: made up" in text


def test_colour_is_there_only_when_asked_for() -> None:
    report = report_of("lossy-three-connections")
    assert "\x1b" not in render_terminal(report)
    assert "\x1b[" in render_terminal(report, TerminalOptions(color=True))


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda one: ascii(one)[:30])
def test_hostile_text_changes_nothing(hostile: str) -> None:
    report = report_of("mcp-tls13")
    [connection] = report.connections
    step = replace(connection.steps[0], label=(msg("SNI=%(name)s", name=hostile),))
    finding = replace(
        report_of("lossy-three-connections").findings[0],
        message=msg("It is %(name)s.", name=hostile),
        display_filter=hostile,
    )
    poisoned = replace(
        report,
        capture=replace(report.capture, file=hostile, display_filter=hostile),
        connections=(
            replace(
                connection,
                server=replace(connection.server, names=(hostile,)),
                steps=(step, *connection.steps[1:]),
                history=hostile,
            ),
        ),
        findings=(finding,),
    )
    text = render_terminal(poisoned, TerminalOptions(width=80))
    assert not [char for char in text if not char.isprintable() and char != "\n"]
    assert max(map(cell_len, text.splitlines())) <= 80
    assert text.count("TLS handshake") == render_terminal(report, TerminalOptions(width=80)).count(
        "TLS handshake"
    )


def test_chinese_paragraphs_are_broken_as_chinese() -> None:
    drawn = render_terminal(
        sample("lossy-three-connections.pcapng"), TerminalOptions(language="zh", width=60)
    )
    lines = [line.strip() for line in drawn[drawn.index("这次抓包不能说明什么") :].splitlines()[1:]]
    assert len(lines) > 8
    assert not [line for line in lines if line[:1] in "，。：；、）" and line]
    assert all(cell_len(line) <= 60 for line in drawn.splitlines())
