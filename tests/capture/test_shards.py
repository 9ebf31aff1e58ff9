"""Shards of a capture: every frame stands in one as it was, and tshark finds the same conversations."""

from __future__ import annotations

import gzip
import struct
import subprocess
import zlib
from itertools import pairwise
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcap_report.capture.conversation_key import conversation_key
from pcap_report.capture.cutting import Places
from pcap_report.capture.file_facts import file_facts
from pcap_report.capture.magic import capture_format
from pcap_report.capture.pcap_blocks import walk_pcap
from pcap_report.capture.pcapng_blocks import walk_pcapng
from pcap_report.capture.records import FileFacts, FrameRecord
from pcap_report.capture.shards import Shard, cut
from pcap_report.capture.ties import EntangledError, TiedError, Ties
from tests.bench.generate import generate
from tests.dialogue.files import Pcapng, frames, pcap

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.pcapng"))
ONE, OTHER, ROUTER = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2)), bytes((10, 9, 9, 9))
THIRD = bytes((10, 0, 0, 3))
QUIC_INITIAL = bytes((0xC0, 0, 0, 0, 1)) + bytes(20)


def frames_of(path: Path) -> list[FrameRecord]:
    walk = walk_pcap if capture_format(path).name == "pcap" else walk_pcapng
    with path.open("rb") as file:
        return list(walk(file, FileFacts("", 0)))


def cut_into(path: Path, count: int, folder: Path) -> list[Shard]:
    folder.mkdir()
    shards = cut(path, capture_format(path), count, folder)
    assert shards is not None
    return shards


