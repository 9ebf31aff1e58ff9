"""How far the reading of a shard is, for those who wait in another process."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class Count:
    """A number in a file, written over and over; use it as a context manager.

    Args:
        path: the file; it is made.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)

    def __enter__(self) -> Self:
        return self

    def tell(self, packets: int) -> None:
        """Write down how many packets were read."""
        self._file.seek(0)
        self._file.write(packets.to_bytes(8, "big"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def counted(path: Path) -> int:
    """Return the number in a file; 0 where there is none yet."""
    with contextlib.suppress(OSError):
        return int.from_bytes(path.read_bytes()[:8], "big")
    return 0
