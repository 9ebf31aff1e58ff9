"""The profiles: their diagrams, hostile strings, every form; their reports stand in the gallery."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import msgspec
import pytest

from pcap_report.model.report import Report
from pcap_report.render.environment import profiles
from pcap_report.render.html import render_html
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from pcap_report.render.pdf import pdf_sources
from tests.dialogue.recording import Recording
from tests.mermaid.parser import MermaidParser, mermaid_blocks
from tests.render.filled import many
from tests.render.html_reading import Reading
from tests.render.replaced import replaced
from tests.render.reports import LANGUAGES, SAMPLES, report_of, sample
from tests.render.test_markdown_hostile import TEXTS, structure

if TYPE_CHECKING:
    from pathlib import Path

OURS = ("brief", "triage", "layers")


def _markdown(name: str, profile: str, language: str = "en") -> str:
    return render_markdown(sample(name), MarkdownOptions(language=language, profile=profile))


def test_they_are_known() -> None:
    assert profiles() == ["brief", "lab", "layers", "triage"]


@pytest.mark.parametrize("profile", OURS)
@pytest.mark.parametrize("name", SAMPLES)
def test_mermaid_understands_every_diagram(
    mermaid_parsers: list[MermaidParser], name: str, profile: str
) -> None:
    for language in LANGUAGES:
        for block in mermaid_blocks(_markdown(name, profile, language)):
            assert [parser.parse(block).error for parser in mermaid_parsers] == [None] * 3, block


@pytest.mark.parametrize("profile", OURS)
def test_hostile_strings_change_no_structure(mermaid_parsers: list[MermaidParser], profile: str) -> None:
    options = MarkdownOptions(profile=profile)
    texts = cycle(TEXTS)
    plains = cycle(f"plain-{number}.example.com" for number in range(len(TEXTS)))  # as many different ones
    for name in ("mcp-tls13.pcapng", "http-dns.pcapng", "refused-and-unanswered.pcapng"):
        plain = render_markdown(replaced(sample(name), lambda: next(plains)), options)
        hostile = render_markdown(replaced(sample(name), lambda: next(texts)), options)
        assert structure(hostile) == structure(plain)
        for expected, block in zip(mermaid_blocks(plain), mermaid_blocks(hostile), strict=True):
            for parser in mermaid_parsers:
                meant, understood = parser.parse(expected), parser.parse(block)
                assert (understood.error, understood.config) == (None, meant.config), block


@pytest.mark.parametrize("profile", OURS)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_a_page_and_a_paper(name: str, profile: str) -> None:
    options = MarkdownOptions(profile=profile, language="es")
    reading = Reading(render_html(sample(name), options))
    assert reading.open == []
    text = "".join(reading.said)
    assert "**" not in text
    assert "|--" not in text
    has_table = "|--" in render_markdown(sample(name), options)  # a healthy connection needs none in triage
    assert ('"kind": "table"' in pdf_sources(sample(name), options)["report.json"]) == has_table


@pytest.mark.parametrize("profile", OURS)
def test_a_saved_report_renders_the_same(profile: str) -> None:
    name = "lossy-three-connections.pcapng"
    saved = msgspec.json.decode(msgspec.json.encode(sample(name)), type=Report)
    assert render_markdown(saved, MarkdownOptions(profile=profile)) == _markdown(name, profile)


@pytest.mark.parametrize("profile", OURS)
def test_a_report_without_connections_is_still_one(profile: str) -> None:
    report = msgspec.structs.replace(
        sample("mcp-tls13.pcapng"), connections=(), groups=(), anatomy=(), findings=(), told=()
    )
    text = render_markdown(report, MarkdownOptions(profile=profile))
    assert text.startswith("# What happens in")
    assert "mcp-tls13.pcapng" in text


@pytest.mark.parametrize("profile", OURS)
def test_many_connections_stay_one_readable_file(profile: str) -> None:
    report = many(sample("lossy-three-connections.pcapng"), 500)
    text = render_markdown(report, MarkdownOptions(profile=profile))
    assert len(text.encode()) < 300_000
    assert "more" in text


@pytest.mark.parametrize("name", SAMPLES)
def test_the_brief_report_fits_on_a_page(name: str) -> None:
    lines = _markdown(name, "brief").splitlines()
    assert len(lines) <= 60
    assert "```" not in "".join(lines)


def test_healthy_connections_are_one_line() -> None:
    text = _markdown("mcp-tls13.pcapng", "triage")
    assert "connections: 1, of these in trouble: 0, healthy: 1" in text
    assert "**Healthy**, 1 connection: 0." in text


def test_packets_that_were_recorded_twice_are_no_trouble(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    client, server = recording.talk().established()
    for _ in range(4):
        client.data(b"request")
        recording.doubled()
        server.data(b"answer")
        recording.doubled()
    report = recording.report()
    phenomena = report.connections[0].tcp_phenomena
    assert phenomena is not None
    assert phenomena.retransmission.count > 0
    text = render_markdown(report, MarkdownOptions(profile="triage"))
    assert "in trouble: 0, healthy: 1" in text
    assert "Sent again" not in text


def test_trouble_stands_first() -> None:
    text = _markdown("refused-and-unanswered.pcapng", "triage")
    assert text.index("was refused by port 8443") < text.index("no answer to 6 SYNs")
    assert "**Look next:** Is the service running" in text
    http = _markdown("http-dns.pcapng", "triage")
    assert "Requests that failed: HTTP" in http
    assert "| 404 " in http


def test_layers_pack_the_client_hello() -> None:
    text = _markdown("mcp-tls13.pcapng", "layers")
    [drawn] = [block for block in mermaid_blocks(text) if block.startswith("flowchart")]
    boxes = [line.strip() for line in drawn.splitlines() if "[" in line]
    assert [box.split("· ")[-1].rstrip('"]') for box in boxes] == [
        "583 bytes",
        "569 bytes",
        "carries 517 bytes",
        "517 bytes",
    ]


CLOUD_RUN = (
    ("layers", "172.20.126.187 → 34.143.73.2 · 569 bytes"),
    ("layers", "`00:15:5d:1c:a2:25` belongs to a router"),
    ("layers", "`172.20.112.1` is at `00:15:5d:1c:a2:25`"),
    ("layers", "TCP, from port 36522 to port 443"),
    ("layers", "[148] ACK of the FIN Ack=26375"),
    ("layers", "`TLS 1.3` protects it (frame 22"),
    ("layers", "in frame 20"),
    ("brief", "The TCP three-way handshake (frames 17–19) is complete after 35.2 ms"),
    ("brief", "| TCP handshake | complete, 35.2 ms | 17–19 |"),
    ("brief", "| Close | orderly close | 145, 147 |"),
    ("triage", "Healthy"),
)


@pytest.mark.parametrize(("profile", "fact"), CLOUD_RUN)
def test_the_facts_of_the_replica(replicas_dir: Path, profile: str, fact: str) -> None:
    text = render_markdown(report_of(replicas_dir / "cloud-run.pcapng"), MarkdownOptions(profile=profile))
    assert fact in text


def test_the_trouble_of_the_replica(replicas_dir: Path) -> None:
    text = render_markdown(
        report_of(replicas_dir / "local-tunnel.pcap"), MarkdownOptions(profile="triage", language="es")
    )
    for fact in ("RST", "18–20", "63–64", "Retransmisión espuria ×1", "Qué revisar ahora"):
        assert fact in text


def test_a_filter_of_very_many_frames_is_a_short_one() -> None:
    report = sample("http-dns.pcapng")
    connection = report.connections[0]
    assert connection.app_data
    long = msgspec.structs.replace(connection.app_data.bursts[0], frames=tuple(range(11, 2011, 2)))
    data = msgspec.structs.replace(connection.app_data, bursts=(long,))
    busy = msgspec.structs.replace(
        report, connections=(msgspec.structs.replace(connection, app_data=data),), told=(0,)
    )
    for profile in ("lab", "brief", "layers"):
        text = render_markdown(busy, MarkdownOptions(profile=profile))
        assert "`tcp.stream == 0 && tcp.len > 0 && frame.number in {11..2009}`" in text
