"""Frames taken apart ahead of time are the same as frames taken apart one by one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pyshark.tshark.output_parser.tshark_xml import packet_from_xml_packet

from pcap_report.capture.dissect import MOST_FRAMES, anatomy_of_pdml, dissect
from pcap_report.capture.frame_store import StoredFrames, store_frames
from pcap_report.capture.tshark import find_tshark

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.mark.parametrize("name", ["http-dns", "mcp-tls13", "refused-and-unanswered"])
def test_they_are_what_dissect_says(tmp_path: Path, name: str) -> None:
    capture = SAMPLES / f"{name}.pcapng"
    store_frames(capture, find_tshark(), tmp_path)
    stored = StoredFrames(tmp_path)
    numbers = range(1, min(stored.count, MOST_FRAMES) + 1)
    assert [stored.frame(number) for number in numbers] == dissect(capture, numbers)
    assert stored.frame(0) is None
    assert stored.frame(stored.count + 1) is None


def test_a_capture_that_is_cut_off_has_the_frames_before_its_end(tmp_path: Path) -> None:
    whole = (SAMPLES / "http-dns.pcapng").read_bytes()
    cut = tmp_path / "cut.pcapng"
    cut.write_bytes(whole[: len(whole) // 2])
    store_frames(cut, find_tshark(), tmp_path)
    stored = StoredFrames(tmp_path)
    assert stored.count > 0
    assert stored.frame(stored.count) is not None


def test_what_was_let_go_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    with pytest.raises(FileNotFoundError):
        StoredFrames(folder)
    store_frames(SAMPLES / "http-dns.pcapng", find_tshark(), folder)
    stored = StoredFrames(folder)
    shutil.rmtree(folder)
    assert stored.frame(1) is None


@pytest.mark.parametrize("name", ["lossy-three-connections", "http-dns", "quic-h3"])
def test_frames_are_what_pyshark_says(name: str) -> None:
    """The XML is parsed by us, because that is faster; pyshark's own way finds the same layers and values."""
    command = ["tshark", "-n", "-r", str(SAMPLES / f"{name}.pcapng"), "-T", "pdml"]
    pdml = subprocess.run(command, capture_output=True, check=True).stdout
    packets = re.findall(rb"<packet>.*?</packet>", pdml, re.DOTALL)
    assert packets
    for text in packets:
        _same_as_pyshark(text)


def test_characters_that_xml_does_not_allow_are_dropped_as_pyshark_drops_them() -> None:
    command = ["tshark", "-n", "-r", str(SAMPLES / "http-dns.pcapng"), "-c", "1", "-T", "pdml"]
    pdml = subprocess.run(command, capture_output=True, check=True).stdout
    text = re.findall(rb"<packet>.*?</packet>", pdml, re.DOTALL)[0]
    spoilt = text.replace(b'showname="', 'showname="\0\x01\x0b\x1f\ufffe\uffff'.encode())
    assert spoilt != text
    _same_as_pyshark(spoilt)
    assert anatomy_of_pdml(spoilt) == anatomy_of_pdml(text)


def _same_as_pyshark(text: bytes) -> None:
    theirs, ours = packet_from_xml_packet(text), anatomy_of_pdml(text)
    layers = [theirs.frame_info, *theirs.layers]
    assert [one.layer_name for one in layers] == [one.protocol for one in ours.layers]
    for layer, found in zip(layers, ours.layers, strict=True):
        values = {
            (one.name, str(one.show or one.raw_value or ""))
            for several in layer._all_fields.values()
            for one in several.all_fields
        }
        # a long value is shortened, and what is too many is counted
        short = [one for one in found.fields if "…" not in (*one.name, *one.value)]
        assert {(one.name, one.value) for one in short} <= values
