"""Match the messages of a log to bursts: find the clocks' offset, align both sequences, say how sure it is.

Messages and bursts come in the same order, so the best alignment of the two sequences is found by dynamic
programming; several messages may share a burst (batching), messages and bursts may stay alone. The offset
between the clocks is the one at which most messages meet a burst; rivals among offsets are tried in full.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from pcap_report.analyzers.rpc.log import Match
from pcap_report.analyzers.rpc.scoring import Habits, pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.analyzers.rpc.log import LogMessage, Slot

_WINDOW_S: Final = 0.25
"""How far the offsets of two matches may lie apart."""
_OFFSETS: Final = 16
_VOTERS: Final = 200
_WORTH_TRYING: Final = 0.5
"""An offset with fewer votes than this share of the best is not tried."""
_ROUNDS: Final = 3
_QUARTER_S: Final = 900.0
_LARGEST_ZONE_S: Final = 14 * 3600.0
_NEAR_ZONE_S: Final = 300.0
_RIVAL: Final = 0.93
"""Another offset that reaches this share of the score makes the clocks ambiguous."""
_SHARED: Final = -0.6
"""What it costs that a burst carries one more message."""
_TIGHT_S: Final = 0.3
_LOOSE_S: Final = 0.45
"""Times that differ more than this, and messages without a burst: the log is of another session."""
_NEARLY_ALL: Final = 0.95
_TIE: Final = 0.15
"""A lead over the next best place that is none."""
_CROSSING: Final = 1.0
"""Score from which on a message may leave the order."""

_Step: TypeAlias = tuple[int, int]
"""A message's place, and its burst's in the order of time."""


@dataclass(frozen=True)
class Alignment:
    """The best way to lay a log over a capture.

    Attributes:
        habits: with the offset of the clocks.
        matches: by message, at most one each.
        ambiguous: messages with two places that are equally good; they are not matched.
        clock_is_sure: no other offset does nearly as well.
    """

    habits: Habits
    matches: tuple[Match, ...]
    ambiguous: frozenset[int]
    clock_is_sure: bool


def align(log: Sequence[LogMessage], slots: Sequence[Slot]) -> Alignment | None:
    """Return the best alignment; None where nothing fits.

    Args:
        log: messages in the order of their time.
        slots: bursts of all connections in question, in any order.
    """
    if not log or not slots:
        return None
    asked = pairs_of(log)
    clients = sum(one.sent for one in log if one.parsed.kind == "request") * 2 >= sum(
        one.parsed.kind == "request" for one in log
    )
    tried: list[tuple[float, Habits, list[Match]]] = []
    for offset_s in _offsets(log, slots, clients):
        habits = Habits(offset_s, asked=asked, log_is_clients=clients)
        if any(abs(habits.offset_s - one.offset_s) < _WINDOW_S for _, one, _ in tried):
            continue
        matches: list[Match] = []
        for _ in range(_ROUNDS):
            matches = _aligned(log, slots, habits)
            habits = habits.learned(matches, log, slots)
        matches = _aligned(log, slots, habits)
        if matches:
            tried.append((sum(one.score for one in matches) * _plausible(habits.offset_s), habits, matches))
    if not tried:
        return None
    tried.sort(key=lambda one: -one[0])
    best, habits, matches = tried[0]
    rivals = [one for one in tried[1:] if abs(one[1].offset_s - habits.offset_s) > 2 * _WINDOW_S]
    sure = not rivals or rivals[0][0] < _RIVAL * best
    sure = sure and (habits.lag_s <= _TIGHT_S or len(matches) >= _NEARLY_ALL * len(log))
    if habits.lag_s > _LOOSE_S and len(matches) < _NEARLY_ALL * len(log):
        return Alignment(habits, (), frozenset(range(len(log))), clock_is_sure=False)
    judged, ambiguous = _judged(matches, log, slots, habits)
    return Alignment(habits, tuple(judged), frozenset(ambiguous), sure)


def _plausible(offset_s: float) -> float:
    """Clocks stand right, or are whole quarters of an hour off (time zones); other offsets are rarer."""
    if abs(offset_s) < 2:
        return 1.25
    from_zone = abs(offset_s - _QUARTER_S * round(offset_s / _QUARTER_S))
    if abs(offset_s) > _LARGEST_ZONE_S + _NEAR_ZONE_S:
        return 0.7
    return 1.15 if from_zone < 2 else 1.0 if from_zone < _NEAR_ZONE_S else 0.8


def _offsets(log: Sequence[LogMessage], slots: Sequence[Slot], log_is_clients: bool) -> list[float]:
    """Return the offsets at which most messages meet a burst, the best first."""
    step = max(1, len(log) // _VOTERS)
    votes: list[tuple[float, int, int]] = []
    for place in range(0, len(log), step):
        message = log[place]
        from_client = message.sent == log_is_clients
        for number, slot in enumerate(slots):
            if slot.from_client == from_client and slot.room * 10 >= message.shortest:
                votes.append((message.time_s - (slot.start_s if message.sent else slot.end_s), place, number))
    votes.sort()
    counted: list[tuple[float, float]] = []
    begin = 0
    messages: dict[int, int] = {}
    bursts: dict[int, int] = {}
    for end, (offset_s, place, number) in enumerate(votes):
        messages[place] = messages.get(place, 0) + 1
        bursts[number] = bursts.get(number, 0) + 1
        while offset_s - votes[begin][0] > _WINDOW_S:
            _, old_place, old_number = votes[begin]
            for counts, key in ((messages, old_place), (bursts, old_number)):
                counts[key] -= 1
                if not counts[key]:
                    del counts[key]
            begin += 1
        weight = min(len(messages), len(bursts)) * _plausible(offset_s)
        counted.append((weight, votes[(begin + end) // 2][0]))
    return _apart(sorted(counted, reverse=True))


def _apart(counted: Sequence[tuple[float, float]]) -> list[float]:
    chosen: list[float] = []
    for weight, offset_s in counted:
        if weight < _WORTH_TRYING * counted[0][0]:
            break
        if all(abs(offset_s - other) > _WINDOW_S for other in chosen):
            chosen.append(offset_s)
            if len(chosen) == _OFFSETS:
                break
    return chosen


def _aligned(log: Sequence[LogMessage], slots: Sequence[Slot], habits: Habits) -> list[Match]:
    """Align both sequences, and add what crosses their order where it fits well."""
    chosen = _Lattice(log, slots, habits).best_path()
    return _with_crossing(chosen, log, slots, habits)


class _Lattice:
    """Dynamic programming over messages and bursts, both in the order of their time."""

    def __init__(self, log: Sequence[LogMessage], slots: Sequence[Slot], habits: Habits) -> None:
        self._log, self._slots, self._habits = log, slots, habits
        self._order = sorted(range(len(slots)), key=lambda number: _moment(slots[number], habits))
        self._moments = [_moment(slots[number], habits) for number in self._order]
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


def _moment(slot: Slot, habits: Habits) -> float:
    """When the program with the log would have noted the burst: as it begins to send, or has received."""
    return slot.start_s if slot.from_client == habits.log_is_clients else slot.end_s


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


def _judged(
    matches: Sequence[Match], log: Sequence[LogMessage], slots: Sequence[Slot], habits: Habits
) -> tuple[list[Match], set[int]]:
    """Work out how far ahead of its best rival each match is; refuse those that are not ahead at all."""
    by_slot: dict[int, list[Match]] = {}
    for one in matches:
        by_slot.setdefault(one.slot, []).append(one)
    order = sorted(range(len(slots)), key=lambda number: _moment(slots[number], habits))
    moments = [_moment(slots[number], habits) for number in order]
    reach_s = habits.reach_s
    judged: list[Match] = []
    ambiguous: set[int] = set()
    for one in matches:
        margin = one.score
        at_s = log[one.message].time_s - habits.offset_s
        near = order[bisect_left(moments, at_s - reach_s) : bisect_right(moments, at_s + reach_s)]
        for number in near:
            if number == one.slot:
                continue
            slot = slots[number]
            other = habits.score(one.message, log[one.message], slot)
            if other <= 0:
                continue
            margin = min(margin, _lead(one, number, other, by_slot, log, slots, habits))
        if margin < _TIE:
            ambiguous.add(one.message)
        else:
            judged.append(one._replace(margin=margin))
    return judged, ambiguous


def _lead(  # noqa: PLR0913 - an exchange of two matches has that many sides
    one: Match,
    number: int,
    other: float,
    by_slot: dict[int, list[Match]],
    log: Sequence[LogMessage],
    slots: Sequence[Slot],
    habits: Habits,
) -> float:
    """What would be lost if a message went to another burst, and what is there came to its place."""
    if number not in by_slot:
        return one.score - other
    swapped = [
        one.score + rival.score - other - habits.score(rival.message, log[rival.message], slots[one.slot])
        for rival in by_slot[number]
    ]
    return max(min(swapped), one.score - other)
