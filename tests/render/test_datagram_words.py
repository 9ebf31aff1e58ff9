"""QUIC and DTLS are told in their own words: nothing of TCP stands in their reports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pcap_report.render.markdown import MarkdownOptions, render_markdown
from tests.analyzers.test_dtls import shaken12
from tests.analyzers.test_quic import shaken
from tests.dialogue.dtls import DtlsTalk
from tests.dialogue.fixtures import recording
from tests.dialogue.quic import QuicTalk

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording

__all__ = ["recording"]

OF_TCP = re.compile(r"tcp\.|\bTCP\b(?!/IP)|\bSYN\b|\bFIN\b|\bRST\b|\bsegments?\b|label Application Data")
PROFILES = ("lab", "brief", "triage", "layers")


def said_of_tcp(recording: Recording, profile: str) -> list[str]:
    text = render_markdown(recording.report(), MarkdownOptions(profile=profile))
    assert "dialogue.pcap" in text
    return [line for line in text.splitlines() if OF_TCP.search(line)]


@pytest.mark.parametrize("profile", PROFILES)
def test_quic(recording: Recording, profile: str) -> None:
    client, server = QuicTalk(recording)
    shaken(client, server)
    client.sends(client.one_rtt(300))
    recording.after(ms=50)
    server.sends(server.one_rtt(1000))

    assert said_of_tcp(recording, profile) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_dtls(recording: Recording, profile: str) -> None:
    client, server = DtlsTalk(recording)
    shaken12(client, server)
    client.sends(client.record(bytes(80), epoch=1))
    recording.after(ms=50)
    server.sends(server.record(bytes(500), epoch=1))

    assert said_of_tcp(recording, profile) == []


def test_two_connections_over_udp_are_found_by_their_udp_port(recording: Recording) -> None:
    shaken(*QuicTalk(recording))
    second = QuicTalk(recording, first_dcid=b"\xdd" * 8)
    second.client.scid, second.server.scid = b"\xc2" * 4, b"\x5f" * 8
    shaken(*second)

    text = render_markdown(recording.report())
    assert "udp.port == 443" in text
    assert "tcp.port" not in text
