"""Capture formats: clocks, byte orders, interfaces, compression."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Literal

import pytest

from pcap_report.engine import Options, analyze
from tests.dialogue.files import BEGIN_S, Order, Pcapng, frames, pcap

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.capture import CaptureInfo

_NAME, _DESCRIPTION, _RESOLUTION, _FILTER = 2, 3, 9, 11
_DROPPED = 5


def capture_info(folder: Path, data: bytes, name: str = "some.pcap") -> CaptureInfo:
    path = folder / name
    path.write_bytes(data)
    return analyze(path, Options(analyzers=())).capture


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("kind", ["microseconds", "nanoseconds", "modified"])
def test_pcap(
    tmp_path: Path,
    kind: Literal["microseconds", "nanoseconds", "modified"],
    order: Order,
    *,
    compressed: bool,
) -> None:
    data = pcap(frames(3), order=order, kind=kind)
    found = capture_info(tmp_path, gzip.compress(data) if compressed else data)

    assert found.format == ("pcap (gzip)" if compressed else "pcap")
    assert (found.packets, found.truncated, found.snapped_packets) == (3, False, 0)
    assert found.first_packet_at == "2023-11-14T22:13:20.000000Z"
    assert found.duration_s == pytest.approx(0.003)
    assert [one.link_type for one in found.interfaces] == ["ethernet"]


def test_nanoseconds_stay(tmp_path: Path) -> None:
    data = bytearray(pcap(frames(1), kind="nanoseconds"))
    data[28:32] = (123_456_789).to_bytes(4, "little")
    assert capture_info(tmp_path, bytes(data)).first_packet_at == "2023-11-14T22:13:20.123456789Z"


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compressed", [False, True])
def test_pcapng_with_several_interfaces(tmp_path: Path, order: Order, *, compressed: bool) -> None:
    file = Pcapng(order).section({1: b"a comment", 3: b"Linux 6", 4: b"dumpcap 4"})
    file.interface(snap_length=262144, options={_NAME: b"eth0", _DESCRIPTION: b"uplink"})
    file.interface(options={_NAME: b"eth1", _RESOLUTION: b"\x09", _FILTER: b"\x00tcp port 9999"})
    one, other = frames(2)
    file.packet(one, ticks=BEGIN_S * 10**6)
    file.packet(other, interface=1, ticks=BEGIN_S * 10**9 + 5)
    file.statistics(interface=1, options={_DROPPED: file.number(7)})
    data = bytes(file)
    found = capture_info(tmp_path, gzip.compress(data) if compressed else data)

    assert found.format == ("pcapng (gzip)" if compressed else "pcapng")
    assert (found.packets, found.truncated) == (2, False)
    assert found.duration_s == 5e-9
    uplink, second = found.interfaces
    assert (uplink.name, uplink.description, uplink.snap_length) == ("eth0", "uplink", 262144)
    assert (uplink.capture_filter, uplink.dropped) == (None, None)
    assert (second.name, second.capture_filter, second.snap_length, second.dropped) == (
        "eth1",
        "tcp port 9999",
        None,
        7,
    )
    assert (found.comment, found.capture_os, found.capture_application) == (
        "a comment",
        "Linux 6",
        "dumpcap 4",
    )


def test_pcapng_with_two_sections_of_different_byte_order(tmp_path: Path) -> None:
    one, other = frames(2)
    first = Pcapng("<").section().interface(options={_NAME: b"left"}).packet(one)
    second = Pcapng(">").section().interface(options={_NAME: b"right"}).packet(other)
    second.statistics(options={_DROPPED: second.number(3)})
    found = capture_info(tmp_path, bytes(first) + bytes(second))

    assert (found.packets, found.truncated) == (2, False)
    assert [(one.name, one.dropped) for one in found.interfaces] == [("left", None), ("right", 3)]


def test_pcapng_with_simple_packets(tmp_path: Path) -> None:
    file = Pcapng().section().interface(snap_length=0)
    for packet in frames(2, b"12"):
        file.simple_packet(packet)
    found = capture_info(tmp_path, bytes(file))

    assert (found.packets, found.truncated, found.snapped_packets) == (2, False, 0)


def test_a_block_that_nobody_knows_is_passed_over(tmp_path: Path) -> None:
    file = Pcapng().section().interface().block(0x0BAD0001, b"whatever").packet(frames(1)[0])
    assert capture_info(tmp_path, bytes(file)).packets == 1


@pytest.mark.parametrize("form", ["pcap", "pcapng"])
def test_snapped_packets_are_counted(tmp_path: Path, form: str) -> None:
    short, long = frames(2, b"x" * 500)
    if form == "pcap":
        data = pcap([short, long], snap_length=100)
    else:
        file = Pcapng().section().interface(snap_length=100)
        data = bytes(file.packet(short).packet(long[:100], length=len(long)))
    found = capture_info(tmp_path, data)

    assert (found.packets, found.snapped_packets, found.truncated) == (2, 1, False)
    assert found.interfaces[0].snap_length == 100


def test_the_hash_is_that_of_the_file_as_it_lies_there(tmp_path: Path) -> None:
    import hashlib

    data = gzip.compress(pcap(frames(1)))
    found = capture_info(tmp_path, data)
    assert (found.sha256, found.bytes) == (hashlib.sha256(data).hexdigest(), len(data))
