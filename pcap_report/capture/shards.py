"""Cut a capture into smaller ones that keep conversations whole; what stands in the file is copied as it is.

Both directions of two addresses, their IP fragments and the ICMP errors that quote them go to one shard.
Frames without two addresses, and of link types that are not known here, share the first one. A capture in
which other addresses may matter to a conversation (tunnels, signalling) is not cut. A QUIC connection that
moves to another address (RFC 9000, section 9) cannot be told by its bytes: its two paths may come apart.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from array import array
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from pcap_report.capture.conversation_key import EntangledError, conversation_key
from pcap_report.capture.raw_blocks import (
    CUT_OFF,
    DAMAGED,
    ENHANCED_PACKET,
    EVENTS,
    INTERFACE,
    OBSOLETE_PACKET,
    PACKETS,
    SECTION,
    SIMPLE_PACKET,
    raw_blocks,
)
from pcap_report.capture.walkers import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat

_EVERYWHERE: Final = -1
_LARGEST_FRAME: Final = 256 * 1024 * 1024
_BIG_ENDIAN: Final = frozenset((b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d", b"\xa1\xb2\xcd\x34"))
_MODIFIED: Final = frozenset((b"\xa1\xb2\xcd\x34", b"\x34\xcd\xb2\xa1"))


@dataclass(frozen=True)
class Shard:
    """A part of a capture.

    Attributes:
        path: the file.
        frames: for each of its frames, in order, the frame number in the whole capture.
    """

    path: Path
    frames: array[int] = field(default_factory=lambda: array("Q"))


def can_be_cut(form: CaptureFormat) -> bool:
    """Tell whether this format can be cut here."""
    return form.name in ("pcap", "pcapng")


def cut(path: Path, form: CaptureFormat, count: int, folder: Path) -> list[Shard] | None:
    """Write the shards into a folder.

    Which shard a conversation goes to depends only on its addresses and the number of shards.

    Args:
        path: the whole capture.
        form: its format; one that can be cut.
        count: how many shards.
        folder: a private folder.

    Returns:
        The shards that hold a frame, or None where the capture must be read as a whole; nothing is then
        left in the folder.

    Raises:
        OSError: the capture cannot be read, or a shard cannot be written.
    """
    shards = [Shard(folder / f"shard-{number}.{form.name}") for number in range(count)]
    try:
        _fill(path, form, shards)
    except EntangledError:
        for shard in shards:
            shard.path.unlink(missing_ok=True)
        return None
    for shard in shards:
        if not shard.frames:
            shard.path.unlink()
    return [shard for shard in shards if shard.frames]


def _fill(path: Path, form: CaptureFormat, shards: list[Shard]) -> None:
    pieces = _pcap_pieces if form.name == "pcap" else _pcapng_pieces
    number = 0
    with ExitStack() as stack:
        source = stack.enter_context(opened(path, form))
        targets = [stack.enter_context(shard.path.open("xb")) for shard in shards]
        for place, piece in pieces(source, len(shards)):
            if place == _EVERYWHERE:
                for target in targets:
                    target.write(piece)
                continue
            number += 1
            targets[place].write(piece)
            shards[place].frames.append(number)


def _place(data: bytes, link_type: int, count: int) -> int:
    key = conversation_key(data, link_type)
    return zlib.crc32(key) % count if key else 0


def _pcap_pieces(file: IO[bytes], count: int) -> Iterator[tuple[int, bytes]]:
    """Yield the header and each record as they are; what is cut off at the end goes nowhere."""
    header = file.read(24)
    yield _EVERYWHERE, header
    if len(header) < 24:
        return
    order = ">" if header[:4] in _BIG_ENDIAN else "<"
    size = 24 if header[:4] in _MODIFIED else 16
    link_type = struct.unpack_from(f"{order}I", header, 20)[0] & 0x0FFFFFFF
    try:
        while len(head := file.read(size)) == size:
            captured = struct.unpack_from(f"{order}I", head, 8)[0]
            if captured > _LARGEST_FRAME:
                return
            data = file.read(captured)
            if len(data) < captured:
                return
            yield _place(data, link_type, count), head + data
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return  # the end of the compressed file is missing


def _pcapng_pieces(file: IO[bytes], count: int) -> Iterator[tuple[int, bytes]]:
    """Yield each block as it is: frames to their shards, all others to every one."""
    link_types: list[int] = []
    for kind, order, block in raw_blocks(file):
        if kind in {CUT_OFF, DAMAGED}:
            return
        if kind == SECTION:
            link_types.clear()
        elif kind == INTERFACE:
            link_types.append(struct.unpack_from(f"{order}H", block, 8)[0])
        if kind in PACKETS:
            interface, data = _frame(kind, order, block)
            known = interface < len(link_types)
            yield (_place(data, link_types[interface], count) if known else 0), block
        else:
            yield (0 if kind in EVENTS else _EVERYWHERE), block


def _frame(kind: int, order: str, block: bytes) -> tuple[int, bytes]:
    """Return the interface and the captured bytes."""
    if kind == SIMPLE_PACKET:
        return 0, block[12 : min(12 + struct.unpack_from(f"{order}I", block, 8)[0], len(block) - 4)]
    if len(block) < 32:
        return 0, b""
    form = "I" if kind == ENHANCED_PACKET else "H"
    assert kind in (ENHANCED_PACKET, OBSOLETE_PACKET)
    interface = struct.unpack_from(f"{order}{form}", block, 8)[0]
    captured = struct.unpack_from(f"{order}I", block, 20)[0]
    return interface, block[28 : min(28 + captured, len(block) - 4)]
