"""The samples, held against what is known of them from their recording."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.analyzed import analyzed

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

_SAMPLES: Final = Path(__file__).resolve().parents[2] / "samples"
# Any: what stands in a TOML file
_CAPTURES: Final[list[dict[str, Any]]] = tomllib.loads((_SAMPLES / "expected.toml").read_text("utf-8"))[
    "capture"
]
_CONNECTIONS: Final = [
    (capture["file"], connection) for capture in _CAPTURES for connection in capture.get("connection", ())
]
_QUIC: Final = [(capture["file"], one) for capture in _CAPTURES for one in capture.get("quic", ())]
_FLAGS: Final = (
    "duplicate_ack",
    "retransmission",
    "spurious_retransmission",
    "out_of_order",
    "lost_segment",
    "window_update",
)


def report_of(name: str) -> Report:
    return analyzed(_SAMPLES / name)


@pytest.mark.parametrize("known", _CAPTURES, ids=[one["file"] for one in _CAPTURES])
def test_the_file(known: dict[str, Any]) -> None:
    report = report_of(known["file"])
    assert [one for one in report.attempts if one.status == "failed"] == []
    assert (report.capture.sha256, report.capture.packets) == (known["sha256"], known["packets"])
    assert [one.name for one in report.capture.interfaces] == [known["interface"]]
    streams = [one["stream"] for one in known.get("connection", ())]
    assert [one.id for one in report.connections if one.protocol == "tcp"] == streams
    numbers = [number for one in report.connections if one.quic for number in one.quic.connection_numbers]
    assert numbers == [one["number"] for one in known.get("quic", ())]
    assert not report.capture.truncated


@pytest.mark.parametrize("known", _CAPTURES, ids=[one["file"] for one in _CAPTURES])
def test_dns(known: dict[str, Any]) -> None:
    types = {"A": 1, "AAAA": 28}
    found = [
        (one.frame, one.response_frame, one.name, types.get(one.type or ""), list(one.answers))
        for one in report_of(known["file"]).dns
        if one.protocol == "dns"
    ]
    assert found == [
        (one["query"], one["response"], one["name"], one["type"], one["answers"])
        for one in known.get("dns", ())
    ]


@pytest.mark.parametrize(
    ("name", "known"), _CONNECTIONS, ids=[f"{name}-{one['stream']}" for name, one in _CONNECTIONS]
)
def test_the_connection(name: str, known: dict[str, Any]) -> None:
    one = report_of(name).connections[known["stream"]]
    assert (_end(one.client.ip, one.client.port), _end(one.server.ip, one.server.port)) == (
        known["client"],
        known["server"],
    )
    assert one.tcp_handshake is not None
    assert one.tcp_handshake.outcome == known["tcp_handshake"]
    assert one.teardown is not None
    if "teardown" in known:
        assert (one.teardown.outcome, one.teardown.fins[0].sender) == (
            known["teardown"],
            known["first_fin_from"],
        )
    tls = one.tls_handshake
    assert (tls.version if tls else None) == known.get("tls_version")
    assert (tls.cipher_suite if tls else None) == known.get("cipher_suite")
    assert (tls.sni if tls else None) == known.get("sni")
    assert list(tls.client_hello.alpn if tls and tls.client_hello else ()) == (
        [known["alpn"]] if "alpn" in known else []
    )


@pytest.mark.parametrize(
    ("name", "known"), _CONNECTIONS, ids=[f"{name}-{one['stream']}" for name, one in _CONNECTIONS]
)
def test_its_frames(name: str, known: dict[str, Any]) -> None:
    found = frames_of(report_of(name).connections[known["stream"]])
    assert found == {kind: known["frames"].get(kind, []) for kind in found}


@pytest.mark.parametrize(
    ("name", "known"), _QUIC, ids=[f"{name}-quic-{one['number']}" for name, one in _QUIC]
)
def test_the_quic_connection(name: str, known: dict[str, Any]) -> None:
    one = next(
        one
        for one in report_of(name).connections
        if one.quic and known["number"] in one.quic.connection_numbers
    )
    assert one.quic is not None
    assert (_end(one.client.ip, one.client.port), _end(one.server.ip, one.server.port)) == (
        known["client"],
        known["server"],
    )
    assert (one.quic.version, one.quic.outcome) == (known["version"], known["outcome"])
    tls = one.tls_handshake
    assert tls is not None
    assert tls.client_hello is not None
    assert tls.server_hello is not None
    assert (tls.cipher_suite, tls.sni, tls.resumed) == (known["cipher_suite"], known["sni"], known["resumed"])
    assert list(tls.client_hello.alpn) == [known["alpn"]]
    by_type = {packets.type: list(packets.frames) for packets in one.quic.packets}
    assert {
        "client_hello": [tls.client_hello.frame],
        "server_hello": [tls.server_hello.frame],
        "retry": by_type.get("retry", []),
        "zero_rtt": by_type.get("zero_rtt", []),
    } == {
        kind: known["frames"].get(kind, []) for kind in ("client_hello", "server_hello", "retry", "zero_rtt")
    }


def frames_of(one: Connection) -> dict[str, list[int]]:
    """Frames by the names that the file with what is known uses."""
    handshake, teardown, phenomena = one.tcp_handshake, one.teardown, one.tcp_phenomena
    assert handshake is not None
    assert teardown is not None
    assert phenomena is not None
    tls = one.tls_handshake
    hello, answer = (tls.client_hello, tls.server_hello) if tls else (None, None)
    found = {
        "syn": [handshake.syn.frame, *handshake.syn_retries] if handshake.syn else [],
        "syn_ack": [handshake.syn_ack.frame] if handshake.syn_ack else [],
        "fin": sorted([*(fin.frame for fin in teardown.fins), *teardown.repeated_fins]),
        "reset": [reset.frame for reset in teardown.resets],
        "client_hello": [hello.frame] if hello else [],
        "server_hello": [answer.frame] if answer else [],
    }
    for flag in _FLAGS:
        found[flag] = list(getattr(phenomena, flag).frames)
    return found


def _end(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
