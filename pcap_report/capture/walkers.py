"""Open a capture file and walk over its frames without a dissector; other formats are left to tshark."""

from __future__ import annotations

import gzip
from typing import IO, TYPE_CHECKING, Final

from pcap_report.capture.limits import most_inflated
from pcap_report.capture.pcap_blocks import walk_pcap
from pcap_report.capture.pcapng_blocks import walk_pcapng

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat
    from pcap_report.capture.records import FileFacts, FrameRecord

WALKERS: Final[dict[str, Callable[[IO[bytes], FileFacts], Iterator[FrameRecord]]]] = {
    "pcap": walk_pcap,
    "pcapng": walk_pcapng,
}
"""By the name of the format. Each may end with an error of gzip's where a compressed file is cut off."""


def opened(path: Path, form: CaptureFormat) -> IO[bytes]:
    """Open a capture file, decompressed; one that unfolds to too much ends with an ``EOFError``."""
    if not form.compressed:
        return path.open("rb")
    return _BoundedGzip(path, most_inflated(path))  # type: ignore[return-value]  # GzipFile reads like any file


class _BoundedGzip(gzip.GzipFile):
    """A gzip file that ends where it unfolds to more than is read of one."""

    def __init__(self, path: Path, most: int | None) -> None:
        super().__init__(path, "rb")
        self._left = most

    def read(self, size: int | None = -1) -> bytes:
        """Read on.

        Raises:
            EOFError: this is more than is read.
        """
        if self._left is None:
            return super().read(size)
        if not self._left and super().read(1):
            raise EOFError("the file unfolds to more than is read")
        piece = super().read(size)[: self._left]
        self._left -= len(piece)
        return piece
