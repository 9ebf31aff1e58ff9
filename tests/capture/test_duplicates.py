"""Frames that the capture holds twice, and those that only look so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import CookedLinuxV2, Ether
from scapy.utils import wrpcap

from pcap_report.capture.file_facts import file_facts
from pcap_report.capture.magic import capture_format
from pcap_report.engine import analyze

if TYPE_CHECKING:
    from pathlib import Path


def duplicates(path: Path) -> list[int]:
    return file_facts(path, capture_format(path)).duplicate_frames


def written(folder: Path, *packets: tuple[float, bytes]) -> Path:
    path = folder / "frames.pcap"
    frames = []
    for time_s, data in packets:
        frame = Ether(data)
        frame.time = time_s
        frames.append(frame)
    wrpcap(str(path), frames)
    return path


def segment(number: int, payload: bytes = b"", *, flags: str = "A", seq: int = 1) -> bytes:
    network = IP(src="10.0.0.1", dst="10.0.0.2", id=number) / TCP(sport=1, dport=2, flags=flags, seq=seq)
    return bytes(Ether() / network / payload)


def segment6(payload: bytes, seq: int = 1) -> bytes:
    network = IPv6(src="2001:db8::1", dst="2001:db8::2") / TCP(sport=1, dport=2, flags="PA", seq=seq)
    return bytes(Ether() / network / payload)


def test_the_same_identification_within_milliseconds_is_the_same_packet(tmp_path: Path) -> None:
    data = segment(77, b"data")
    assert duplicates(written(tmp_path, (1.0, data), (1.0001, data), (1.5, data))) == [2]


def test_another_identification_is_another_packet(tmp_path: Path) -> None:
    assert duplicates(written(tmp_path, (1.0, segment(77, b"data")), (1.0001, segment(78, b"data")))) == []


def test_without_identification_a_repeated_acknowledgement_is_no_duplicate(tmp_path: Path) -> None:
    acknowledgement = segment(0)
    others = [(1.0 + number / 1000, segment(0, b"x", flags="PA", seq=number)) for number in range(30)]
    repeated = [(1.0301, acknowledgement), (1.0302, acknowledgement), (1.0303, acknowledgement)]
    assert duplicates(written(tmp_path, *others, *repeated)) == []


def test_without_identification_a_conversation_captured_twice_shows_as_a_whole(tmp_path: Path) -> None:
    twice = []
    for number in range(10):
        data = segment6(b"x" * number, seq=number)
        twice += [(1.0 + number / 10, data), (1.0 + number / 10 + 0.00002, data)]
    assert duplicates(written(tmp_path, *twice)) == list(range(2, 21, 2))


def test_wiresharks_counts_stay_and_the_corrected_ones_stand_beside_them(captures_dir: Path) -> None:
    """One real capture: all that tshark flags is frames captured twice."""
    report = analyze(captures_dir / "tcp-phenomena" / "zeek-ssh-dups.pcap")
    (connection,) = report.connections
    phenomena = connection.tcp_phenomena
    assert phenomena is not None
    assert (phenomena.retransmission.count, phenomena.retransmission.corrected_count) == (166, 0)
    assert (phenomena.duplicate_ack.count, phenomena.duplicate_ack.corrected_count) == (114, 0)
    assert report.capture.duplicate_frames is not None
    assert report.capture.duplicate_frames.count == 166 + 114


def on_its_way(data: bytes) -> bytes:
    """Return what a router makes of a frame."""
    frame = Ether(data)
    frame.src, frame.dst = "02:00:00:00:00:03", "02:00:00:00:00:04"
    frame[IP].ttl -= 1
    del frame[IP].chksum
    return bytes(frame)


def forwarded(path: Path) -> list[int]:
    return file_facts(path, capture_format(path)).forwarded_frames


def test_before_and_behind_a_router_it_is_the_same_packet(tmp_path: Path) -> None:
    first, again = segment(77, b"data", flags="PA"), segment(78, b"data", flags="PA")
    path = written(
        tmp_path,
        *((1.0, first), (1.0001, on_its_way(first))),
        *((1.2, again), (1.2001, on_its_way(again))),
    )
    assert (forwarded(path), duplicates(path)) == ([2, 4], [])
    report = analyze(path)
    assert [one.frames for one in report.findings if one.id == "capture.forwarded"] == [(2, 4)]
    assert [one.frames for one in report.findings if one.id == "tcp.retransmission"] == [(3,)]


def test_on_a_bridge_and_its_port_it_is_the_same_packet(tmp_path: Path) -> None:
    """As ``tcpdump -i any`` records it: only the header of the link layer differs."""
    path, network = tmp_path / "any.pcap", Ether(segment(77, b"data")).payload
    wrpcap(str(path), [CookedLinuxV2(ifindex=number) / network for number in (1, 2, 3)])
    assert (forwarded(path), duplicates(path)) == ([2, 3], [])


@pytest.mark.parametrize("number", [0, 77])
def test_what_was_changed_or_has_no_identification_is_not_called_the_same(
    tmp_path: Path, number: int
) -> None:
    data = segment(number, b"data")
    other = segment(number or 0, b"DATA" if number else b"data")
    assert forwarded(written(tmp_path, (1.0, data), (1.0001, on_its_way(other)))) == []


@pytest.mark.parametrize(
    "name",
    ["http/sv-http-range-multiflows.pcap", "mixed/sv-zerologon.pcap", "tls13/zeek-tls13-ech.pcap"],
)
def test_resets_and_retransmissions_without_identification_are_left_alone(
    captures_dir: Path, name: str
) -> None:
    assert duplicates(captures_dir / name) == []
