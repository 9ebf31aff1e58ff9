"""Errors of ICMP and ICMPv6, and the flow that they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import (
    ICMPv6DestUnreach,
    ICMPv6EchoRequest,
    ICMPv6PacketTooBig,
    ICMPv6TimeExceeded,
    IPv6,
)
from scapy.layers.vxlan import VXLAN

from pcap_report.engine import Options, analyze
from tests.dialogue.wire import captured, proved

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.icmp import IcmpError

SYN = IP(src="10.0.0.1", dst="203.0.113.5") / TCP(sport=4000, dport=443, flags="S", seq=77)
SYN6 = IPv6(src="2001:db8::1", dst="2001:db8::9") / TCP(sport=4002, dport=80, flags="S", seq=77)
DATAGRAM = IP(src="10.0.0.1", dst="10.0.0.7") / UDP(sport=5555, dport=9999) / b"hi"


def error(kind: int, code: int, quote: bytes, *, sender: str = "10.0.0.254", **more: Any) -> Any:  # noqa: ANN401 - scapy
    return IP(src=sender, dst="10.0.0.1") / ICMP(type=kind, code=code, **more) / quote


def only(folder: Path, *packets: Any) -> IcmpError:  # noqa: ANN401 - scapy packets
    (found,) = captured(folder, *packets).icmp_errors
    return found


def test_a_port_that_nobody_listens_on(tmp_path: Path) -> None:
    found = only(tmp_path, DATAGRAM, error(3, 3, bytes(DATAGRAM), sender="10.0.0.7"))

    assert (found.kind, found.meaning) == ("port_unreachable", "Destination Unreachable: Port Unreachable")
    assert (found.frame, found.frames, found.count, found.version) == (2, (2,), 1, 4)
    assert (found.sender, found.receiver) == ("10.0.0.7", "10.0.0.1")
    assert found.quoted is not None
    assert (found.quoted.source, found.quoted.source_port) == ("10.0.0.1", 5555)
    assert (found.quoted.destination, found.quoted.destination_port) == ("10.0.0.7", 9999)
    assert (found.quoted.protocol, found.udp_stream, found.connection) == (17, 0, None)


def test_a_path_that_is_too_narrow_names_its_width_and_the_connection(tmp_path: Path) -> None:
    """Eight bytes of the TCP header are quoted, which is enough for the ports (RFC 792)."""
    found = only(tmp_path, SYN, error(3, 4, bytes(SYN)[:28], nexthopmtu=1400))

    assert (found.kind, found.next_hop_mtu, found.connection) == ("packet_too_big", 1400, 0)
    assert found.quoted is not None
    assert (found.quoted.protocol, found.quoted.source_port, found.quoted.destination_port) == (6, 4000, 443)


def test_the_width_is_unknown_where_an_old_router_leaves_it_out(tmp_path: Path) -> None:
    found = only(tmp_path, SYN, error(3, 4, bytes(SYN)[:28]))
    assert (found.kind, found.next_hop_mtu) == ("packet_too_big", None)


def test_time_exceeded_and_redirect(tmp_path: Path) -> None:
    exceeded, redirect = captured(
        tmp_path, SYN, error(11, 0, bytes(SYN)), error(5, 1, bytes(SYN), gw="10.0.0.253")
    ).icmp_errors

    assert (exceeded.kind, exceeded.code, exceeded.gateway) == ("time_exceeded", 0, None)
    assert (redirect.kind, redirect.gateway) == ("redirect", "10.0.0.253")


def test_the_same_error_again_is_counted(tmp_path: Path) -> None:
    unreachable = error(3, 1, bytes(SYN))
    found = only(tmp_path, SYN, unreachable.copy(), SYN, unreachable.copy())
    assert (found.kind, found.count, found.frames, found.first_s) == ("unreachable", 2, (2, 4), 0.01)


def test_a_flow_that_the_capture_does_not_hold_is_no_connection_of_ours(tmp_path: Path) -> None:
    other = IP(src="10.0.0.1", dst="203.0.113.6") / TCP(sport=4001, dport=443, flags="S")
    found = only(tmp_path, SYN, error(3, 1, bytes(other)))
    assert found.quoted is not None
    assert (found.quoted.destination, found.connection) == ("203.0.113.6", None)


def test_of_two_connections_with_the_same_ports_the_later_is_meant(tmp_path: Path) -> None:
    answer = IP(src="203.0.113.5", dst="10.0.0.1") / TCP(sport=443, dport=4000, flags="SA", seq=5, ack=78)
    reset = IP(src="203.0.113.5", dst="10.0.0.1") / TCP(sport=443, dport=4000, flags="RA", seq=6, ack=78)
    again = IP(src="10.0.0.1", dst="203.0.113.5") / TCP(sport=4000, dport=443, flags="S", seq=900_000)
    first, second = captured(
        tmp_path,
        SYN,
        answer,
        error(11, 0, bytes(SYN)),
        reset,
        again,
        error(11, 0, bytes(again), sender="10.0.0.253"),
    ).icmp_errors
    assert (first.connection, second.connection) == (0, 1)


def test_ipv6(tmp_path: Path) -> None:
    datagram = IPv6(src="2001:db8::1", dst="2001:db8::9") / UDP(sport=1, dport=2)
    to_host = IPv6(src="2001:db8::ff", dst="2001:db8::1")
    narrow, closed, expired = captured(
        tmp_path,
        SYN6,
        to_host / ICMPv6PacketTooBig(mtu=1280) / bytes(SYN6),
        to_host / ICMPv6DestUnreach(code=4) / bytes(datagram),
        to_host / ICMPv6TimeExceeded(code=0) / bytes(datagram),
    ).icmp_errors

    assert (narrow.kind, narrow.next_hop_mtu, narrow.connection, narrow.version) == (
        "packet_too_big",
        1280,
        0,
        6,
    )
    assert (closed.kind, closed.connection) == ("port_unreachable", None)
    assert closed.quoted is not None
    assert (closed.quoted.protocol, closed.quoted.source_port, closed.quoted.destination_port) == (17, 1, 2)
    assert expired.meaning == "Time Exceeded: hop limit exceeded in transit"


def test_inside_a_tunnel_the_inner_addresses_count(tmp_path: Path) -> None:
    from scapy.layers.l2 import Ether

    inner = Ether(src="02:00:00:00:00:11", dst="02:00:00:00:00:12") / error(3, 3, bytes(DATAGRAM))
    outer = IP(src="192.0.2.1", dst="192.0.2.2") / UDP(sport=40000, dport=4789) / VXLAN(vni=7)
    found = only(tmp_path, Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / outer / inner)

    assert (found.sender, found.receiver) == ("10.0.0.254", "10.0.0.1")
    assert found.quoted is not None
    assert (found.quoted.source_port, found.quoted.destination_port) == (5555, 9999)


def test_echoes_are_no_errors(tmp_path: Path) -> None:
    echo = IP(src="10.0.0.1", dst="10.0.0.7") / ICMP() / b"ping"
    echo6 = IPv6(src="2001:db8::1", dst="2001:db8::9") / ICMPv6EchoRequest()
    assert captured(tmp_path, echo, echo6).icmp_errors == ()


def test_with_a_connection_asked_for_only_its_errors_stay(tmp_path: Path) -> None:
    report = captured(tmp_path, SYN, error(11, 0, bytes(SYN)), DATAGRAM, error(3, 3, bytes(DATAGRAM)))
    assert len(report.icmp_errors) == 2

    other = IP(src="10.0.0.1", dst="203.0.113.9") / TCP(sport=4009, dport=443, flags="S")
    captured(tmp_path, SYN, error(11, 0, bytes(SYN)), DATAGRAM, error(3, 3, bytes(DATAGRAM)), other)
    chosen = analyze(tmp_path / "frames.pcap", Options(connections=(0,)))
    assert [one.connection for one in chosen.icmp_errors] == [0]


def test_path_mtu_of_a_real_mail_session(captures_dir: Path) -> None:
    (found,) = proved(captures_dir / "mixed" / "zeek-smtp.pcap").icmp_errors
    assert (found.kind, found.next_hop_mtu, found.frames) == ("packet_too_big", 1492, (26, 28, 29, 30))
    assert (found.sender, found.connection) == ("192.168.1.1", 0)


def test_a_resolver_behind_a_real_tunnel(captures_dir: Path) -> None:
    (found,) = proved(captures_dir / "tunnels" / "zeek-gre-sample.pcap").icmp_errors
    assert (found.kind, found.frames, found.sender) == ("port_unreachable", (34, 36), "172.28.2.3")
    assert found.quoted is not None
    assert (found.quoted.source_port, found.quoted.destination_port, found.udp_stream) == (37675, 53, 1)
