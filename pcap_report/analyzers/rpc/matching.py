"""Match the messages of a log to bursts: find the clocks' offset, align both sequences, say how sure it is.

Messages and bursts come in the same order, so the best alignment of the two sequences is found by dynamic
programming; several messages may share a burst (batching), messages and bursts may stay alone. The offset
between the clocks is the one at which most messages meet a burst; rivals among offsets are tried in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.rpc.clocks import WINDOW_S, offsets, plausible
from pcap_report.analyzers.rpc.lattice import aligned
from pcap_report.analyzers.rpc.margins import judged
from pcap_report.analyzers.rpc.scoring import Habits, pairs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.analyzers.rpc.log import LogMessage, Match, Slot

_ROUNDS: Final = 3
_RIVAL: Final = 0.93
"""Another offset that reaches this share of the score makes the clocks ambiguous."""
_TIGHT_S: Final = 0.3
_LOOSE_S: Final = 0.45
"""Times that differ more than this, and messages without a burst: the log is of another session."""
_NEARLY_ALL: Final = 0.95


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
    for offset_s in offsets(log, slots, clients):
        habits = Habits(offset_s, asked=asked, log_is_clients=clients)
        if any(abs(habits.offset_s - one.offset_s) < WINDOW_S for _, one, _ in tried):
            continue
        matches: list[Match] = []
        for _ in range(_ROUNDS):
            matches = aligned(log, slots, habits)
            habits = habits.learned(matches, log, slots)
        matches = aligned(log, slots, habits)
        if matches:
            tried.append((sum(one.score for one in matches) * plausible(habits.offset_s), habits, matches))
    if not tried:
        return None
    tried.sort(key=lambda one: -one[0])
    best, habits, matches = tried[0]
    rivals = [one for one in tried[1:] if abs(one[1].offset_s - habits.offset_s) > 2 * WINDOW_S]
    sure = not rivals or rivals[0][0] < _RIVAL * best
    sure = sure and (habits.lag_s <= _TIGHT_S or len(matches) >= _NEARLY_ALL * len(log))
    if habits.lag_s > _LOOSE_S and len(matches) < _NEARLY_ALL * len(log):
        return Alignment(habits, (), frozenset(range(len(log))), clock_is_sure=False)
    kept, ambiguous = judged(matches, log, slots, habits)
    return Alignment(habits, tuple(kept), frozenset(ambiguous), sure)
