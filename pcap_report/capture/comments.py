"""Write comments to the packets of a pcapng file, and take them out again; all else stays byte for byte.

A packet may have several comments (draft-ietf-opsawg-pcapng, section 3.5): those of others stay.
"""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING, Final

from pcap_report.capture.process import TsharkRun, readable_argument
from pcap_report.capture.raw_blocks import CUT_OFF, DAMAGED, ENHANCED_PACKET, NUMBERED, UNREADABLE, raw_blocks
from pcap_report.errors import NotACaptureError, TsharkError
from pcap_report.private_folder import PrivateFolder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pcap_report.capture.tshark import Tshark

MARK: Final = "pcap-report: "
"""How each of our comments begins."""

_COMMENT: Final = 1
_LONGEST: Final = 60_000
_SMALLEST: Final = 32
"""Bytes of an enhanced packet block without a packet."""
_TSHARK_CUT: Final = 2


def write_commented(
    tshark: Tshark, source: Path, target: IO[bytes], comments: Mapping[int, Sequence[str]]
) -> int:
    """Copy a capture as pcapng, with our comments in the place of earlier ones of ours.

    Args:
        tshark: turns other formats into pcapng.
        source: the capture.
        target: where to write.
        comments: texts by frame number; empty only takes ours out.

    Returns:
        How many packets got a comment.

    Raises:
        NotACaptureError: the file is damaged.
    """
    with source.open("rb") as file:
        is_pcapng = file.read(4) == b"\n\r\r\n"
    if is_pcapng:
        with source.open("rb") as file:
            return copied(file, target, comments)
    with PrivateFolder() as folder:
        made = folder / "capture.pcapng"
        arguments = ["-n", "-r", readable_argument(source), "-F", "pcapng", "-w", str(made)]
        with TsharkRun(tshark.path, arguments) as run:
            list(run)
        if not made.is_file() or run.exit_status not in {0, _TSHARK_CUT}:
            raise TsharkError(f"tshark cannot turn {source} into pcapng: {run.remark}")
        with made.open("rb") as file:
            return copied(file, target, comments)


def copied(source: IO[bytes], target: IO[bytes], comments: Mapping[int, Sequence[str]]) -> int:
    """Copy a pcapng file block by block; return how many packets got a comment.

    Raises:
        NotACaptureError: a block has an impossible length.
    """
    frame = written = 0
    for kind, order, block in raw_blocks(source):
        if kind == DAMAGED:
            raise NotACaptureError("The capture is damaged: a block has an impossible length")
        if kind in (CUT_OFF, UNREADABLE):  # what is whole is kept
            break
        frame += kind in NUMBERED
        if kind != ENHANCED_PACKET:
            target.write(block)
            continue
        commented = _commented(block, order, comments.get(frame, ()))
        written += frame in comments and commented != block
        target.write(commented)
    return written


def _commented(block: bytes, order: str, texts: Sequence[str]) -> bytes:
    if len(block) < _SMALLEST:
        return block
    captured = struct.unpack_from(f"{order}I", block, 20)[0]
    after = 28 + (captured + 3 & ~3)
    if after > len(block) - 4:
        return block
    options = list(_options(block[after:-4], order))
    kept = [(code, value) for code, value in options if not _is_ours(code, value)]
    ours = [(_COMMENT, (MARK + text).encode()[:_LONGEST]) for text in texts]
    if kept == options and not ours:
        return block
    written = b"".join(_option(code, value, order) for code, value in (*kept, *ours))
    if written:
        written += b"\0\0\0\0"
    length = struct.pack(f"{order}I", after + len(written) + 4)
    return block[:4] + length + block[8:after] + written + length


def _is_ours(code: int, value: bytes) -> bool:
    return code == _COMMENT and value.startswith(MARK.encode())


def _options(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from(f"{order}HH", data, at)
        if code == 0 or at + 4 + length > len(data):
            return
        yield code, data[at + 4 : at + 4 + length]
        at += 4 + (length + 3 & ~3)


def _option(code: int, value: bytes, order: str) -> bytes:
    return struct.pack(f"{order}HH", code, len(value)) + value + b"\0" * (-len(value) % 4)
