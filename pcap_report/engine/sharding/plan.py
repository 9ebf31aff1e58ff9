"""Decide whether a capture is cut into shards, and into how many."""

from __future__ import annotations

import itertools
import os
import zlib
from typing import TYPE_CHECKING, Final

from pcap_report.capture.records import FileFacts
from pcap_report.capture.shards import can_be_cut
from pcap_report.capture.walkers import WALKERS, opened

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat

PACKETS_A_SHARD: Final = 100_000
"""About as many packets go into a shard: tshark takes 1.4 to 1.75 kB of memory for each."""
_FROM: Final = 250_000
"""Packets from which a capture is cut for the memory's sake: one pass takes about 3.3 kB for each."""
_FROM_WITH_WORKERS: Final = 60_000
"""Packets from which many workers are quicker than one pass, which keeps two processors busy itself."""
_MANY: Final = 3
_MOST: Final = 400
"""Shards: each needs a few open files while it is written."""
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


def shard_count(path: Path, form: CaptureFormat, workers: int) -> int:
    """Return into how many shards the capture is to be cut; 1 for not at all."""
    if not can_be_cut(form):
        return 1
    packets = _estimate(path, form)
    if packets < (_FROM_WITH_WORKERS if workers >= _MANY else _FROM):
        return 1
    needed = max(-(-packets // PACKETS_A_SHARD), workers)
    return min(-(-needed // workers) * workers, _MOST)


def _estimate(path: Path, form: CaptureFormat) -> int:
    """Tell from the first packets and the size of the file how many packets there may be."""
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
