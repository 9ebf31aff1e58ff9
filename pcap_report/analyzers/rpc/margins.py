"""How far ahead of its best rival each match is: one that is not ahead at all is no match."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.rpc.lattice import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.analyzers.rpc.log import LogMessage, Match, Slot
    from pcap_report.analyzers.rpc.scoring import Habits

_TIE: Final = 0.15
"""A lead over the next best place that is none."""


def judged(
    matches: Sequence[Match], log: Sequence[LogMessage], slots: Sequence[Slot], habits: Habits
) -> tuple[list[Match], set[int]]:
    """Work out how far ahead of its best rival each match is; refuse those that are not ahead at all."""
    by_slot: dict[int, list[Match]] = {}
    for one in matches:
        by_slot.setdefault(one.slot, []).append(one)
    order = sorted(range(len(slots)), key=lambda number: moment(slots[number], habits))
    moments = [moment(slots[number], habits) for number in order]
    reach_s = habits.reach_s
    sure: list[Match] = []
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
            sure.append(one._replace(margin=margin))
    return sure, ambiguous


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
