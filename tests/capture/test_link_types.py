"""The same dialogue over every link layer that we claim to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from pcap_report.capture.link_types import link_type_name
from pcap_report.engine import analyze
from tests.dialogue.recording import Link, Recording
from tests.dialogue.sessions import tls13

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.connection import Connection

_NAMES = {"vlan": "ethernet"}
_MACS: dict[str, tuple[str | None, str | None]] = {
    "ethernet": ("02:00:00:00:00:01", "02:00:00:00:00:02"),
    "vlan": ("02:00:00:00:00:01", "02:00:00:00:00:02"),
    # the cooked headers hold the sender's address only
    "linux_sll": ("02:00:00:00:00:01", "02:00:00:00:00:02"),
    "linux_sll2": ("02:00:00:00:00:01", "02:00:00:00:00:02"),
}


@pytest.mark.parametrize("version", ["IPv4", "IPv6"])
@pytest.mark.parametrize("link", get_args(Link))
def test_a_dialogue_reads_the_same(tmp_path: Path, link: Link, version: str) -> None:
    recording = Recording(tmp_path, link)
    addresses = ("2001:db8::1", "2001:db8::2") if version == "IPv6" else ("10.1.1.1", "10.1.1.2")
    talk = tls13(recording.talk(*addresses))
    talk.closed()

    report = recording.report()
    (one,) = report.connections
    assert [interface.link_type for interface in report.capture.interfaces] == [_NAMES.get(link, link)]
    assert (one.client.ip, one.server.ip, one.packets) == (*addresses, 9)
    assert (one.client.mac, one.server.mac) == _MACS.get(link, (None, None))
    assert outcomes(one) == ("complete", "TLS 1.3", "orderly")


def outcomes(one: Connection) -> tuple[str, str | None, str]:
    assert one.tcp_handshake is not None
    assert one.tls_handshake is not None
    assert one.teardown is not None
    return (one.tcp_handshake.outcome, one.tls_handshake.version, one.teardown.outcome)


def test_a_link_type_without_a_name() -> None:
    assert (link_type_name(1), link_type_name(999)) == ("ethernet", "linktype_999")


@pytest.mark.parametrize(
    ("name", "link_type", "connections"),
    [
        ("arkime-80211http.pcap", "ieee802_11_radiotap", 1),
        ("arkime-icmp-frame-relay.pcap", "frelay", 0),
        ("mercury-sll_tls.pcap", "linux_sll", 1),
        ("sv-hdlc-http_1tx.pcap", "c_hdlc", 1),
        ("tcpdump-arcnet-rfc1201-arp-icmp-http.pcap", "arcnet_linux", 1),
        ("zeek-linux_dlt_sll2.pcap", "linux_sll2", None),
        ("zeek-nflog-http.pcap", "nflog", 1),
    ],
)
def test_real_captures(captures_dir: Path, name: str, link_type: str, connections: int | None) -> None:
    report = analyze(captures_dir / "linktypes" / name)
    assert [one.link_type for one in report.capture.interfaces][:1] == [link_type]
    assert [one for one in report.attempts if one.status == "failed"] == []
    if connections is not None:
        assert len([one for one in report.connections if one.protocol == "tcp"]) == connections
