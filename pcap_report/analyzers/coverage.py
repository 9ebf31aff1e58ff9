"""Which bytes of one side's stream were seen already, by their sequence numbers (RFC 9293, 3.4).

Wireshark's flags guess whether a segment comes again: one sent again soon after the first is "out of order"
to it, and one whose first copy was lost before the recording is a "retransmission". The numbers tell.
"""

from __future__ import annotations

from typing import Final

from mypy_extensions import mypyc_attr

_HOLES_KEPT: Final = 200
_HALF: Final = 1 << 31
"""A number so much smaller than the last one has gone round (RFC 9293, 3.4)."""


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Coverage:
    """The bytes of one direction from the first that was seen, and what is missing in between."""

    __slots__ = ("_end", "_holes", "_start")

    def __init__(self) -> None:
        self._start = -1
        self._end = -1
        self._holes: list[tuple[int, int]] = []

    def take(self, seq: int, length: int) -> int:
        """Note a segment and return how many of its bytes were not seen before.

        Args:
            seq: its relative sequence number.
            length: its payload in bytes.
        """
        end = seq + length
        if self._start < 0 or self._end - seq > _HALF:
            self._start, self._end, self._holes = seq, end, []
            return length
        fresh = 0
        if seq < self._start:
            fresh = min(end, self._start) - seq
            self._miss(end, self._start)
            self._start = seq
        if self._holes:
            fresh += self._fill(seq, end)
        if end > self._end:
            self._miss(self._end, seq)
            fresh += end - max(seq, self._end)
            self._end = end
        return fresh

    def _miss(self, start: int, end: int) -> None:
        if start < end and len(self._holes) < _HOLES_KEPT:
            self._holes.append((start, end))

    def _fill(self, seq: int, end: int) -> int:
        """Fill holes and return how many bytes went into them."""
        filled = 0
        left: list[tuple[int, int]] = []
        for first, last in self._holes:
            low, high = max(first, seq), min(last, end)
            if low >= high:
                left.append((first, last))
                continue
            filled += high - low
            left += [part for part in ((first, low), (high, last)) if part[0] < part[1]]
        self._holes = left
        return filled
