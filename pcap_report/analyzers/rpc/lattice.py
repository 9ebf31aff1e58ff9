"""Align messages and bursts by dynamic programming; where connections cross, some leave the order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, TypeAlias

from pcap_report.analyzers.rpc.log import Match

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.analyzers.rpc.log import LogMessage, Slot
    from pcap_report.analyzers.rpc.scoring import Habits

_SHARED: Final = -0.6
"""What it costs that a burst carries one more message."""
_CROSSING: Final = 1.0
"""Score from which on a message may leave the order."""

_Step: TypeAlias = tuple[int, int]
"""A message's place, and its burst's in the order of time."""


def aligned(log: Sequence[LogMessage], slots: Sequence[Slot], habits: Habits) -> list[Match]:
    """Align both sequences, and add what crosses their order where it fits well."""
    chosen = _Lattice(log, slots, habits).best_path()
    return _with_crossing(chosen, log, slots, habits)


def moment(slot: Slot, habits: Habits) -> float:
    """When the program with the log would have noted the burst: as it begins to send, or has received."""
    return slot.start_s if slot.from_client == habits.log_is_clients else slot.end_s


class _Lattice:
    """Dynamic programming over messages and bursts, both in the order of their time."""

    def __init__(self, log: Sequence[LogMessage], slots: Sequence[Slot], habits: Habits) -> None:
        self._log, self._slots, self._habits = log, slots, habits
        self._order = sorted(range(len(slots)), key=lambda number: moment(slots[number], habits))
        self._moments = [moment(slots[number], habits) for number in self._order]
        self._tree: list[tuple[float, _Step | None]] = [(0.0, None)] * (len(slots) + 1)
        """The best score that ends at a burst, and the match it ends with: a Fenwick tree of maxima."""
        self._before: dict[_Step, _Step | None] = {}
        self._carried: dict[int, tuple[int, float, int]] = {}
        """For a burst: its latest message in the best way so far, the score, and the bytes it carries."""

    def best_path(self) -> list[Match]:
        """Return the matches of the best alignment, in order."""
        for place, message in enumerate(self._log):
            # all candidates are weighed against the messages before, and only then become known
            for at, total, before, size in [
                self._step(place, message, at, score) for at, score in self._candidates(place, message)
            ]:
                self._enter((place, at), total, before, size)
        found: list[Match] = []
        step = self._best_before(len(self._slots))[1]
        while step is not None:
            place, at = step
            message, slot = self._log[place], self._slots[self._order[at]]
            score = self._habits.score(place, message, slot)
            found.append(Match(place, self._order[at], score, 0.0, self._habits.lag(message, slot)))
            step = self._before[step]
        return found[::-1]

    def _candidates(self, place: int, message: LogMessage) -> Iterator[tuple[int, float]]:
        at_s = message.time_s - self._habits.offset_s
        reach_s = self._habits.reach_s
        first = bisect_left(self._moments, at_s - reach_s)
        last = bisect_right(self._moments, at_s + reach_s)
        for at in range(first, last):
            score = self._habits.score(place, message, self._slots[self._order[at]])
            if score > 0:
                yield at, score

    def _step(
        self, place: int, message: LogMessage, at: int, score: float
    ) -> tuple[int, float, _Step | None, int]:
        """Weigh a burst of its own for the message, or a place beside others in the same burst."""
        carried = self._carried.get(at)
        best, ends = self._best_before(at)
        alone = best + score
        if carried is not None:
            size = carried[2] + message.shortest
            together = carried[1] + score + _SHARED
            if together > alone and size <= self._slots[self._order[at]].room:
                return at, together, (carried[0], at), size
        return at, alone, ends, message.shortest

    def _enter(self, step: _Step, total: float, before: _Step | None, size: int) -> None:
        place, at = step
        self._before[step] = before
        if at not in self._carried or total > self._carried[at][1]:
            self._carried[at] = (place, total, size)
        node = at + 1
        while node < len(self._tree):
            if total > self._tree[node][0]:
                self._tree[node] = (total, step)
            node += node & -node

    def _best_before(self, at: int) -> tuple[float, _Step | None]:
        """Return the best score that uses only bursts before a place, and the match it ends with."""
        found: tuple[float, _Step | None] = (0.0, None)
        while at:
            if self._tree[at][0] > found[0]:
                found = self._tree[at]
            at -= at & -at
        return found


def _with_crossing(
    chosen: list[Match], log: Sequence[LogMessage], slots: Sequence[Slot], habits: Habits
) -> list[Match]:
    """Give messages that are left a burst that is left, where they fit well: connections may cross."""
    used = {one.slot for one in chosen}
    matched = {one.message for one in chosen}
    for place, message in enumerate(log):
        if place in matched:
            continue
        free = [
            (habits.score(place, message, slot), number)
            for number, slot in enumerate(slots)
            if number not in used and abs(habits.lag(message, slot)) < habits.reach_s
        ]
        score, number = max(free, default=(0.0, -1))
        if score > _CROSSING:
            used.add(number)
            chosen.append(Match(place, number, score, 0.0, habits.lag(message, slots[number])))
    return sorted(chosen)
