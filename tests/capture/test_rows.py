"""A row of the bulk pass becomes a packet: which of several headers counts, and what is damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import GRE, Ether
from scapy.layers.vxlan import VXLAN
from scapy.utils import wrpcap

from pcap_report.capture.columns import CORE, Columns
from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.rows import RowParser
from pcap_report.capture.tshark import find_tshark

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.packet import Packet

_FIELDS: Final = (*CORE, "tls.record.length", "http.host")
_ROW: Final = {
    "frame.number": "7",
    "frame.time_epoch": "1700000000.123456789",
    "frame.len": "74",
    "frame.cap_len": "60",
    "frame.protocols": "eth:ethertype:ip:tcp",
    "eth.src": "02:00:00:00:00:01",
    "eth.dst": "02:00:00:00:00:02",
    "ip.src": "192.168.1.10",
    "ip.dst": "203.0.113.5",
    "tcp.stream": "3",
    "tcp.srcport": "50000",
    "tcp.dstport": "443",
    "tcp.seq": "1",
    "tcp.ack": "2",
    "tcp.len": "20",
    "tcp.flags": "0x0018",
    "tcp.window_size_value": "502",
}


def parsed(**changes: str) -> Packet:
    """The packet of a row in which some columns differ; a dot is written as two underscores."""
    row = {**_ROW, **{name.replace("__", "."): value for name, value in changes.items()}}
    packet = parser().packet("\t".join(row.get(name, "") for name in _FIELDS) + "\n")
    assert packet is not None
    return packet


def parser() -> RowParser:
    return RowParser(Columns(_FIELDS, {name: place for place, name in enumerate(_FIELDS)}, ()))


def of(folder: Path, network: Any) -> Packet:  # noqa: ANN401 - a scapy packet
    """What tshark and the reader make of a packet on Ethernet."""
    path = folder / "one.pcap"
    wrpcap(str(path), [Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / network])
    (packet,) = CaptureReader(find_tshark(), path, ())
    return packet


def test_a_segment() -> None:
    packet = parsed()
    assert (packet.frame, packet.length, packet.captured) == (7, 74, 60)
    assert packet.time_ns == 1_700_000_000_123_456_789
    assert (packet.source, packet.source_port) == ("192.168.1.10", 50000)
    assert (packet.destination, packet.destination_port) == ("203.0.113.5", 443)
    assert (packet.stream, packet.seq, packet.ack, packet.payload) == (3, 1, 2, 20)
    assert (packet.flags, packet.window) == (0x18, 502)


@pytest.mark.parametrize(
    ("epoch", "time_ns"),
    [
        ("0.000000000", 0),
        ("1.5", 1_500_000_000),
        ("12", 12_000_000_000),
        ("1700000000.000000001", 1_700_000_000_000_000_001),
        ("-1.250000000", -1_250_000_000),
        ("7.1748178784", 8_748_178_784),
        ("-7.1748178784", -8_748_178_784),
        ("7.(1748178784 nanoseconds)", 8_748_178_784),
        ("-2147483648.(1748178784 nanose", -2_147_483_649_748_178_784),
    ],
)
def test_times_are_exact(epoch: str, time_ns: int) -> None:
    assert parsed(frame__time_epoch=epoch).time_ns == time_ns


def test_several_values_of_one_field() -> None:
    packet = parsed(tls__record__length="122\x1f1\x1f900")
    assert packet.numbers("tls.record.length") == [122, 1, 900]
    assert (packet.number("tls.record.length"), packet.has("tls.record.length")) == (122, True)
    assert (packet.text("http.host"), packet.texts("http.host")) == (None, [])


def test_a_row_with_too_many_columns_is_damaged_behind_only() -> None:
    reader = parser()
    row = [_ROW.get(name, "") for name in _FIELDS]
    packet = reader.packet("\t".join([*row[:-1], "evil\thost"]))
    assert packet is not None
    assert (packet.frame, packet.stream, reader.damaged) == (7, 3, 1)


@pytest.mark.parametrize("line", ["", "\n", "what tshark says in between", "x\t" * 30])
def test_what_is_no_row(line: str) -> None:
    reader = parser()
    assert reader.packet(line) is None
    assert reader.damaged == 1


def test_in_a_tunnel_the_innermost_addresses_count(tmp_path: Path) -> None:
    inner = IP(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=50000, dport=443, flags="S")
    packet = of(tmp_path, IP(src="192.0.2.1", dst="192.0.2.2") / GRE() / inner)
    assert (packet.source, packet.destination, packet.source_port) == ("10.0.0.1", "10.0.0.2", 50000)


def test_in_a_tunnel_of_ethernet_the_innermost_mac_addresses_count(tmp_path: Path) -> None:
    inner = (
        Ether(src="02:00:00:00:00:0a", dst="02:00:00:00:00:0b") / IP(src="10.0.0.1", dst="10.0.0.2") / TCP()
    )
    outer = IP(src="192.0.2.1", dst="192.0.2.2") / UDP(sport=50000, dport=4789)
    packet = of(tmp_path, outer / VXLAN(vni=7) / inner)
    assert (packet.source, packet.destination) == ("10.0.0.1", "10.0.0.2")
    assert (packet.source_mac, packet.destination_mac) == ("02:00:00:00:00:0a", "02:00:00:00:00:0b")


def test_ipv6_in_ipv4(tmp_path: Path) -> None:
    inner = IPv6(src="2001:db8::1", dst="2001:db8::2") / TCP(sport=50000, dport=443, flags="S")
    packet = of(tmp_path, IP(src="192.0.2.1", dst="192.0.2.2", proto=41) / inner)
    assert (packet.source, packet.destination) == ("2001:db8::1", "2001:db8::2")


def test_ipv4_in_ipv6(tmp_path: Path) -> None:
    inner = IP(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=50000, dport=443, flags="S")
    packet = of(tmp_path, IPv6(src="2001:db8::1", dst="2001:db8::2", nh=4) / inner)
    assert (packet.source, packet.destination) == ("10.0.0.1", "10.0.0.2")


def test_a_packet_that_a_segment_carries_is_no_header_of_it() -> None:
    packet = parsed(
        frame__protocols="eth:ethertype:ip:tcp:openflow_v4:eth:ethertype:ip:udp",
        eth__src="02:00:00:00:00:01\x1f02:00:00:00:00:0a",
        eth__dst="02:00:00:00:00:02\x1f02:00:00:00:00:0b",
        ip__src="192.168.1.10\x1f10.0.0.1",
        ip__dst="203.0.113.5\x1f10.0.0.2",
    )
    assert (packet.source, packet.destination) == ("192.168.1.10", "203.0.113.5")
    assert (packet.source_mac, packet.destination_mac) == ("02:00:00:00:00:01", "02:00:00:00:00:02")


def test_a_segment_that_icmp_quotes_belongs_to_no_connection(tmp_path: Path) -> None:
    quoted = IP(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=50000, dport=443, flags="S")
    packet = of(tmp_path, IP(src="10.0.0.2", dst="10.0.0.1") / ICMP(type=3, code=3) / quoted)
    assert (packet.stream, packet.source_port, packet.flags) == (None, 0, 0)
