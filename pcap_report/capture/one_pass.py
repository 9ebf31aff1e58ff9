"""Whether a capture is small enough to be read in one pass; larger ones are read in shards."""

from __future__ import annotations

import itertools
import os
import zlib
from typing import TYPE_CHECKING, Final

from pcap_report.capture.records import FileFacts
from pcap_report.capture.walkers import WALKERS, opened

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat

_MOST: Final = 250_000
"""Packets up to which there is memory for one pass, which takes about 3.3 kB for each."""
_MOST_WITH_MANY_WORKERS: Final = 60_000
"""Packets up to which one pass, which keeps two processors busy itself, is quicker than many workers."""
_MANY: Final = 3
_LOOKED_AT: Final = 2_000
_HEADER: Final = {"pcap": 16, "pcapng": 32}
_PACKED: Final = 4
"""How many times larger a compressed capture is taken to be."""


def processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def fits_one_pass(packets: int, workers: int) -> bool:
    """Tell whether one pass over that many packets is to be preferred."""
    return packets < (_MOST_WITH_MANY_WORKERS if workers >= _MANY else _MOST)


def estimated_packets(path: Path, form: CaptureFormat) -> int:
    """Tell from the first packets and the size of the file how many packets there may be; 0 for unknown."""
    seen = byte_count = 0
    try:
        with opened(path, form) as file:
            for record in itertools.islice(WALKERS[form.name](file, FileFacts("", 0)), _LOOKED_AT):
                seen += 1
                byte_count += record.captured + _HEADER[form.name]
    except (OSError, EOFError, zlib.error):
        return 0
    size = path.stat().st_size * (_PACKED if form.compressed else 1)
    return size * seen // byte_count if byte_count else 0
