"""Where a file that zstd or lz4 compressed ends, at every byte: by hand, and as their programs write it."""

from __future__ import annotations

import shutil
import struct
import subprocess
from typing import TYPE_CHECKING

import pytest

from pcap_report.capture.compressed_ends import ends_whole
from pcap_report.engine import analyze
from tests.dialogue.files import frames, pcap

if TYPE_CHECKING:
    from pathlib import Path

_PIECES = (b"one piece, ", b"another")


def zstd(*, single: bool, summed: bool) -> bytes:
    """A frame of two blocks that are stored and one that is a run (RFC 8878, section 3.1.1)."""
    head = bytes((0x20, 30)) if single else bytes((0, 0x58))
    blocks = b"".join((len(one) << 3).to_bytes(3, "little") + one for one in _PIECES)
    run = (9 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"x"
    flags = head[0] | (4 if summed else 0)
    return b"\x28\xb5\x2f\xfd" + bytes((flags, head[1])) + blocks + run + (b"sums" if summed else b"")


def lz4(*, summed: bool, each: bool) -> bytes:
    """A frame of two blocks that are stored."""
    flags = 0x60 | (4 if summed else 0) | (0x10 if each else 0)
    blocks = (struct.pack("<I", len(one) | 1 << 31) + one + (b"sums" if each else b"") for one in _PIECES)
    end = bytes(4) + (b"sums" if summed else b"")
    return b"\x04\x22\x4d\x18" + bytes((flags, 0x40, 0)) + b"".join(blocks) + end


_SKIPPED = struct.pack("<II", 0x184D2A51, 5) + b"other"


@pytest.mark.parametrize(
    "frame",
    [
        zstd(single=True, summed=False),
        zstd(single=False, summed=True),
        lz4(summed=False, each=True),
        lz4(summed=True, each=False),
    ],
    ids=["zstd", "zstd with a check sum", "lz4 with many", "lz4 with one"],
)
def test_at_every_byte(frame: bytes, tmp_path: Path) -> None:
    path = tmp_path / "compressed"
    whole = _SKIPPED + frame + frame
    ends = {len(_SKIPPED), len(_SKIPPED) + len(frame), len(whole)}
    for length in range(1, len(whole) + 1):
        path.write_bytes(whole[:length])
        assert ends_whole(path) is (length in ends), length
    path.write_bytes(whole + b"something else")
    assert not ends_whole(path)


@pytest.mark.parametrize("program", ["zstd", "lz4"])
def test_a_compressed_capture_without_its_last_byte_is_cut_off(program: str, tmp_path: Path) -> None:
    """All its packets are there, and tshark has nothing to remark."""
    if not shutil.which(program):
        pytest.skip(f"there is no {program}")
    plain = tmp_path / "some.pcap"
    plain.write_bytes(pcap(frames(30)))
    whole = subprocess.run([program, "-c", plain], capture_output=True, check=True).stdout
    path = tmp_path / "compressed"
    for missing in (0, 1, 4):
        path.write_bytes(whole[: len(whole) - missing])
        found = analyze(path).capture
        assert (found.packets, found.truncated) == (30, missing > 0)