def conversations(path: Path) -> list[tuple[str, ...]]:
    """Return for each frame what tshark makes of it that depends on other frames."""
    tshark = which("tshark")
    assert tshark
    fields = (
        "frame.protocols",
        "tcp.stream",
        "tcp.seq",
        "tcp.analysis.flags",
        "tcp.segment.count",
        "dns.time",
    )
    asked = [word for name in fields for word in ("-e", name)]
    command = [tshark, "-n", "-r", str(path), "-T", "fields", *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [tuple(line.split("\t")) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("capture", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("count", [1, 3])
def test_every_frame_stands_in_one_shard_as_it_was(capture: Path, count: int, tmp_path: Path) -> None:
    whole = frames_of(capture)
    shards = cut_into(capture, count, tmp_path / "shards")
    numbers = sorted(number for shard in shards for number in shard.frames)
    assert numbers == list(range(1, len(whole) + 1))
    for shard in shards:
        assert all(before < after for before, after in pairwise(shard.frames))
        assert frames_of(shard.path) == [whole[number - 1] for number in shard.frames]


@pytest.mark.parametrize("capture", SAMPLES, ids=lambda path: path.stem)
def test_one_shard_is_the_capture_itself(capture: Path, tmp_path: Path) -> None:
    (shard,) = cut_into(capture, 1, tmp_path / "shards")
    assert shard.path.read_bytes() == capture.read_bytes()


def test_tshark_sees_the_same_conversations(tmp_path: Path) -> None:
    capture = generate(tmp_path / "many.pcap", 3000)
    whole = conversations(capture)
    shards = cut_into(capture, 4, tmp_path / "shards")
    assert len(shards) == 4
    streams: dict[str, tuple[int, str]] = {}
    for place, shard in enumerate(shards):
        for number, found in zip(shard.frames, conversations(shard.path), strict=True):
            wanted = whole[number - 1]
            assert (found[0], found[2:]) == (wanted[0], wanted[2:]), f"frame {number}"
            if wanted[1]:
                assert streams.setdefault(wanted[1], (place, found[1])) == (place, found[1])
    assert len(set(streams.values())) == len(streams) > 50


def test_interfaces_secrets_and_comments_stay(tmp_path: Path) -> None:
    captures = [path for path in SAMPLES if file_facts(path, capture_format(path)).interfaces]
    assert captures
    for number, capture in enumerate(captures):
        whole = file_facts(capture, capture_format(capture))
        found = [
            file_facts(shard.path, capture_format(shard.path))
            for shard in cut_into(capture, 2, tmp_path / str(number))
        ]
        for facts in found:
            assert facts.interfaces == whole.interfaces
            assert (facts.comment, facts.key_logs) == (whole.comment, whole.key_logs)
        assert sorted(text for facts in found for _, text in facts.comments) == sorted(
            text for _, text in whole.comments
        )


def test_what_is_cut_off_at_the_end_is_no_frame_and_follows_the_last_one(tmp_path: Path) -> None:
    capture = generate(tmp_path / "whole.pcap", 200)
    path = tmp_path / "cut.pcap"
    path.write_bytes(capture.read_bytes()[:-7])
    shards = cut_into(path, 3, tmp_path / "shards")
    numbers = sorted(number for shard in shards for number in shard.frames)
    assert numbers == list(range(1, 200))
    (last,) = [shard for shard in shards if 199 in shard.frames]
    assert path.read_bytes().endswith(last.path.read_bytes()[-60:])


@pytest.mark.parametrize("kind", ["pcap", "pcapng"])
def test_half_a_compressed_capture_is_not_cut(tmp_path: Path, kind: str) -> None:
    path, many = tmp_path / f"cut.{kind}.gz", frames(200)
    file = Pcapng().section().interface()
    for packet in many:
        file.packet(packet)
    path.write_bytes(gzip.compress(pcap(many) if kind == "pcap" else bytes(file))[:-40])
    assert cut(path, capture_format(path), 3, tmp_path) is None


def test_quic_stays_with_its_server_where_the_port_tells_it() -> None:
    there = key(ipv4(17, ONE, OTHER, struct.pack(">HHHH", 50000, 443, 33, 0) + QUIC_INITIAL))
    moved = key(ipv4(17, ROUTER, OTHER, struct.pack(">HHHH", 50001, 443, 33, 0) + bytes((0x40,)) * 20))
    assert there == moved == OTHER + b"quic"


def test_quic_on_another_port_stays_with_the_ends_that_it_was_seen_to_have() -> None:
    initial = ipv4(17, ONE, OTHER, struct.pack(">HHHH", 50000, 4433, 33, 0) + QUIC_INITIAL)
    moved = ipv4(17, ROUTER, OTHER, struct.pack(">HHHH", 50001, 4433, 33, 0) + bytes((0x40,)) * 20)
    with pytest.raises(TiedError):
        key(initial)
    ties = ties_of(initial, moved)
    assert key(initial, ties) == key(moved, ties) == ONE + struct.pack(">H", 50000) + b"quic"
    other_service = ipv4(17, ROUTER, OTHER, struct.pack(">HHHH", 50001, 53, 33, 0) + bytes(25))
    assert key(other_service, ties) == OTHER + ROUTER
    alike = ipv4(17, ONE, ROUTER, struct.pack(">HHHH", 1, 2, 33, 0) + QUIC_INITIAL)
    between = ipv4(17, ROUTER, OTHER, struct.pack(">HHHH", 2, 4433, 33, 0) + bytes(25))
    with pytest.raises(EntangledError):
        key(between, ties_of(initial, alike))


def test_who_signals_stays_together_with_everybody_it_speaks_to() -> None:
    ftp = ipv4(6, ONE, OTHER, struct.pack(">HH", 40000, 21) + bytes(16))
    with pytest.raises(TiedError):
        key(ftp)
    ties = ties_of(ftp)
    data = ipv4(6, OTHER, ROUTER, struct.pack(">HH", 20, 40001) + bytes(16))
    assert key(ftp, ties) == key(data, ties) == b"tied"
    assert key(ipv4(17, OTHER, ONE, b"the end of a datagram", fragment=185), ties) == b"tied"
    quoted = bytes((3, 1, 0, 0, 0, 0, 0, 0)) + ipv4(6, ONE, OTHER, TCP[:8])
    assert key(ipv4(1, ROUTER, THIRD, quoted), ties) == b"tied"
    assert key(ipv4(6, ROUTER, THIRD, TCP), ties) == THIRD + ROUTER


def test_media_may_be_announced_for_any_ends() -> None:
    sip = ipv4(17, ONE, OTHER, struct.pack(">HHHH", 5060, 5060, 8, 0))
    ties = ties_of(sip)
    media = ipv4(17, ROUTER, THIRD, struct.pack(">HHHH", 40000, 30000, 20, 0) + bytes(12))
    assert key(sip, ties) == key(media, ties) == b"tied"
    assert key(ipv4(6, ROUTER, THIRD, TCP), ties) == THIRD + ROUTER
    with pytest.raises(EntangledError):
        key(ipv4(17, ROUTER, THIRD, b"of what datagram?", fragment=185), ties)


def ties_of(*packets: bytes) -> Ties:
    """Return what the packets tie together."""
    ties = Ties()
    for packet in packets:
        key(packet, ties)
    ties.complete = True
    return ties


def ipv4(protocol: int, source: bytes, target: bytes, payload: bytes, fragment: int = 0) -> bytes:
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 7, fragment, 64, protocol, 0)
    return head + source + target + payload


def ethernet(kind: int, payload: bytes) -> bytes:
    return bytes(12) + kind.to_bytes(2, "big") + payload


TCP = struct.pack(">HH", 40000, 443) + bytes(16)


def key(packet: bytes, ties: Ties | None = None) -> bytes:
    return conversation_key(ethernet(0x0800, packet), 1, ties)


def test_what_belongs_together_has_one_key() -> None:
    there = key(ipv4(6, ONE, OTHER, TCP))
    assert there == ONE + OTHER
    assert key(ipv4(6, OTHER, ONE, TCP)) == there
    assert key(ipv4(17, OTHER, ONE, b"the end of a datagram", fragment=185)) == there
    quoted = bytes((3, 1, 0, 0, 0, 0, 0, 0)) + ipv4(6, ONE, OTHER, TCP[:8])
    assert key(ipv4(1, ROUTER, ONE, quoted)) == there
    assert key(ipv4(6, ONE, ROUTER, TCP)) != there
    tagged = ethernet(0x8100, b"\x00\x05\x08\x00" + ipv4(6, ONE, OTHER, TCP))
    assert conversation_key(tagged, 1) == there
    over_pppoe = ethernet(0x8864, bytes.fromhex("1100 0001 0016 0021") + ipv4(6, ONE, OTHER, TCP))
    assert conversation_key(over_pppoe, 1) == there
    with_snap = ethernet(50, b"\xaa\xaa\x03\x00\x00\x00\x08\x00" + ipv4(6, ONE, OTHER, TCP))
    assert conversation_key(with_snap, 1) == there
    labelled = ethernet(0x8847, bytes((0, 1, 0, 64, 0, 2, 1, 64)) + ipv4(6, ONE, OTHER, TCP))
    assert conversation_key(labelled, 1) == there


@given(
    st.lists(
        st.tuples(
            st.sampled_from((6, 17)),
            st.sampled_from((0, 1, 0x2000, 0x4000, 0x4001)),
            st.permutations((ONE, OTHER, ROUTER)),
            st.sampled_from((443, 40000)),
            st.integers(20, 60),
        ),
        max_size=20,
    )
)
def test_a_place_that_is_remembered_is_the_same(
    packets: list[tuple[int, int, list[bytes], int, int]],
) -> None:
    places = Places(7, None)
    for protocol, fragment, (source, target, _), port, size in packets:
        payload = struct.pack(">HH", port, 443) + bytes(16)
        frame = ethernet(0x0800, ipv4(protocol, source, target, payload, fragment))[: 14 + size]
        try:
            expected = conversation_key(frame, 1)
        except EntangledError:  # a fragment of QUIC
            with pytest.raises(EntangledError):
                places.of(frame, 1)
            continue
        assert places.of(frame, 1) == (zlib.crc32(expected) % 7 if expected else 0)


def test_ipv6_with_extension_headers_has_the_key_of_its_ends() -> None:
    one, other, router = bytes(15) + b"\x01", bytes(15) + b"\x02", bytes(15) + b"\x03"
    head = struct.pack(">IHBB", 0x60000000, 0, 60, 64)
    options = bytes((6, 0, 1, 4, 0, 0, 0, 0))
    packet = head + one + other + options + TCP
    assert conversation_key(ethernet(0x86DD, packet), 1) == one + other
    error = (
        struct.pack(">IHBB", 0x60000000, 0, 58, 64) + router + one + bytes((3, 0, 0, 0, 0, 0, 0, 0)) + packet
    )
    assert conversation_key(error, 229) == one + other


@pytest.mark.parametrize(
    "frame",
    [
        ethernet(0x8847, bytes((0, 1, 1, 64)) + bytes(18)),
        ethernet(0x88E7, bytes(4) + ipv4(6, ONE, OTHER, TCP)),
        ethernet(0x8903, bytes(16) + ethernet(0x0800, ipv4(6, ONE, OTHER, TCP))),
        ethernet(30, b"\x06\x06\x03" + ipv4(6, ONE, OTHER, TCP)),
        ethernet(
            30, b"\xaa\xaa\x03\x00\x80\xc2\x00\x07\x00\x00" + ethernet(0x0800, ipv4(6, ONE, OTHER, TCP))
        ),
        ethernet(0x8864, bytes.fromhex("1100 0001 0016 003d") + ipv4(6, ONE, OTHER, TCP)),
        ethernet(0x0800, ipv4(47, ONE, OTHER, bytes(40))),
        ethernet(0x0800, ipv4(4, ONE, OTHER, ipv4(6, ONE, OTHER, TCP))),
        ethernet(0x0800, ipv4(17, ONE, OTHER, struct.pack(">HHHH", 50000, 4789, 8, 0))),
    ],
    ids=[
        "a wire over MPLS",
        "a provider bridge",
        "a fabric",
        "LLC",
        "a bridge over SNAP",
        "multilink PPP",
        "GRE",
        "IP in IP",
        "VXLAN",
    ],
)
def test_a_capture_whose_addresses_are_entangled_is_not_cut(frame: bytes, tmp_path: Path) -> None:
    with pytest.raises(EntangledError):
        conversation_key(frame, 1)
    capture = generate(tmp_path / "tunnel.pcap", 50)
    with capture.open("ab") as file:
        file.write(struct.pack("<IIII", 1_800_000_000, 0, len(frame), len(frame)) + frame)
    folder = tmp_path / "shards"
    folder.mkdir()
    assert cut(capture, capture_format(capture), 3, folder) is None
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "frame",
    [
        ethernet(0x0806, bytes(28)),
        ethernet(38, b"\x42\x42\x03" + bytes(35)),
        ethernet(0x1234, bytes(40)),
        ethernet(0x8864, bytes.fromhex("1100 0001 000a c021 0101000a")),
    ],
    ids=["ARP", "a spanning tree", "a type without a name", "PPP's own"],
)
def test_frames_without_ip_stay_together(frame: bytes) -> None:
    assert conversation_key(frame, 1) == b""


@pytest.mark.parametrize("link_type", [0, 105, 127, 189, 65000])
def test_frames_of_other_link_types_stay_together(link_type: int) -> None:
    assert conversation_key(ethernet(0x0800, ipv4(6, ONE, OTHER, TCP)), link_type) == b""


@pytest.mark.parametrize("size", range(0, 60, 7))
def test_half_a_frame_breaks_nothing(size: int) -> None:
    whole = ethernet(0x0800, ipv4(6, ONE, OTHER, TCP))
    assert conversation_key(whole[:size], 1) in (b"", ONE + OTHER)
