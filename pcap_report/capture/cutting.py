"""Write a capture's frames into several files: the loops of a cut, which run for every packet."""

from __future__ import annotations

import gzip
import struct
import zlib
from array import array
from contextlib import ExitStack
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
from pcap_report.capture.ties import EntangledError, Ties
from pcap_report.capture.walkers import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat

NUMBER: Final = "I"
"""How frame numbers are stored."""
_EVERYWHERE: Final = -1
_NOT_TO_BE_CUT: Final = frozenset((DAMAGED, UNREADABLE, SIMPLE_PACKET))
"""A simple packet block has no time: its frame stands where it lies in the file."""
_TOGETHER: Final = 65_536
_AT_THE_END: Final = -2
_ETHERNET: Final = 1
_IPV4: Final = b"\x08\x00\x45"
"""EtherType, then version and length of a header without options."""
_WHOLE: Final = frozenset((b"\x00\x00", b"\x40\x00"))
"""No fragment, with or without DF (RFC 791, 3.1)."""
_TCP: Final = 6
_PORTS_END: Final = 38
_SEGMENTS_KEPT: Final = 100_000
_LARGEST_FRAME: Final = 262_144
"""Where a frame claims to be larger, tshark may stop reading (WTAP_MAX_PACKET_SIZE_STANDARD)."""
_BIG_ENDIAN: Final = frozenset((b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d", b"\xa1\xb2\xcd\x34"))
_MODIFIED: Final = frozenset((b"\xa1\xb2\xcd\x34", b"\x34\xcd\xb2\xa1"))
_READ: Final = 1 << 20


class _Filling:
    """A shard while it is being written."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self.path = path
        self.count = 0
        self.write = stack.enter_context(path.open("xb")).write
        self._numbers = stack.enter_context(numbers_of(path).open("xb"))
        self._waiting = array(NUMBER)

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
        self._waiting = array(NUMBER)


def numbers_of(path: Path) -> Path:
    """Return the file with the frame numbers of a shard."""
    return path.with_suffix(".frames")


def find_ties(path: Path, form: CaptureFormat) -> Ties:
    """Look at all frames for what ties conversations together."""
    ties = Ties()
    with opened(path, form) as source:
        for _ in _PIECES[form.name](source, 1, ties):
            pass
    ties.complete = True
    return ties


def fill(path: Path, form: CaptureFormat, paths: Sequence[Path], ties: Ties | None) -> list[int]:
    """Write every frame into one of the files.

    Returns:
        How many frames went into each of them.

    Raises:
        EntangledError: the capture must be read as a whole, or its ties must be known.
    """
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
    return [target.count for target in targets]


class Places:
    """Knows into which shard a frame goes.

    Nearly all frames of most captures are TCP segments in whole IPv4 packets. Where those go depends only
    on their addresses and ports, and is remembered.
    """

    def __init__(self, count: int, ties: Ties | None) -> None:
        self._count = count
        self._ties = ties
        self._segments: dict[bytes, int] = {}

    def of(self, data: bytes, link_type: int) -> int:
        """Return the place of a frame.

        Raises:
            EntangledError: as of :func:`conversation_key`.
        """
        whole = link_type == _ETHERNET and data[12:15] == _IPV4 and data[20:22] in _WHOLE
        if not whole or len(data) < _PORTS_END or data[23] != _TCP:
            return self._place(data, link_type)
        ends = data[26:_PORTS_END]
        place = self._segments.get(ends)
        if place is None:
            if len(self._segments) >= _SEGMENTS_KEPT:
                self._segments.clear()
            place = self._segments[ends] = self._place(data, link_type)
        return place

    def _place(self, data: bytes, link_type: int) -> int:
        key = conversation_key(data, link_type, self._ties)
        return zlib.crc32(key) % self._count if key else 0


def _pcap_pieces(file: IO[bytes], count: int, ties: Ties | None) -> Iterator[tuple[int, bytes]]:
    """Yield the header and each record as they are."""
    places = Places(count, ties)
    header = file.read(24)
    if len(header) < 24:
        raise EntangledError
    yield _EVERYWHERE, header
    order = ">" if header[:4] in _BIG_ENDIAN else "<"
    size = 24 if header[:4] in _MODIFIED else 16
    link_type = struct.unpack_from(f"{order}I", header, 20)[0] & 0x0FFFFFFF
    captured_of = struct.Struct(f"{order}I").unpack_from
    read = b""
    at = 0
    try:
        while True:
            if len(read) - at < size:
                read, at = read[at:] + file.read(_READ), 0
            if len(read) < size:
                if read:
                    yield _AT_THE_END, read
                return
            (captured,) = captured_of(read, at + 8)
            if captured > _LARGEST_FRAME:
                raise EntangledError
            end = at + size + captured
            if end > len(read):
                read, at, end = read[at:] + file.read(_READ), 0, size + captured
            if end > len(read):
                yield _AT_THE_END, read
                return
            yield places.of(read[at + size : end], link_type), read[at:end]
            at = end
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:  # the end of the compressed file is missing
        raise EntangledError from error


def _pcapng_pieces(file: IO[bytes], count: int, ties: Ties | None) -> Iterator[tuple[int, bytes]]:
    """Yield each block as it is: frames to their shards, all others to every one."""
    places = Places(count, ties)
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
            yield (places.of(data, link_types[interface]) if known else 0), block
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
