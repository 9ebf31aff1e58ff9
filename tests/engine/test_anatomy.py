"""The frames that matter, layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dialogue import tls
from tests.dialogue.recording import Recording
from tests.dialogue.sessions import tls13

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.anatomy import FrameAnatomy


def fields(anatomy: FrameAnatomy, protocol: str) -> dict[str, str]:
    (layer,) = (one for one in anatomy.layers if one.protocol == protocol)
    return {one.name: one.value for one in layer.fields}


def test_the_frames_that_are_shown(recording: Recording) -> None:
    talk = tls13(recording.talk())
    talk.closed()

    shown = [(one.frame, one.role, one.connection) for one in recording.report().anatomy]
    assert shown == [
        (1, "syn", 0),
        (2, "syn_ack", 0),
        (4, "client_hello", 0),
        (5, "server_hello", 0),
        (7, "fin", 0),
        (8, "fin", 0),
    ]


def test_a_syn(recording: Recording) -> None:
    recording.talk().client.syn(mss=1400, window=64240, window_scale=7)

    (anatomy,) = recording.report().anatomy
    assert [layer.protocol for layer in anatomy.layers] == ["frame", "eth", "ip", "tcp"]
    assert fields(anatomy, "frame")["frame.len"] == "74"
    ethernet = fields(anatomy, "eth")
    assert (ethernet["eth.src"], ethernet["eth.dst"]) == ("02:00:00:00:00:01", "02:00:00:00:00:02")
    network = fields(anatomy, "ip")
    assert (network["ip.src"], network["ip.dst"], network["ip.ttl"], network["ip.proto"]) == (
        "192.168.1.10",
        "203.0.113.5",
        "64",
        "6",
    )
    segment = fields(anatomy, "tcp")
    assert (segment["tcp.srcport"], segment["tcp.dstport"], segment["tcp.seq"]) == ("50000", "443", "0")
    assert (segment["tcp.options.mss_val"], segment["tcp.window_size_value"]) == ("1400", "64240")
    assert segment["tcp.options.wscale.shift"] == "7"


def test_a_client_hello(recording: Recording) -> None:
    tls13(recording.talk())

    (anatomy,) = (one for one in recording.report().anatomy if one.role == "client_hello")
    hello = fields(anatomy, "tls")
    assert hello["tls.handshake.extensions_server_name"] == "www.example.org"
    assert hello["tls.handshake.extensions_alpn_str"] == "h2, http/1.1"
    assert hello["tls.handshake.length"] == str(len(tls.client_hello()) - 9)


def test_a_reset(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.rst_ack()

    assert [(one.frame, one.role) for one in recording.report().anatomy] == [(1, "syn"), (2, "reset")]


def test_over_ipv6_and_vlan(tmp_path: Path) -> None:
    recording = Recording(tmp_path, "vlan")
    recording.talk("2001:db8::1", "2001:db8::2").client.syn()

    (anatomy,) = recording.report().anatomy
    assert fields(anatomy, "eth")["vlan.id"] == "42"
    assert fields(anatomy, "ipv6")["ipv6.src"] == "2001:db8::1"


def test_many_connections_show_the_first_ones(recording: Recording) -> None:
    for port in range(50000, 50012):
        recording.talk(client_port=port).client.syn()

    assert len(recording.report().anatomy) == 10
