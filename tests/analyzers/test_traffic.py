"""Tables of conversations and endpoints, held against tshark's own."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from scapy.layers.inet import ICMP, IP, UDP
from scapy.layers.l2 import ARP, GRE, Ether

from pcap_report.capture.tshark import find_tshark
from pcap_report.engine import Options, analyze
from tests.dialogue.wire import HOST, ROUTER, captured

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.traffic import Conversation, Traffic
    from tests.dialogue.recording import Recording

LEVELS = {"ipv4": "ip", "ipv6": "ipv6", "tcp": "tcp", "udp": "udp"}
CAPTURES = [
    "mixed/zeek-smtp.pcap",
    "tunnels/sv-vxlan-decoder-03-vxlan.pcap",
    "tunnels/zeek-gre-sample.pcap",
    "tunnels/zeek-gtp1_gn_normal_incl_fragmentation.pcap",
    "ipv6/arkime-v6-http.pcap",
    "quic/mercury-quic_reordered_frames.pcap",
    "http/sv-http-connect-simple.pcap",
    "linktypes/zeek-linux_dlt_sll2.pcap",
    "tls-decrypt/pcapfs-system-tests.pcap",
]
_CONVERSATION = re.compile(
    r"^(\S+)\s+<-> (\S+)\s+(\d+) .*?(\d+) [\d,]+ \S+\s+(\d+) [\d,]+ \S+\s+[\d.]+\s+([\d.]+)$"
)
_ENDPOINT = re.compile(r"^(\S+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*$")

# ends, packets in all, packets of each direction, seconds: what tshark prints exactly
Row = tuple[frozenset[str], int, frozenset[int]]


def tap(capture: Path, name: str) -> list[str]:
    command = [find_tshark().path, "-n", "-q", "-r", str(capture), "-z", name]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def traffic(capture: Path) -> Traffic:
    found = analyze(capture, Options(analyzers=("traffic",))).traffic
    assert found is not None
    return found


def row(one: Conversation) -> Row:
    ends = (one.a, one.b) if one.a_port is None else (f"{one.a}:{one.a_port}", f"{one.b}:{one.b_port}")
    return frozenset(ends), one.packets, frozenset((one.packets_a_to_b, one.packets_b_to_a))


@pytest.mark.parametrize("capture", CAPTURES)
def test_conversations_are_those_of_tshark(captures_dir: Path, capture: str) -> None:
    found = traffic(captures_dir / capture)
    compared = 0
    for level, name in LEVELS.items():
        matches = map(_CONVERSATION.match, tap(captures_dir / capture, f"conv,{name}"))
        theirs = {
            (frozenset((one[1], one[2])), int(one[5]), frozenset((int(one[3]), int(one[4])))): float(one[6])
            for one in matches
            if one
        }
        ours = {row(one): one.last_s - one.first_s for one in found.conversations if one.level == level}
        assert ours.keys() == theirs.keys()
        compared += len(ours)
        for key, duration in theirs.items():
            assert ours[key] == pytest.approx(duration, abs=0.0001)
    assert compared


@pytest.mark.parametrize("capture", CAPTURES)
def test_endpoints_are_those_of_tshark_to_the_byte(captures_dir: Path, capture: str) -> None:
    found = traffic(captures_dir / capture)
    compared = 0
    for level in ("ipv4", "ipv6"):
        matches = map(_ENDPOINT.match, tap(captures_dir / capture, f"endpoints,{LEVELS[level]}"))
        theirs = {one[1]: tuple(int(one[place]) for place in range(2, 8)) for one in matches if one}
        ours = {
            one.address: (
                one.packets,
                one.bytes,
                one.sent_packets,
                one.sent_bytes,
                one.received_packets,
                one.received_bytes,
            )
            for one in found.endpoints
            if one.level == level
        }
        assert ours == theirs
        compared += len(ours)
    assert compared


def only(found: Traffic | None, level: str) -> Conversation:
    assert found is not None
    (one,) = (one for one in found.conversations if one.level == level)
    return one


def test_both_directions_of_a_connection(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"x" * 100)
    server.ack()
    found = recording.report().traffic

    tcp = only(found, "tcp")
    assert (tcp.a, tcp.a_port, tcp.b, tcp.b_port) == ("192.168.1.10", 50000, "203.0.113.5", 443)
    assert (tcp.packets, tcp.packets_a_to_b, tcp.packets_b_to_a) == (5, 3, 2)
    assert tcp.bytes == tcp.bytes_a_to_b + tcp.bytes_b_to_a
    assert (tcp.stream, tcp.display_filter) == (0, "tcp.stream == 0")
    assert tcp.first_s == 0
    assert tcp.last_s == pytest.approx(0.004)
    ip = only(found, "ipv4")
    assert (ip.a_port, ip.stream, ip.packets, ip.bytes) == (None, None, tcp.packets, tcp.bytes)
    assert ip.display_filter == "ip.addr == 192.168.1.10 && ip.addr == 203.0.113.5"


def datagram(source: str, target: str, size: int = 10) -> Any:  # noqa: ANN401 - a scapy packet
    return IP(src=source, dst=target) / UDP(sport=4000, dport=4001) / bytes(size)


def test_a_tunnel_and_what_runs_through_it(tmp_path: Path) -> None:
    inner = datagram("10.0.0.1", "10.0.0.2")
    report = captured(tmp_path, IP(src="192.0.2.1", dst="192.0.2.2") / GRE() / inner)
    assert report.traffic is not None
    ends = [(one.level, one.a, one.b) for one in report.traffic.conversations]
    assert sorted(ends) == [
        ("ipv4", "10.0.0.1", "10.0.0.2"),
        ("ipv4", "192.0.2.1", "192.0.2.2"),
        ("udp", "10.0.0.1", "10.0.0.2"),
    ]


def test_what_an_error_quotes_is_no_traffic(tmp_path: Path) -> None:
    quoted = bytes(datagram("10.0.0.1", "10.0.0.2"))
    report = captured(tmp_path, IP(src="10.0.0.9", dst="10.0.0.1") / ICMP(type=3, code=3) / quoted)
    found = only(report.traffic, "ipv4")
    assert (found.a, found.b) == ("10.0.0.9", "10.0.0.1")


def test_a_host_that_talks_to_itself(tmp_path: Path) -> None:
    there = IP(src="127.0.0.1", dst="127.0.0.1") / UDP(sport=4000, dport=4001) / b"?"
    back = IP(src="127.0.0.1", dst="127.0.0.1") / UDP(sport=4001, dport=4000) / b"!"
    found = only(captured(tmp_path, there, back).traffic, "udp")
    assert (found.a_port, found.packets_a_to_b, found.packets_b_to_a) == (4000, 1, 1)


def test_those_with_the_most_bytes_are_listed_and_the_rest_is_counted(tmp_path: Path) -> None:
    packets = [datagram("10.0.0.1", f"10.0.1.{number}", size=number) for number in range(1, 251)]
    found = captured(tmp_path, *packets).traffic
    assert found is not None
    listed = [one for one in found.conversations if one.level == "ipv4"]
    assert (len(listed), listed[0].b, listed[-1].b) == (200, "10.0.1.250", "10.0.1.51")
    left = {one.level: (one.conversations, one.endpoints) for one in found.omitted}
    assert left == {"ipv4": (50, 51), "udp": (50, 0)}


def test_without_ip_there_is_no_table(tmp_path: Path) -> None:
    request = Ether(src=HOST, dst=ROUTER) / ARP(psrc="10.0.0.1", pdst="10.0.0.2")
    assert captured(tmp_path, request).traffic is None
