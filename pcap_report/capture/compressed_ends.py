"""Tell whether a file that zstd or lz4 compressed is there to its end; nothing is unpacked.

Both are frames of blocks that say how long they are: RFC 8878, section 3.1, and the LZ4 frame format 1.6.
tshark does not miss what stands behind the last packet: a mark or a check sum.
"""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMPRESSED: Final = frozenset(("zstd", "lz4"))
"""The formats that are looked at here, by their names."""
_SKIPPED: Final = range(0x184D2A50, 0x184D2A60)
"""Magic numbers of frames that hold something else."""
_ZSTD: Final = 0xFD2FB528
_LZ4: Final = 0x184D2204
_RUN: Final = 1
"""The kind of a zstd block that is one byte, many times."""
_SIZE_BYTES: Final = (0, 2, 4, 8)
_DICTIONARY_BYTES: Final = (0, 1, 2, 4)
_CHECK_SUM: Final = 4


def ends_whole(path: Path) -> bool:
    """Walk over the frames of a file; False where it ends within one, or with something else.

    Raises:
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        try:
            while file.tell() < size:
                magic = _number(file, 4)
                _FRAMES.get(magic, _skipped(magic))(file)
        except EOFError:
            return False
        return file.tell() == size


def _skipped(magic: int) -> Callable[[IO[bytes]], None]:
    def skip(file: IO[bytes]) -> None:
        if magic not in _SKIPPED:
            raise EOFError
        _pass(file, _number(file, 4))

    return skip


def _zstd(file: IO[bytes]) -> None:
    """RFC 8878, sections 3.1.1.1 and 3.1.1.2."""
    described = _number(file, 1)
    single, summed = described & 0x20, described & 0x04
    size = _SIZE_BYTES[described >> 6] or (1 if single else 0)
    _pass(file, (0 if single else 1) + _DICTIONARY_BYTES[described & 3] + size)
    last = False
    while not last:
        block = _number(file, 3)
        last = bool(block & 1)
        _pass(file, 1 if block >> 1 & 3 == _RUN else block >> 3)
    _pass(file, _CHECK_SUM if summed else 0)


def _lz4(file: IO[bytes]) -> None:
    flags = _number(file, 1)
    _pass(file, 1 + (8 if flags & 0x08 else 0) + (4 if flags & 0x01 else 0) + 1)
    while block := _number(file, 4):
        _pass(file, (block & 0x7FFFFFFF) + (_CHECK_SUM if flags & 0x10 else 0))
    _pass(file, _CHECK_SUM if flags & 0x04 else 0)


_FRAMES: Final[dict[int, Callable[[IO[bytes]], None]]] = {_ZSTD: _zstd, _LZ4: _lz4}


def _number(file: IO[bytes], size: int) -> int:
    found = file.read(size)
    if len(found) < size:
        raise EOFError
    return int.from_bytes(found, "little")


def _pass(file: IO[bytes], size: int) -> None:
    """Go on behind some bytes, which must be there."""
    if size and file.seek(size - 1, os.SEEK_CUR) >= 0 and not file.read(1):
        raise EOFError
