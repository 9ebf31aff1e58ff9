"""Captures in which nobody opens a connection are told all the same: here, a sample after a filter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.engine import Options, analyze
from pcap_report.render.environment import profiles
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from pcap_report.render.without_connection import without_connection

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
    assert "It names 2 IP addresses; most goes between `192.168.1.23` and `192.168.1.1`." in text


@pytest.mark.parametrize("profile", profiles())
def test_no_section_is_empty(profile: str) -> None:
    text = told(only("arp"), profile)
    assert "It names" not in text
    assert "`arp`" in text
    assert re.findall(r"^#+ .*\n+(?=#)", text.partition("\n")[2], re.MULTILINE) == []
    assert "Conclusions" not in text


def test_the_protocol_with_most_bytes_comes_first() -> None:
    found = without_connection(only("dns || arp"))
    assert (found.protocols, found.more_protocols, found.hosts) == (("dns", "arp"), 0, 2)
