"""Charts: sensible axes, nothing drawn out of nothing, everything inside and apart."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pcap_report.model.capture import ProtocolCount
from pcap_report.render.quantities import Quantities
from pcap_report.render.svg.round_trips import round_trips
from pcap_report.render.svg.scales import Scale, byte_scale_up, time_scale, time_scale_up
from pcap_report.render.svg.sheet import NARROW, WIDE, Sheet
from pcap_report.render.svg.spans import spans
from pcap_report.render.svg.throughput import throughput
from pcap_report.render.svg.time_sequence import time_sequence
from pcap_report.render.svg.timeline import ROWS, timeline
from pcap_report.render.svg.traffic_bars import bytes_by_direction, bytes_by_protocol, protocol_bytes
from tests.render.reports import SAMPLES, sample
from tests.render.svg_reading import SVG, assert_tidy, parse, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

SHEET = Sheet("p")
LOSSY = "lossy-three-connections.pcapng"
OF_CONNECTIONS = (time_sequence, throughput, round_trips)
OF_REPORTS = (timeline, bytes_by_direction, bytes_by_protocol)


@pytest.mark.parametrize("width", [WIDE, 680, NARROW])
@pytest.mark.parametrize("language", ["en", "es", "zh"])
@pytest.mark.parametrize("name", SAMPLES)
def test_no_text_leaves_a_chart_or_lies_on_another(name: str, language: str, width: int) -> None:
    report = sample(name)
    sheet = Sheet("p", language, width=width)
    charts = [draw(one, sheet) for draw in OF_CONNECTIONS for one in report.connections]
    charts += [draw(report, sheet) for draw in OF_REPORTS]
    for chart in filter(None, charts):
        assert_tidy(chart)


@pytest.mark.parametrize("draw", OF_CONNECTIONS)
def test_a_refused_connection_has_no_charts(draw: Callable[[Connection, Sheet], str]) -> None:
    assert all(draw(one, SHEET) == "" for one in sample("refused-and-unanswered.pcapng").connections)


@pytest.mark.parametrize("draw", OF_CONNECTIONS)
def test_without_measurements_there_is_no_chart(draw: Callable[[Connection, Sheet], str]) -> None:
    assert draw(replace(sample(LOSSY).connections[0], tcp_performance=None), SHEET) == ""


@pytest.mark.parametrize("draw", OF_REPORTS)
def test_an_empty_capture_has_no_charts(draw: Callable[[Report, Sheet], str]) -> None:
    report = sample(LOSSY)
    empty = replace(report, connections=(), told=(), capture=replace(report.capture, protocols=()))
    assert draw(empty, SHEET) == ""


def test_a_timeline_of_one_connection_is_none() -> None:
    assert timeline(sample("mcp-tls13.pcapng"), SHEET) == ""


def test_retransmissions_are_marked() -> None:
    connection = sample(LOSSY).connections[2]
    root = parse(time_sequence(connection, SHEET))
    assert connection.tcp_performance is not None
    again = [one for one in root.iter(f"{SVG}path") if one.attrib["class"] == "again hollow"]
    drawn = sum(one.attrib["d"].count("M") for one in again if "transform" not in one.attrib)
    performance = connection.tcp_performance
    assert drawn == len(performance.client.retransmissions) + len(performance.server.retransmissions) == 1
    assert "1 segment sent again" in [one.text for one in texts(root)]


def test_bursts_are_shaded_in_the_colour_of_their_side() -> None:
    root = parse(throughput(sample(LOSSY).connections[2], SHEET))
    shades = [one.attrib["class"] for one in root.iter(f"{SVG}path") if "lane" in one.attrib["class"]]
    assert shades == ["between lane", "client lane", "server lane"]


def test_the_charts_of_a_connection_share_their_time() -> None:
    connection = sample(LOSSY).connections[2]
    axes = set()
    for draw in OF_CONNECTIONS:
        paths = parse(draw(connection, SHEET)).iter(f"{SVG}path")
        axis = next(one.attrib["d"] for one in paths if one.attrib["class"] == "axis")
        axes.add(tuple(re.findall(r"[MH]([\d.]+)", axis)))
    assert len(axes) == 1


def test_more_connections_than_rows_are_counted() -> None:
    report = sample(LOSSY)
    many = tuple(replace(report.connections[at % 3], id=at) for at in range(100))
    svg = timeline(replace(report, connections=many), SHEET)
    assert_tidy(svg)
    said = [one.text for one in texts(parse(svg))]
    assert sum("→" in one for one in said) == ROWS
    assert f"and {100 - ROWS} more connections" in said
    assert "and 88 more connections" in [
        one.text for one in texts(parse(bytes_by_direction(replace(report, connections=many), SHEET)))
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_phases_follow_on_one_another(name: str) -> None:
    for connection in sample(name).connections:
        parts = spans(connection)
        assert parts[0].start_s == connection.start_s
        assert parts[-1].end_s == connection.end_s
        for one, other in pairwise(parts):
            assert one.end_s == other.start_s
            assert one.start_s <= one.end_s


def test_phases_of_a_whole_connection() -> None:
    connection = sample("mcp-tls13.pcapng").connections[0]
    assert [part.phase for part in spans(connection)] == [
        "tcp_handshake",
        "tls_handshake",
        "app_data",
        "teardown",
    ]


def test_a_packet_counts_for_the_protocol_that_it_is_about() -> None:
    sizes = protocol_bytes(
        [
            ProtocolCount("eth", 10, 1000),
            ProtocolCount("eth:arp", 1, 60),
            ProtocolCount("eth:ip", 9, 940),
            ProtocolCount("eth:ip:icmp", 1, 100),
            ProtocolCount("eth:ip:icmp:ip", 1, 100),
            ProtocolCount("eth:ip:icmp:ip:udp", 1, 100),
            ProtocolCount("eth:ip:icmp:ip:udp:dns", 1, 100),
            ProtocolCount("eth:ip:tcp", 8, 840),
            ProtocolCount("eth:ip:tcp:tls", 3, 600),
            ProtocolCount("eth:ip:tcp:tls:x509sat", 1, 200),
        ]
    )
    assert sizes == {"tls": 600, "tcp": 240, "icmp": 100, "arp": 60}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_byte_is_counted_once(name: str) -> None:
    protocols = sample(name).capture.protocols
    roots = sum(one.bytes for one in protocols if ":" not in one.path)
    assert sum(protocol_bytes(protocols).values()) == roots


ENGLISH = Quantities("en")


def _labels(scale: Scale) -> list[str]:
    return [label for _, label in scale.ticks]


def test_axes_of_time_choose_their_unit() -> None:
    assert time_scale(0, 0.0007, ENGLISH, 500).unit == "µs"
    assert time_scale(0, 0.35, ENGLISH, 500).unit == "ms"
    assert time_scale(5.5, 6.9, ENGLISH, 500).unit == "s"
    assert time_scale(0, 3000, ENGLISH, 500).unit == "min"
    assert time_scale(0, 86_400, ENGLISH, 500).unit == "h"


def test_axes_have_round_numbers() -> None:
    assert _labels(time_scale(5.5, 6.9, ENGLISH, 320)) == ["5.6", "5.8", "6", "6.2", "6.4", "6.6", "6.8"]
    assert _labels(byte_scale_up(13_259, ENGLISH, 5)) == ["0", "5", "10", "15"]
    assert _labels(time_scale_up(0.16, ENGLISH, 5)) == ["0", "50", "100", "150", "200"]


@pytest.mark.parametrize("high", [1e-9, 3e-6, 0.1, 1, 59.9, 61, 1e4, 1e7])
@pytest.mark.parametrize("low", [0, 0.999, 12_345.678])
def test_axes_work_for_any_span(low: float, high: float) -> None:
    for scale in (time_scale(low, low + high, ENGLISH, 300), byte_scale_up(high, ENGLISH, 5)):
        assert len(scale.ticks) >= 1
        labels = _labels(scale)
        assert len(set(labels)) == len(labels)


def test_an_axis_of_no_span_is_one_all_the_same() -> None:
    scale = time_scale(5, 5, ENGLISH, 300)
    assert 0 <= scale.at(5, 10, 20) <= 20
