"""What QUIC's datagrams add up to, held against plain tshark; and the chart of it."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.capture.tshark import find_tshark
from pcap_report.engine import analyze
from pcap_report.model.series import without_series
from pcap_report.render.svg.sheet import Sheet
from pcap_report.render.svg.throughput import throughput

if TYPE_CHECKING:
    from pcap_report.model.report import Report

_CAPTURE: Final = Path(__file__).resolve().parents[2] / "samples" / "quic-h3.pcapng"


@cache
def report() -> Report:
    return analyze(_CAPTURE)


@cache
def lengths(number: int, port: str) -> list[int]:
    condition = f"quic.connection.number == {number} && {port}"
    command = [find_tshark().path, "-n", "-r", str(_CAPTURE), "-Y", condition, "-T", "fields"]
    rows = subprocess.run([*command, "-e", "udp.length"], check=True, capture_output=True, text=True).stdout
    return [int(row) - 8 for row in rows.split()]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_both_sides_add_up_to_what_tshark_counts(number: int) -> None:
    connection = report().connections[number]
    found = connection.datagram_performance
    assert found is not None
    ports = (f"udp.srcport == {connection.client.port}", f"udp.dstport == {connection.client.port}")
    for side, port in zip((found.client, found.server), ports, strict=True):
        expected = lengths(number, port)
        assert (side.datagrams, side.bytes) == (len(expected), sum(expected))
        assert sum(size for _, size in side.throughput_over_time) == side.bytes
        assert side.throughput_bytes_per_s


def test_the_chart_draws_both_sides_and_the_bursts() -> None:
    connection = report().connections[0]
    picture = throughput(connection, Sheet("d1", "en"))
    assert "Throughput of connection 0" in picture
    assert 'class="client shaft"' in picture
    assert 'class="server lane"' in picture
    assert throughput(without_series(connection), Sheet("d1", "en")) == ""


def test_tcp_has_none() -> None:
    other = analyze(_CAPTURE.with_name("http-dns.pcapng")).connections[0]
    assert other.datagram_performance is None
    assert other.tcp_performance is not None
