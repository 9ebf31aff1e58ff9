"""One side of a TCP connection as Zeek keeps it: its state, its sequence numbers, the holes in its stream.

All numbers are 32 bits wide and wrap; a difference of two tells which comes first (RFC 9293, 3.4).
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from mypy_extensions import mypyc_attr

from pcap_report.model.packet import FIN, RST, SYN

_HALF: Final = 0x8000_0000
_WHOLE: Final = 0x1_0000_0000
_MASK: Final = 0xFFFF_FFFF
_TOO_FAR: Final = 1_048_576
"""SYN and RST with a number further away than this are not believed."""
_BLOCKS_KEPT: Final = 1000


class State(IntEnum):
    """What one side has done so far."""

    INACTIVE = 0
    SYN_SENT = 1
    SYN_ACK_SENT = 2
    PARTIAL = 3
    """It speaks, and the beginning was not captured."""
    ESTABLISHED = 4
    CLOSED = 5
    RESET = 6


def distance(one: int, other: int) -> int:
    """Return how far a sequence number lies after another; negative when it lies before."""
    gap = (one - other) % _WHOLE
    return gap - _WHOLE if gap >= _HALF else gap


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Side:
    """Client or server.

    Attributes:
        state: what it has done so far; ``before`` is the state that came before.
        start: sequence number of its SYN, or of the place where a SYN would have stood.
        last: one past the highest sequence number that it sent.
        acked: the highest acknowledgement of it.
        fins: how many FINs it sent; ``fin_end`` is one past the latest, counted from ``start``.
        closed: it was taken note of that it is done.
        seen: it sent something.
    """

    __slots__ = (
        "_blocks",
        "_delivered",
        "_trimmed",
        "acked",
        "before",
        "closed",
        "fin_end",
        "fins",
        "last",
        "seen",
        "start",
        "state",
    )

    def __init__(self) -> None:
        self.state = self.before = State.INACTIVE
        self.start = self.last = self.acked = 0
        self.fins = self.fin_end = 0
        self.closed = self.seen = False
        self._delivered = self._trimmed = 1
        self._blocks: dict[int, int] = {}
        """Data behind a hole: from where to where, counted from ``start``."""

    def turn(self, state: State) -> None:
        """Enter a state."""
        if state is not self.state:
            self.before, self.state = self.state, state

    def begin(self, flags: int, sequence: int, end: int) -> None:
        """Set the numbers at a side's first segment, and again at a SYN with another number."""
        if self.state is State.INACTIVE:
            if flags & SYN:
                self._number_from(sequence, end)
            else:
                self._number_from(sequence - 1, sequence)
        elif flags & SYN and sequence != self.start and self._may_start_again():
            self._number_from(sequence, end)

    def _may_start_again(self) -> bool:
        if self.state is State.RESET:
            return self.before is State.INACTIVE
        return self.state is not State.CLOSED

    def _number_from(self, start: int, last: int) -> None:
        self.start = self.acked = start % _WHOLE
        self.last = last % _WHOLE

    def number_by_ack(self, acknowledged: int) -> None:
        """The other side acknowledges what was not captured."""
        self._number_from(acknowledged - 1, acknowledged - 1)

    def note_ack(self, acknowledged: int) -> None:
        """Take an acknowledgement of this side's data."""
        ahead = distance(acknowledged, self.acked)
        if ahead > 0 and not (acknowledged == 0 and ahead > _TOO_FAR):
            self.acked = acknowledged

    def advance(self, flags: int, end: int, length: int) -> bool:
        """Take a segment's end; return True when the segment brings nothing new: a retransmission."""
        ahead = distance(end, self.last)
        if flags & (SYN | RST) and abs(ahead) > _TOO_FAR:
            return False
        if flags & FIN and self.last == (self.start + 1) % _WHOLE:
            self.last = end
            return False
        if self.state is State.RESET:
            return False
        if ahead > 0:
            self.last = end
            return False
        return length > 0

    @property
    def size(self) -> int:
        """Bytes of payload, by sequence numbers."""
        sent = max(distance(self.last, self.start), distance(self.acked, self.start), 0)
        return max(sent - (1 if sent else 0) - (1 if self.fins else 0), 0)

    def continues(self, sequence: int, length: int) -> bool:
        """Take a segment that goes on where the last ended; False: it does not, and nothing was changed."""
        place = (sequence - self.start) & _MASK
        if sequence != self.last or place != self._delivered or self._blocks:
            return False
        if length:
            self._delivered = place + length
            self.last = (sequence + length) & _MASK
        return True

    def accepts(self, acknowledged: int) -> bool:
        """Take an acknowledgement of data that was captured; False: it is another."""
        place = (acknowledged - self.start) & _MASK
        if place > self._delivered or self.fins:
            return False
        if place > self._trimmed:
            self._trimmed = place
            self.acked = acknowledged
        return True

    def receive(self, begin: int, length: int) -> None:
        """Take payload that was captured whole; ``begin`` counts from ``start``."""
        end = begin + length
        if end <= self._delivered:
            return
        if begin > self._delivered:
            if len(self._blocks) < _BLOCKS_KEPT:
                self._blocks[begin] = max(end, self._blocks.get(begin, 0))
            return
        self._delivered = end
        if self._blocks:
            self._join()

    def _join(self) -> None:
        """Go on over the blocks that are no longer behind a hole."""
        for begin in sorted(self._blocks):
            if begin > self._delivered:
                return
            self._delivered = max(self._delivered, self._blocks.pop(begin))

    def holes_below(self, acknowledged: int, *, partial: bool) -> int:
        """Return how many holes an acknowledgement proves: bytes that were sent and not captured."""
        upper = min(acknowledged, self.fin_end - 1) if self.fins else acknowledged
        if upper <= self._trimmed:
            return 0
        self._trimmed = upper
        if upper <= self._delivered or (upper <= 2 and partial):
            return 0
        holes = 0
        while self._delivered < upper:
            following = min((begin for begin in self._blocks if begin < upper), default=upper)
            holes += 1
            self._delivered = max(following, self._delivered)
            self._join()
        return holes
