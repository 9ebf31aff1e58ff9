"""Walk through a pcap file (the libpcap file format, tcpdump.org's pcap-savefile manual page)."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING, Final

from pcap_report.capture.records import FileFacts, FrameRecord, InterfaceFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

_NANO: Final = 0xA1B23C4D
_MODIFIED: Final = 0xA1B2CD34
_MAGIC: Final = (0xA1B2C3D4, _NANO, _MODIFIED)
_LARGEST_FRAME: Final = 256 * 1024 * 1024
_READ: Final = 1 << 20


def walk_pcap(file: IO[bytes], facts: FileFacts) -> Iterator[FrameRecord]:
    """Yield the frames; note the interface, and whether the file is cut off, in ``facts``."""
    header = file.read(24)
    order = ">" if len(header) >= 4 and struct.unpack_from(">I", header)[0] in _MAGIC else "<"
    if len(header) < 24:
        facts.cut = True
        return
    magic, _, _, _, _, snap_length, link = struct.unpack(f"{order}IHHIIII", header)
    facts.interfaces.append(InterfaceFacts(link & 0x0FFFFFFF, snap_length or None))
    to_ns = 1 if magic == _NANO else 1000
    yield from _records(file, facts, struct.Struct(f"{order}IIII"), 24 if magic == _MODIFIED else 16, to_ns)


def _records(
    file: IO[bytes], facts: FileFacts, head: struct.Struct, head_size: int, to_ns: int
) -> Iterator[FrameRecord]:
    unpack = head.unpack_from
    buffer = b""
    at = 0
    while True:
        if len(buffer) - at < head_size:
            buffer, at = buffer[at:] + file.read(_READ), 0
            if len(buffer) < head_size:
                facts.cut = bool(buffer)
                return
        seconds, fraction, captured, length = unpack(buffer, at)
        if captured > _LARGEST_FRAME:
            facts.cut = True
            return
        end = at + head_size + captured
        if end > len(buffer):
            buffer, at = buffer[at:] + file.read(max(_READ, captured)), 0
            end = head_size + captured
            if end > len(buffer):
                facts.cut = True
                return
        yield FrameRecord(
            seconds * 1_000_000_000 + fraction * to_ns, captured, length, 0, buffer[at + head_size : end]
        )
        at = end
