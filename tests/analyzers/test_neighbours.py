"""Who has which address on the local link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scapy.layers.inet import ICMP, IP
from scapy.layers.inet6 import (
    ICMPv6ND_NA,
    ICMPv6ND_NS,
    ICMPv6ND_RA,
    ICMPv6NDOptDstLLAddr,
    ICMPv6NDOptPrefixInfo,
    ICMPv6NDOptSrcLLAddr,
    IPv6,
)
from scapy.layers.l2 import ARP, Ether

from tests.dialogue.wire import HOST, ROUTER, captured, proved

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.neighbours import Neighbours

NOBODY = "0.0.0.0"  # noqa: S104 - what a probe is sent from
THIEF = "02:00:00:00:00:66"


def arp(operation: int, mac: str, ip: str, target: str) -> Any:  # noqa: ANN401 - a scapy packet
    return Ether(src=mac, dst="ff:ff:ff:ff:ff:ff") / ARP(op=operation, hwsrc=mac, psrc=ip, pdst=target)


def who_has(target: str) -> Any:  # noqa: ANN401 - a scapy packet
    return arp(1, HOST, "10.0.0.1", target)


def is_at(ip: str, mac: str) -> Any:  # noqa: ANN401 - a scapy packet
    return arp(2, mac, ip, "10.0.0.1")


def neighbours(folder: Path, *packets: Any) -> Neighbours:  # noqa: ANN401 - scapy packets
    found = captured(folder, *packets).neighbours
    assert found is not None
    return found


def test_asked_and_answered(tmp_path: Path) -> None:
    found = neighbours(tmp_path, who_has("10.0.0.254"), is_at("10.0.0.254", ROUTER))

    host, router = found.known
    assert (host.ip, host.mac, host.statements, host.replies) == ("10.0.0.1", HOST, 1, 0)
    assert (router.ip, router.mac, router.protocol) == ("10.0.0.254", ROUTER, "arp")
    assert (router.asked_frames, router.frames, router.replies) == ((1,), (2,), 1)
    assert (found.conflicts, found.unanswered) == ((), ())


def test_asked_and_not_answered(tmp_path: Path) -> None:
    found = neighbours(tmp_path, who_has("10.0.0.9"), who_has("10.0.0.9"))
    assert found.unanswered == ("10.0.0.9",)
    assert [one.ip for one in found.known] == ["10.0.0.1"]


def test_two_machines_with_one_address(tmp_path: Path) -> None:
    found = neighbours(
        tmp_path, who_has("10.0.0.254"), is_at("10.0.0.254", ROUTER), is_at("10.0.0.254", THIEF)
    )
    (conflict,) = found.conflicts
    assert (conflict.ip, conflict.macs, conflict.frames) == ("10.0.0.254", (ROUTER, THIEF), (2, 3))


def test_an_announcement_is_gratuitous(tmp_path: Path) -> None:
    (found,) = neighbours(tmp_path, arp(1, HOST, "10.0.0.1", "10.0.0.1")).known
    assert (found.gratuitous, found.replies, found.asked_frames) == (1, 0, ())


def test_a_probe_says_nothing_yet(tmp_path: Path) -> None:
    """Before it takes an address, a host asks for it from 0.0.0.0 (RFC 5227, 2.1.1)."""
    assert captured(tmp_path, arp(1, HOST, NOBODY, "10.0.0.1")).neighbours is None


def test_neighbour_discovery(tmp_path: Path) -> None:
    ask = (
        IPv6(src="fe80::1", dst="ff02::1:ff00:2")
        / ICMPv6ND_NS(tgt="fe80::2")
        / ICMPv6NDOptSrcLLAddr(lladdr=HOST)
    )
    told = (
        IPv6(src="fe80::2", dst="fe80::1")
        / ICMPv6ND_NA(R=0, S=1, tgt="fe80::2")
        / ICMPv6NDOptDstLLAddr(lladdr=ROUTER)
    )
    host, other = neighbours(tmp_path, ask, told).known

    assert (host.ip, host.mac, host.protocol, host.replies) == ("fe80::1", HOST, "ndp", 0)
    assert (other.ip, other.mac, other.asked_frames, other.replies) == ("fe80::2", ROUTER, (1,), 1)
    assert (host.router, other.router) == (None, False)


def test_a_router_and_its_prefix(tmp_path: Path) -> None:
    announced = (
        IPv6(src="fe80::ff", dst="ff02::1")
        / ICMPv6ND_RA()
        / ICMPv6NDOptSrcLLAddr(lladdr=ROUTER)
        / ICMPv6NDOptPrefixInfo(prefix="2001:db8::", prefixlen=64)
    )
    (found,) = neighbours(tmp_path, announced).known
    assert (found.ip, found.mac, found.router, found.prefixes) == (
        "fe80::ff",
        ROUTER,
        True,
        ("2001:db8::/64",),
    )


def test_other_packets_say_nothing_of_neighbours(tmp_path: Path) -> None:
    assert captured(tmp_path, IP(src="10.0.0.1", dst="10.0.0.2") / ICMP()).neighbours is None


def test_a_real_link(captures_dir: Path) -> None:
    found = proved(captures_dir / "quic" / "mercury-quic_reordered_frames.pcap").neighbours
    assert found is not None
    known = {one.ip: (one.mac, one.frames, one.asked_frames) for one in found.known}
    assert known["10.10.0.34"] == ("00:50:56:82:08:6e", (4, 5), (3,))
    assert known["10.10.0.33"] == ("00:50:56:82:7d:67", (6, 7), (5,))
    assert found.unanswered == ("10.10.0.39",)
    assert found.conflicts == ()


def test_hardware_that_is_no_ethernet(captures_dir: Path) -> None:
    found = proved(captures_dir / "linktypes" / "tcpdump-arcnet-rfc1201-arp-icmp-http.pcap").neighbours
    assert found is not None
    assert [(one.ip, one.mac) for one in found.known] == [("10.80.131.1", "be"), ("10.80.131.254", "50")]
