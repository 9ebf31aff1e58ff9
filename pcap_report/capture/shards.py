"""Cut a capture into smaller ones that keep conversations whole; what stands in the file is copied as it is.

Both directions of two addresses, their IP fragments and the ICMP errors that quote them go to one shard.
Frames without two addresses, and of link types that are not known here, share the first one. What signals
other conversations stays together with all that its ends take part in. A capture with tunnels is not cut,
and neither is one that tshark may stop reading before its end. What is cut off at the end follows the last
whole frame, so that tshark says of that shard what it says of the capture.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from array import array
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from pcap_report.capture.conversation_key import conversation_key
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
    UNREADABLE,
    raw_blocks,
)
from pcap_report.capture.ties import EntangledError, TiedError, Ties
from pcap_report.capture.walkers import opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat

_EVERYWHERE: Final = -1
_NOT_TO_BE_CUT: Final = frozenset((DAMAGED, UNREADABLE, SIMPLE_PACKET))
"""A simple packet block has no time: its frame stands where it lies in the file."""
_NUMBER: Final = "I"
_TOGETHER: Final = 65_536
_AT_THE_END: Final = -2
_LARGEST_FRAME: Final = 262_144
"""Where a frame claims to be larger, tshark may stop reading (WTAP_MAX_PACKET_SIZE_STANDARD)."""
_BIG_ENDIAN: Final = frozenset((b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d", b"\xa1\xb2\xcd\x34"))
_MODIFIED: Final = frozenset((b"\xa1\xb2\xcd\x34", b"\x34\xcd\xb2\xa1"))


@dataclass(frozen=True)
class Shard:
    """A part of a capture.

    Attributes:
        path: the file.
        count: its frames.
    """

    path: Path
    count: int

    @property
    def frames(self) -> array[int]:
        """For each of its frames, in order, the frame number in the whole capture."""
        numbers = array(_NUMBER)
        with _numbers_of(self.path).open("rb") as file:
            numbers.fromfile(file, self.count)
        return numbers


class _Filling:
    """A shard while it is being written."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self.path = path
        self.count = 0
        self.write = stack.enter_context(path.open("xb")).write
        self._numbers = stack.enter_context(_numbers_of(path).open("xb"))
        self._waiting = array(_NUMBER)

    def add(self, number: int, piece: bytes) -> None:
        """Write a frame."""
        self.write(piece)
        self.count += 1
        self._waiting.append(number)
        if len(self._waiting) >= _TOGETHER:
            self.end()

    def end(self) -> None:
        """Write the frame numbers that wait."""
        self._waiting.tofile(self._numbers)
        self._waiting = array(_NUMBER)


def _numbers_of(path: Path) -> Path:
    return path.with_suffix(".frames")


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
    paths = [folder / f"shard-{number}.{form.name}" for number in range(count)]
    shards: list[Shard] = []
    with suppress(EntangledError):
        try:
            shards = _filled(path, form, paths, None)
        except TiedError:
            _remove(paths)
            shards = _filled(path, form, paths, _ties(path, form))
    kept = [shard for shard in shards if shard.count]
    _remove(set(paths).difference(shard.path for shard in kept))
    return kept or None


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
        _numbers_of(path).unlink(missing_ok=True)


def _ties(path: Path, form: CaptureFormat) -> Ties:
    """Look at all frames for what ties conversations together."""
    ties = Ties()
    with opened(path, form) as source:
        for _ in _PIECES[form.name](source, 1, ties):
            pass
    ties.complete = True
    return ties


def _filled(path: Path, form: CaptureFormat, paths: Sequence[Path], ties: Ties | None) -> list[Shard]:
    pieces = _PIECES[form.name]
    number = latest = 0
    with ExitStack() as stack:
        source = stack.enter_context(opened(path, form))
        targets = [_Filling(one, stack) for one in paths]
        for place, piece in pieces(source, len(paths), ties):
            if place >= 0:
                number += 1
                latest = place
                targets[place].add(number, piece)
            elif place == _AT_THE_END:
                targets[latest].write(piece)
            else:
                for target in targets:
                    target.write(piece)
        for target in targets:
            target.end()
    return [Shard(target.path, target.count) for target in targets]


def _place(data: bytes, link_type: int, count: int, ties: Ties | None) -> int:
    key = conversation_key(data, link_type, ties)
    return zlib.crc32(key) % count if key else 0


def _pcap_pieces(file: IO[bytes], count: int, ties: Ties | None) -> Iterator[tuple[int, bytes]]:
    """Yield the header and each record as they are."""
    header = file.read(24)
    if len(header) < 24:
        raise EntangledError
    yield _EVERYWHERE, header
    order = ">" if header[:4] in _BIG_ENDIAN else "<"
    size = 24 if header[:4] in _MODIFIED else 16
    link_type = struct.unpack_from(f"{order}I", header, 20)[0] & 0x0FFFFFFF
    captured_of = struct.Struct(f"{order}I").unpack_from
    try:
        while head := file.read(size):
            if len(head) < size:
                yield _AT_THE_END, head
                return
            (captured,) = captured_of(head, 8)
            if captured > _LARGEST_FRAME:
                raise EntangledError
            data = file.read(captured)
            if len(data) < captured:
                yield _AT_THE_END, head + data
                return
            yield _place(data, link_type, count, ties), head + data
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:  # the end of the compressed file is missing
        raise EntangledError from error


def _pcapng_pieces(file: IO[bytes], count: int, ties: Ties | None) -> Iterator[tuple[int, bytes]]:
    """Yield each block as it is: frames to their shards, all others to every one."""
    link_types: list[int] = []
    for kind, order, block in raw_blocks(file):
        if kind == CUT_OFF:
            yield _AT_THE_END, block
            return
        if kind in _NOT_TO_BE_CUT:
            raise EntangledError
        if kind == SECTION:
            link_types.clear()
        elif kind == INTERFACE:
            link_types.append(struct.unpack_from(f"{order}H", block, 8)[0])
        if kind in PACKETS:
            interface, data = _frame(kind, order, block)
            known = interface < len(link_types)
            yield (_place(data, link_types[interface], count, ties) if known else 0), block
        else:
            yield (0 if kind in EVENTS else _EVERYWHERE), block


def _frame(kind: int, order: str, block: bytes) -> tuple[int, bytes]:
    """Return the interface and the captured bytes."""
    if len(block) < 32:
        raise EntangledError
    form = "I" if kind == ENHANCED_PACKET else "H"
    assert kind in (ENHANCED_PACKET, OBSOLETE_PACKET)
    interface = struct.unpack_from(f"{order}{form}", block, 8)[0]
    captured = struct.unpack_from(f"{order}I", block, 20)[0]
    if captured > min(_LARGEST_FRAME, len(block) - 32):
        raise EntangledError
    return interface, block[28 : 28 + captured]


_PIECES: Final = {"pcap": _pcap_pieces, "pcapng": _pcapng_pieces}
