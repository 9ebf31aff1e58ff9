"""A rule that speaks of very many connections is listed in short, and nothing is left uncounted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.render.alike import listed
from pcap_report.render.markdown import render_markdown

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording

_REQUEST = b"GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n"


def record(recording: Recording, connections: int) -> None:
    for number in range(connections):
        client, _ = recording.talk(client_port=40000 + number).established()
        client.data(_REQUEST)


def test_few_are_listed_one_by_one(recording: Recording) -> None:
    record(recording, 8)
    findings = recording.report().findings
    alike = [one for one in findings if one.id == "plaintext.http"]
    assert len(alike) == 8
    assert [one for one in listed(findings) if one.id == "plaintext.http"] == alike


def test_many_are_counted(recording: Recording) -> None:
    record(recording, 12)
    report = recording.report()
    alike = [one for one in listed(report.findings) if one.id == "plaintext.http"]
    assert len(alike) == 6
    assert alike[-1].message.args["numbers"] == tuple(range(5, 12))
    assert "The same in 7 more connections: 5–11." in render_markdown(report)
