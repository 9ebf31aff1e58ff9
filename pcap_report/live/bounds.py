"""How much may be captured: every capture ends by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pcap_report.errors import UsageError

_UNITS: Final = {"": 1, "k": 1000, "m": 1_000_000, "g": 1_000_000_000}
_SIZE: Final = re.compile(r"([0-9]{1,12})\s*([kmg]?)b?", re.IGNORECASE)
_LONGEST_S: Final = 7 * 24 * 3600
_MOST_PACKETS: Final = 100_000_000
_LARGEST: Final = 100_000_000_000
_MOST_FILES: Final = 1000


@dataclass(frozen=True)
class Bounds:
    """The limits of a capture; it ends at the first that is reached.

    Attributes:
        duration_s: seconds.
        packets: how many packets.
        size: bytes of the file, or of each file of the ring.
        snap_length: bytes kept of each packet; None for all.
        ring: how many files are kept, the oldest making room; None for one file.
    """

    duration_s: int = 30
    packets: int = 100_000
    size: int = 50_000_000
    snap_length: int | None = None
    ring: int | None = None

    def __post_init__(self) -> None:
        """Check the limits.

        Raises:
            UsageError: one of them makes no sense.
        """
        _require("duration", self.duration_s, 1, _LONGEST_S, "seconds")
        _require("number of packets", self.packets, 1, _MOST_PACKETS, "packets")
        _require("size", self.size, 1000, _LARGEST, "bytes")
        if self.snap_length is not None:
            _require("snap length", self.snap_length, 34, 262_144, "bytes")
        if self.ring is not None:
            _require("ring", self.ring, 2, _MOST_FILES, "files")


def watching(
    duration_s: int | None, packets: int | None, size: int | None, snap: int | None, ring: int | None
) -> Bounds:
    """Return limits with the defaults of a single capture, or of long watching where there is a ring."""
    plain = Bounds() if ring is None else Bounds(24 * 3600, _MOST_PACKETS, 10_000_000)
    return Bounds(duration_s or plain.duration_s, packets or plain.packets, size or plain.size, snap, ring)


def parse_size(text: str) -> int:
    """Read a number of bytes: ``500k``, ``50M``, ``1G`` (thousands, as disks are sold).

    Raises:
        UsageError: it is none.
    """
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise UsageError(f"{text} is no size", "Write it like 500k, 50M or 1G.")
    return int(match[1]) * _UNITS[match[2].lower()]


def _require(what: str, value: int, least: int, most: int, unit: str) -> None:
    if not least <= value <= most:
        message = f"The {what} of a capture goes from {least} to {most} {unit}, and {value} is not in between"
        raise UsageError(message, "Every capture ends by itself; --ring FILES is for long watching.")
