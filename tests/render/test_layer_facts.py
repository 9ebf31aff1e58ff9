"""What is read of the lower layers of a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.render import layer_facts
from pcap_report.render.markdown import MarkdownOptions, render_markdown

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording


def test_where_a_host_talks_to_itself_each_side_has_its_own_frame(recording: Recording) -> None:
    recording.talk("127.0.0.1", "127.0.0.1").established()
    report = recording.report()
    facts = layer_facts.of(report, report.connections[0])
    assert facts.client_hops is not None
    assert facts.server_hops is not None
    assert (facts.client_hops.frame, facts.server_hops.frame) == (1, 2)
    assert "(`ip.src == 127.0.0.1 && ip.dst == 127.0.0.1`)" in render_markdown(report, MarkdownOptions())


def test_ipv6_counts_hops(recording: Recording) -> None:
    recording.talk("2001:db8::1", "2001:db8::2").established()
    text = render_markdown(recording.report(), MarkdownOptions())
    assert "In frame 1 the hop limit of the client's packet is 64" in text
    assert "time to live" not in text
