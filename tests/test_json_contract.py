"""The JSON report: the committed schema is the code's, reports obey it, the contract's paths are there."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import pcap_report
from pcap_report.render.json_report import pretty_json, read_json, render_json, render_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "docs" / "report.schema.json"
SAMPLES = sorted(path.stem for path in (ROOT / "samples").glob("*.pcapng"))
# Any: a report as its readers have it, plain JSON.
Json = Any

EVERYWHERE = """
schema_version
generator.name generator.version generator.tshark_version
capture.file capture.sha256 capture.format capture.bytes capture.packets capture.first_packet_at
capture.duration_s capture.interfaces[].name capture.interfaces[].link_type capture.truncated
capture.duplicate_frames.count capture.duplicate_frames.frames
capture.protocols[].path capture.protocols[].packets capture.protocols[].bytes
connections[].id connections[].protocol
connections[].client.ip connections[].client.port connections[].client.mac connections[].client.private
connections[].server.ip connections[].server.port connections[].server.mac connections[].server.private
connections[].server.names
connections[].packets connections[].bytes connections[].first_frame connections[].last_frame
connections[].start_s connections[].end_s connections[].conn_state connections[].history
connections[].community_id
connections[].steps connections[].claims
dns http findings not_visible[].what not_visible[].why
attempts[].analyzer attempts[].status attempts[].message
"""
TCP = """
connections[].tcp_handshake.outcome connections[].tcp_handshake.rtt_ms
connections[].tcp_phenomena.retransmission.count connections[].tcp_phenomena.retransmission.frames
connections[].tcp_phenomena.fast_retransmission connections[].tcp_phenomena.spurious_retransmission
connections[].tcp_phenomena.duplicate_ack connections[].tcp_phenomena.out_of_order
connections[].tcp_phenomena.lost_segment connections[].tcp_phenomena.zero_window
connections[].tcp_phenomena.window_full connections[].tcp_phenomena.window_update
connections[].tcp_phenomena.keep_alive
connections[].teardown.outcome connections[].teardown.initiator connections[].teardown.fins
connections[].teardown.resets connections[].teardown.last_ack_frame
"""
TLS = """
connections[].tcp_handshake.syn.frame connections[].tcp_handshake.syn.mss
connections[].tcp_handshake.syn.window connections[].tcp_handshake.syn.window_scale
connections[].tcp_handshake.syn.sack_permitted connections[].tcp_handshake.syn.timestamps
connections[].tcp_handshake.syn_ack.frame connections[].tcp_handshake.syn_ack.mss
connections[].tcp_handshake.ack.frame
connections[].tls_handshake.version connections[].tls_handshake.cipher_suite
connections[].tls_handshake.alpn connections[].tls_handshake.sni connections[].tls_handshake.resumed
connections[].tls_handshake.hello_retry_request connections[].tls_handshake.encrypted_from_frame
connections[].tls_handshake.client_hello.frame connections[].tls_handshake.client_hello.frames[]
connections[].tls_handshake.client_hello.length connections[].tls_handshake.client_hello.record_version
connections[].tls_handshake.client_hello.random connections[].tls_handshake.client_hello.session_id
connections[].tls_handshake.client_hello.supported_versions[]
connections[].tls_handshake.client_hello.cipher_suites[] connections[].tls_handshake.client_hello.groups[]
connections[].tls_handshake.client_hello.key_share_groups connections[].tls_handshake.client_hello.alpn
connections[].tls_handshake.client_hello.ja3 connections[].tls_handshake.client_hello.ja4
connections[].tls_handshake.server_hello.frame connections[].tls_handshake.server_hello.version
connections[].tls_handshake.server_hello.cipher_suite
connections[].tls_handshake.server_hello.key_share_group connections[].tls_handshake.server_hello.alpn
connections[].tls_handshake.server_hello.ja3s
connections[].tls_handshake.certificates connections[].tls_handshake.alerts
connections[].app_data.client_bytes connections[].app_data.server_bytes
connections[].app_data.bursts[].direction connections[].app_data.bursts[].frames[]
connections[].app_data.bursts[].records connections[].app_data.bursts[].bytes
connections[].app_data.bursts[].start_s connections[].app_data.bursts[].end_s
connections[].app_data.exchanges[].request connections[].app_data.exchanges[].responses[]
connections[].app_data.exchanges[].latency_ms
connections[].claims[].id connections[].claims[].text connections[].claims[].frames[]
connections[].claims[].display_filter
connections[].teardown.fins[].frame connections[].teardown.fins[].seq connections[].teardown.fins[].ack
dns[].frame dns[].response_frame dns[].name dns[].type dns[].rcode dns[].answers dns[].rtt_ms
"""
LOSSY = """
connections[].teardown.resets[].frame
findings[].id findings[].severity findings[].summary findings[].connection findings[].frames[]
findings[].display_filter
"""
CERTIFICATES = """
connections[].tls_handshake.certificates[].subject connections[].tls_handshake.certificates[].issuer
connections[].tls_handshake.certificates[].not_before connections[].tls_handshake.certificates[].not_after
connections[].tls_handshake.certificates[].san connections[].tls_handshake.certificates[].key
connections[].tls_handshake.certificates[].sha256
"""
HTTP = """
dns[].answers[] http[].frame http[].response_frame http[].method http[].host http[].path http[].status
"""
QUIC = """
connections[].quic.version connections[].quic.outcome connections[].quic.rtt_ms connections[].quic.retry
connections[].quic.packets[].type connections[].quic.packets[].frames[]
connections[].tls_handshake.sni connections[].tls_handshake.client_hello.ja4
connections[].app_data.bursts[].frames[] connections[].claims[].display_filter
"""
PATHS = [
    *((sample, EVERYWHERE) for sample in SAMPLES),
    *((sample, TCP) for sample in SAMPLES if sample != "quic-h3"),
    ("quic-h3", QUIC),
    *((sample, TLS) for sample in ("mcp-tls13", "tls12-chain", "lossy-three-connections", "ipv6-tls13")),
    ("lossy-three-connections", LOSSY),
    ("tls12-chain", CERTIFICATES),
    ("http-dns", HTTP),
]


@cache
def text_of(sample: str) -> str:
    return render_json(pcap_report.analyze(ROOT / "samples" / f"{sample}.pcapng"))


def report_of(sample: str) -> Json:
    return json.loads(text_of(sample))


def values_at(value: Json, path: str) -> Iterator[Json]:
    """Yield what stands at a path such as ``connections[].client.ip``; a missing key raises KeyError."""
    head, _, rest = path.partition(".")
    below = value[head.removesuffix("[]")]
    for one in below if head.endswith("[]") else [below]:
        if rest:
            yield from values_at(one, rest)
        else:
            yield one


def test_the_committed_schema_is_that_of_the_code() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == render_schema(), (
        "The records changed: pcap-report schema > docs/report.schema.json, and a line in CHANGELOG.md"
    )


def test_the_schema_is_a_schema_and_says_what_things_are() -> None:
    schema = json.loads(render_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert all("description" in one for one in schema["$defs"].values())
    client = schema["$defs"]["Client"]["properties"]
    assert client["private"]["description"].startswith("The address is not reachable from the Internet")


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_report_obeys_the_schema_and_holds_nothing_else(sample: str) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for definition in schema["$defs"].values():
        definition["additionalProperties"] = False
    jsonschema.Draft202012Validator(schema).validate(report_of(sample))


@pytest.mark.parametrize(("sample", "paths"), PATHS, ids=lambda one: one if one in SAMPLES else "")
def test_the_paths_of_the_contract(sample: str, paths: str) -> None:
    report = report_of(sample)
    for path in paths.split():
        assert list(values_at(report, path)), f"nothing stands at {path}"


@pytest.mark.parametrize("path", ["fins[].from", "resets[].from"])
def test_who_sent_a_fin_and_a_reset(path: str) -> None:
    report = report_of("lossy-three-connections")
    senders = set(values_at(report, f"connections[].teardown.{path}"))
    assert senders <= {"client", "server"}


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_report_is_read_back_as_it_was(sample: str) -> None:
    text = text_of(sample)
    assert render_json(read_json(text.encode())) == text


def test_the_same_capture_gives_the_same_text() -> None:
    again = render_json(pcap_report.analyze(ROOT / "samples" / "mcp-tls13.pcapng"))
    assert again == text_of("mcp-tls13")


def test_unknown_is_null() -> None:
    for sample in SAMPLES:
        empty = [path for path, value in _leaves(report_of(sample)) if value == ""]
        assert not [path for path in empty if not path.endswith(("value", "session_id"))], sample


def _leaves(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(below, f"{path}.{key}")
    elif isinstance(value, list):
        for below in value:
            yield from _leaves(below, f"{path}[]")
    else:
        yield path, value


def test_what_could_act_on_a_terminal_is_written_as_an_escape() -> None:
    hostile = "\x1b[31m \x9b31m \u202e \u2028 \U000e0041 é 漢"
    text = pretty_json({"name": hostile})
    assert json.loads(text)["name"] == hostile
    assert not [char for char in text if not char.isprintable() and char != "\n"]
    assert "é 漢" in text
