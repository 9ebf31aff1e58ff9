"""Open a capture file and walk over its frames without a dissector; other formats are left to tshark."""

from __future__ import annotations

import gzip
from typing import IO, TYPE_CHECKING, Final

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
    """Open a capture file, decompressed."""
    return gzip.open(path, "rb") if form.compressed else path.open("rb")  # type: ignore[return-value]  # GzipFile reads like any file
