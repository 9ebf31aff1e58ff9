"""Frames taken apart completely: through pyshark, on an excerpt, with the capture's own frame numbers."""

from __future__ import annotations

import gzip
import struct
import subprocess
import sys
from pathlib import Path

import pytest

import pcap_report
from pcap_report.errors import UsageError

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
LOSSY = SAMPLES / "lossy-three-connections.pcapng"


def fields_of(path: Path, frame: int, protocol: str) -> dict[str, str]:
    [anatomy] = pcap_report.dissect(path, [frame])
    return {
        field.name: field.value
        for layer in anatomy.layers
        if layer.protocol == protocol
        for field in layer.fields
    }


def test_layers_come_from_the_outermost_inwards() -> None:
    [anatomy] = pcap_report.dissect(SAMPLES / "mcp-tls13.pcapng", [10])
    assert (anatomy.frame, anatomy.role, anatomy.connection) == (10, "dissected", None)
    assert [layer.protocol for layer in anatomy.layers] == ["frame", "eth", "ip", "tcp", "tls"]
    server_name = [
        field.value
        for field in anatomy.layers[-1].fields
        if field.name == "tls.handshake.extensions_server_name"
    ]
    assert server_name == ["mcp.example.net"]


def test_several_frames_come_in_order_and_each_once() -> None:
    frames = [one.frame for one in pcap_report.dissect(LOSSY, [61, 3, 43, 61])]
    assert frames == [3, 43, 61]
    assert pcap_report.dissect(LOSSY, []) == []


def test_sequence_numbers_are_relative_to_the_connection_s_beginning() -> None:
    tcp = fields_of(LOSSY, 67, "tcp")
    assert (tcp["tcp.seq"], tcp["tcp.flags.fin"]) == ("1026", "1")


def test_frame_numbers_inside_a_frame_are_the_capture_s() -> None:
    assert fields_of(LOSSY, 61, "tcp")["tcp.analysis.duplicate_ack_frame"] == "54"
    assert fields_of(LOSSY, 61, "frame")["frame.number"] == "61"
    assert fields_of(SAMPLES / "http-dns.pcapng", 5, "dns")["dns.response_to"] == "3"


def test_what_depends_on_the_whole_file_is_left_out() -> None:
    names = fields_of(LOSSY, 61, "frame").keys() | fields_of(LOSSY, 61, "tcp").keys()
    assert not names & {"frame.time_relative", "frame.time_delta", "tcp.stream", "tcp.completeness"}


def test_a_frame_in_the_middle_agrees_with_tshark_over_the_whole_capture() -> None:
    names = ["tcp.seq", "tcp.ack", "tcp.window_size", "tcp.analysis.initial_rtt", "frame.time_epoch"]
    command = ["tshark", "-n", "-r", str(LOSSY), "-Y", "frame.number == 108", "-T", "fields"]
    wanted = [part for name in names for part in ("-e", name)]
    done = subprocess.run([*command, *wanted], capture_output=True, text=True, check=True)
    ours = fields_of(LOSSY, 108, "tcp") | fields_of(LOSSY, 108, "frame")
    assert [ours[name] for name in names] == done.stdout.rstrip("\n").split("\t")


def test_times_are_utc_wherever_this_machine_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert fields_of(LOSSY, 61, "frame")["frame.time"].endswith(" UTC")


def test_a_pcap_and_a_compressed_capture(tmp_path: Path) -> None:
    packed = tmp_path / "capture.pcapng.gz"
    packed.write_bytes(gzip.compress(LOSSY.read_bytes()))
    assert fields_of(packed, 61, "tcp")["tcp.seq"] == "1002"
    classic = tmp_path / "capture.pcap"
    frame = bytes.fromhex("ffffffffffff02000000000188b5").ljust(60, b"\0")
    record = struct.pack("<IIII", 1, 5, len(frame), len(frame)) + frame
    classic.write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + record * 3)
    assert fields_of(classic, 3, "eth")["eth.src"] == "02:00:00:00:00:01"
    assert fields_of(classic, 3, "frame")["frame.time_epoch"] == "1.000005000"


@pytest.mark.parametrize("frames", [[0], [-1], [120], [1, 999], range(1, 60)], ids=str)
def test_frames_that_cannot_be_had(frames: list[int]) -> None:
    with pytest.raises(UsageError):
        pcap_report.dissect(LOSSY, frames)


def test_it_works_where_a_loop_already_runs_and_with_warnings_as_errors() -> None:
    program = (
        "import asyncio, pcap_report\n"
        "async def main():\n"
        f"    return pcap_report.dissect({str(LOSSY)!r}, [43])\n"
        "[anatomy] = asyncio.run(main())\n"
        "print(anatomy.frame)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("43\n", "")
