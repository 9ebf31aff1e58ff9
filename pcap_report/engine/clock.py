"""The capture's clock: when it begins and ends, and where time goes backwards."""

from __future__ import annotations

from typing import Final

_LISTED: Final = 1000


class Clock:
    """Follows the times of the packets in file order.

    Attributes:
        first_ns: time of the first packet that has one; None before it.
        last_ns: the latest time.
        reversals: how many frames carry an earlier time than the one before.
        reversal_frames: the first of them.
        largest_reversal_ns: the largest step back.
        now_ns: the time of the latest packet that has one.
    """

    def __init__(self) -> None:
        self.first_ns: int | None = None
        self.last_ns = 0
        self.reversals = 0
        self.reversal_frames: list[int] = []
        self.largest_reversal_ns = 0
        self.now_ns = 0

    def begin(self, time_ns: int) -> None:
        """Take the time of the first packet."""
        self.first_ns = self.last_ns = self.now_ns = time_ns

    def tick(self, frame: int, time_ns: int) -> None:
        """Take the time of the next packet."""
        if time_ns >= self.now_ns:
            self.last_ns = max(self.last_ns, time_ns)
        else:
            self.reversals += 1
            self.largest_reversal_ns = max(self.largest_reversal_ns, self.now_ns - time_ns)
            if len(self.reversal_frames) < _LISTED:
                self.reversal_frames.append(frame)
        self.now_ns = time_ns
