"""Decide whether a capture is cut into shards, and into how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.capture.one_pass import estimated_packets, fits_one_pass
from pcap_report.capture.shards import can_be_cut

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat

PACKETS_A_SHARD: Final = 100_000
"""About as many packets go into a shard: tshark takes 1.4 to 1.75 kB of memory for each."""
_MOST: Final = 400
"""Shards: each needs a few open files while it is written."""


def shard_count(path: Path, form: CaptureFormat, workers: int, wanted: int | None = None) -> int:
    """Return into how many shards the capture is to be cut; 1 for not at all.

    Args:
        path: the capture.
        form: its format.
        workers: how many processes may read at a time.
        wanted: how many are asked for.
    """
    if not can_be_cut(form):
        return 1
    if wanted is not None:
        return wanted
    packets = estimated_packets(path, form)
    if fits_one_pass(packets, workers):
        return 1
    needed = max(-(-packets // PACKETS_A_SHARD), workers)
    return min(-(-needed // workers) * workers, _MOST)
