"""Captures in which nobody opens a connection are told all the same: here, a sample after a filter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from scapy.layers.inet import IP, UDP

from pcap_report.engine import Options, analyze
from pcap_report.render.environment import profiles
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from pcap_report.render.without_connection import other_datagrams, without_connection
from tests.dialogue.wire import captured
from tests.render.reports import sample

if TYPE_CHECKING:
    from pcap_report.model.report import Report

_SAMPLES: Final = Path(__file__).resolve().parents[2] / "samples"


def only(display_filter: str) -> Report:
    return analyze(_SAMPLES / "http-dns.pcapng", Options(display_filter=display_filter))


def told(report: Report, profile: str) -> str:
    return render_markdown(report, MarkdownOptions(language="en", profile=profile))


@pytest.mark.parametrize("profile", profiles())
def test_the_beginning_names_protocol_and_hosts(profile: str) -> None:
    text = told(only("dns"), profile)
    assert "and no connection. Its bytes belong to `dns`." in text
    assert "Its IP packets go between `192.168.1.23:56518` and `192.168.1.1:53` only." in text


@pytest.mark.parametrize("profile", profiles())
def test_no_section_is_empty(profile: str) -> None:
    text = told(only("arp"), profile)
    assert "IP" not in text.partition("##")[2].partition("##")[0]
    assert "`arp`" in text
    assert re.findall(r"^#+ .*\n+(?=#)", text.partition("\n")[2], re.MULTILINE) == []
    assert "Conclusions" not in text


def test_the_protocol_with_most_bytes_comes_first() -> None:
    found = without_connection(only("dns || arp"))
    assert (found.protocols, found.more_protocols, found.hosts) == (("dns", "arp"), 0, 2)


def _udp(source: str, target: str, port: int = 40000) -> Any:  # noqa: ANN401 - scapy ships no types
    return IP(src=source, dst=target) / UDP(sport=port, dport=40001) / b"\x01\x02\x03\x04"


def test_the_only_flow_is_named_with_its_ports(tmp_path: Path) -> None:
    text = told(captured(tmp_path, _udp("10.0.0.1", "10.0.0.2"), _udp("10.0.0.1", "10.0.0.2")), "lab")
    assert "Its IP packets go between `10.0.0.1:40000` and `10.0.0.2:40001` only." in text
    assert "`data` is Wireshark's word for content of which it knows no protocol." in text
    assert (
        "\n| `10.0.0.1:40000` | `10.0.0.2:40001` | 2 | 92 B | 0 B | 0.000000 | 0.010000 | `udp.stream == 0` |"
        in text
    )


def test_one_packet_goes_one_way(tmp_path: Path) -> None:
    assert "The packet goes from `10.0.0.1:40000` to `10.0.0.2:40001`." in told(
        captured(tmp_path, _udp("10.0.0.1", "10.0.0.2")), "brief"
    )


def test_an_address_talks_to_itself(tmp_path: Path) -> None:
    text = told(captured(tmp_path, _udp("127.0.0.1", "127.0.0.1"), _udp("127.0.0.1", "127.0.0.1")), "brief")
    assert "The only IP address in it, `127.0.0.1`, talks to itself." in text


def test_of_several_pairs_the_one_with_most_bytes_is_named(tmp_path: Path) -> None:
    report = captured(
        tmp_path,
        _udp("10.0.0.9", "10.0.0.9"),
        _udp("10.0.0.9", "10.0.0.9"),
        _udp("10.0.0.9", "10.0.0.9"),
        _udp("10.0.0.1", "10.0.0.2"),
        _udp("10.0.0.1", "10.0.0.2"),
        _udp("10.0.0.1", "10.0.0.3"),
    )
    text = told(report, "lab")
    named = "the two with the most bytes between them are `10.0.0.1` and `10.0.0.2`."
    assert f"It names 4 IP addresses; {named}" in text
    assert [one.b for one in other_datagrams(report, 2).flows] == ["10.0.0.9", "10.0.0.2"]
    assert other_datagrams(report, 2).omitted == 1


def test_what_has_a_section_is_not_listed_again() -> None:
    assert other_datagrams(only("dns"), 20).flows == ()
    assert other_datagrams(sample("quic-h3.pcapng"), 20).flows == ()
