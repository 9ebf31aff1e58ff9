"""Files that end too early: what is there is read, and the cut is told."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.capture.file_facts import file_facts
from pcap_report.capture.magic import capture_format
from pcap_report.engine import Options, analyze
from pcap_report.errors import NotACaptureError
from tests.dialogue.files import Pcapng, frames, pcap

if TYPE_CHECKING:
    from pathlib import Path

_FRAME: Final = 54
_HEADER: Final = 24
_RECORD: Final = 16 + _FRAME
_BOUNDS: Final = {_HEADER + number * _RECORD: number for number in range(4)}
_PCAP: Final = pcap(frames(3))
_MISREAD: Final = 128
"""Cut here, the second record makes sense in another variant of pcap, and tshark takes it for that."""


def facts_of(folder: Path, data: bytes) -> tuple[int, bool]:
    """Frames, and whether the file is cut, from its bytes alone."""
    path = folder / "cut"
    path.write_bytes(data)
    found = file_facts(path, capture_format(path))
    return (found.frames, found.cut)


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_pcap_cut_at_every_byte(tmp_path: Path, order: str) -> None:
    data = pcap(frames(3), order="<" if order == "<" else ">")
    for length in range(4, len(data) + 1):
        whole = max(0, length - _HEADER) // _RECORD
        assert facts_of(tmp_path, data[:length]) == (whole, length not in _BOUNDS), length


def test_a_pcapng_cut_at_every_byte(tmp_path: Path) -> None:
    file = Pcapng().section({4: b"test"}).interface(options={2: b"eth0"})
    for packet in frames(2):
        file.packet(packet)
    data, bounds, end = bytes(file), {}, 0
    for number, block in enumerate(file.blocks):
        end += len(block)
        bounds[end] = max(0, number - 1)
    for length in range(4, len(data) + 1):
        whole = max((frames for bound, frames in bounds.items() if bound <= length), default=0)
        assert facts_of(tmp_path, data[:length]) == (whole, length not in bounds), length


def test_a_gzip_file_cut_at_every_byte(tmp_path: Path) -> None:
    data = gzip.compress(_PCAP)
    answered = 0
    for length in range(2, len(data)):
        try:
            assert facts_of(tmp_path, data[:length])[1], length
            answered += 1
        except NotACaptureError:
            assert not answered, length
    assert facts_of(tmp_path, data) == (3, False)
    assert answered


@pytest.mark.parametrize("length", [_HEADER, _HEADER + 1, _HEADER + 16, _HEADER + _RECORD - 1])
def test_cut_before_the_first_packet_is_whole(tmp_path: Path, length: int) -> None:
    path = tmp_path / "cut.pcap"
    path.write_bytes(_PCAP[:length])
    with pytest.raises(NotACaptureError, match=r"cut\.pcap"):
        analyze(path)


@pytest.mark.parametrize("part", range(4))
def test_the_report_of_a_second_packet_cut_at_every_byte(tmp_path: Path, part: int) -> None:
    path = tmp_path / "cut.pcap"
    for length in range(_HEADER + _RECORD + part, _HEADER + 2 * _RECORD + 2, 4):
        path.write_bytes(_PCAP[:length])
        found = analyze(path, Options(analyzers=())).capture
        assert found.truncated == (length not in _BOUNDS), length
        if length != _MISREAD:
            assert found.packets == (length - _HEADER) // _RECORD, length


@pytest.mark.parametrize("missing", [1, 4, 30, 60])
def test_the_report_of_a_cut_pcapng(tmp_path: Path, missing: int) -> None:
    file = Pcapng().section().interface()
    for packet in frames(2):
        file.packet(packet)
    path = tmp_path / "cut.pcapng"
    path.write_bytes(bytes(file)[:-missing])
    report = analyze(path)

    assert (report.capture.packets, report.capture.truncated) == (1, True)
    assert report.capture.reader_note
    assert any("cut off" in one.why for one in report.not_visible)


def test_the_report_of_a_cut_gzip_file(tmp_path: Path) -> None:
    path = tmp_path / "cut.pcap.gz"
    path.write_bytes(gzip.compress(pcap(frames(500, bytes(range(200)))))[:-20])
    found = analyze(path, Options(analyzers=())).capture

    assert found.truncated
    assert 0 < found.packets <= 500


def test_a_length_that_makes_no_sense(tmp_path: Path) -> None:
    data = bytearray(pcap(frames(2)))
    at = _HEADER + _RECORD + 8
    data[at : at + 4] = (0x7FFFFFFF).to_bytes(4, "little")
    assert facts_of(tmp_path, bytes(data)) == (1, True)
    path = tmp_path / "cut"
    found = analyze(path, Options(analyzers=())).capture
    assert (found.packets, found.truncated) == (1, True)
