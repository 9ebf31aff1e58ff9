"""The blocks of a pcapng file as they lie in it (draft-ietf-opsawg-pcapng, section 3.1), to be copied."""

from __future__ import annotations

import gzip
import struct
import zlib
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTION: Final = 0x0A0D0D0A
INTERFACE: Final = 1
OBSOLETE_PACKET: Final = 2
SIMPLE_PACKET: Final = 3
ENHANCED_PACKET: Final = 6
SECRETS: Final = 10
PACKETS: Final = frozenset((OBSOLETE_PACKET, SIMPLE_PACKET, ENHANCED_PACKET))
EVENTS: Final = frozenset((0x00000009, 0x00000BAD, 0x40000BAD, 0x00000204, 0x00000208))
"""Blocks that Wireshark numbers like packets: journal entries, custom blocks, system calls."""
NUMBERED: Final = PACKETS | EVENTS
"""Blocks that have a frame number."""
CUT_OFF: Final = -2
"""Stands for the kind of what follows the last whole block; no kind in a file is negative."""
DAMAGED: Final = -1
"""Stands for the kind of what follows where a block has an impossible length."""
UNREADABLE: Final = -3
"""Stands for the kind of what follows where the compressed file breaks off or is broken."""
_BYTE_ORDER: Final = b"\x1a\x2b\x3c\x4d"
_LARGEST_BLOCK: Final = 256 * 1024 * 1024


def raw_blocks(file: IO[bytes]) -> Iterator[tuple[int, str, bytes]]:
    """Yield every block whole, with its kind and its section's byte order; a broken end as it is."""
    order = "<"
    try:
        while head := file.read(12):
            if head[:4] == b"\x0a\x0d\x0d\x0a":
                order = ">" if head[8:] == _BYTE_ORDER else "<"
            if len(head) < 12:
                yield CUT_OFF, order, head
                return
            kind, length = struct.unpack(f"{order}II", head[:8])
            if length < 12 or length > _LARGEST_BLOCK or length % 4:
                yield DAMAGED, order, head + file.read(_LARGEST_BLOCK)
                return
            rest = file.read(length - 12)
            yield (kind if len(rest) == length - 12 else CUT_OFF), order, head + rest
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield UNREADABLE, order, b""
