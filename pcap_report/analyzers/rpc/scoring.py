"""How well a message fits a burst: direction, time and size.

A score is a sum of evidence in the manner of a log likelihood: about 4 for a perfect fit, below 0 for none.
What a session's clocks and headers are like is learned from a first round of matches.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.analyzers.rpc.log import LogMessage, Match, Slot

PERFECT: Final = 4.0
IMPOSSIBLE: Final = -100.0
_ANSWERED: Final = 0.8
"""What it counts that an answer is on its request's connection."""
_EARLY_S: Final = 0.02
"""A program may write its log a little after it sends, or stamp a message before it has read all of it."""
_COMPRESSED: Final = 0.08
"""The smallest share of its size that a compressed text takes."""
_COMPRESSIBLE: Final = 400
_SPREAD: Final = 0.08
_SLACK: Final = 80


@dataclass(frozen=True)
class Habits:
    """What matches of this session have in common.

    Attributes:
        offset_s: log time minus capture time.
        lag_s: how long after its burst (or before it) a message is usually logged.
        headers: bytes that a burst has beyond its message, by "from the client"; None while not known.
        places: connection on which a request was, by place in the log.
        asked: place of the request of an answer, by the answer's.
        log_is_clients: who sends is the client of the connections.
    """

    offset_s: float
    lag_s: float = 0.3
    headers: dict[bool, float] | None = None
    places: dict[int, int] | None = None
    asked: dict[int, int] | None = None
    log_is_clients: bool = True

    def from_client(self, message: LogMessage) -> bool:
        """Tell which way a message went."""
        return message.sent == self.log_is_clients

    @property
    def reach_s(self) -> float:
        """Beyond this no burst can have a score above 0."""
        return float((PERFECT + _ANSWERED) ** (2 / 3)) * self.lag_s

    def lag(self, message: LogMessage, slot: Slot) -> float:
        """How long after the message's time its burst began, or how long before it its burst ended."""
        at_s = message.time_s - self.offset_s
        return slot.start_s - at_s if message.sent else at_s - slot.end_s

    def score(self, place: int, message: LogMessage, slot: Slot) -> float:
        """Return how well a message fits a burst."""
        if slot.from_client != self.from_client(message):
            return IMPOSSIBLE
        return PERFECT - self._time(message, slot) - self._size(message, slot) + self._bonus(place, slot)

    def _time(self, message: LogMessage, slot: Slot) -> float:
        lag = self.lag(message, slot)
        scale = self.lag_s if lag >= -_EARLY_S else self.lag_s / 3 + _EARLY_S
        return min(float((abs(lag) / scale) ** 1.5), 40.0)

    def _size(self, message: LogMessage, slot: Slot) -> float:
        spare = slot.room - message.shortest
        if spare < 0:
            packed = message.shortest > _COMPRESSIBLE and slot.room >= message.shortest * _COMPRESSED
            return 1.5 if packed and not slot.from_client else 8.0
        if self.headers is None or slot.from_client not in self.headers:
            return 0.0 if spare < 2000 + message.shortest else 0.7
        beyond = max(0.0, spare - (message.longest - message.shortest) - self.headers[slot.from_client])
        short = max(0.0, self.headers[slot.from_client] - spare)
        return min((beyond + short) / (_SLACK + _SPREAD * message.shortest), 2.0)

    def _bonus(self, place: int, slot: Slot) -> float:
        """An answer comes back on its request's connection."""
        if not self.places or not self.asked or place not in self.asked:
            return 0.0
        expected = self.places.get(self.asked[place])
        return 0.0 if expected is None else _ANSWERED if expected == slot.connection else -_ANSWERED

    def learned(self, matches: Sequence[Match], log: Sequence[LogMessage], slots: Sequence[Slot]) -> Habits:
        """Return the habits that a round of matches shows."""
        if not matches:
            return self
        shift = statistics.median(_signed_lag(self, log[one.message], slots[one.slot]) for one in matches)
        tuned = replace(self, offset_s=self.offset_s + shift)
        lags = [abs(tuned.lag(log[one.message], slots[one.slot])) for one in matches]
        spread = statistics.median(lags)
        headers: dict[bool, float] = {}
        for side in (True, False):
            spare = [
                slots[one.slot].room - (log[one.message].shortest + log[one.message].longest) / 2
                for one in matches
                if slots[one.slot].from_client == side and slots[one.slot].room >= log[one.message].shortest
            ]
            if len(spare) >= 2:
                headers[side] = max(0.0, statistics.median(spare))
        return replace(
            tuned,
            lag_s=min(0.6, max(0.05, 4 * spread)),
            headers=headers,
            places={one.message: slots[one.slot].connection for one in matches},
        )


def _signed_lag(habits: Habits, message: LogMessage, slot: Slot) -> float:
    """How far the log's clock is ahead beyond the offset, as this match has it."""
    lag = habits.lag(message, slot)
    return -lag if message.sent else lag


def pairs_of(log: Iterable[LogMessage]) -> dict[int, int]:
    """Return the place of the request of each answer: the latest before it with its id, the other way."""
    waiting: dict[tuple[bool, str], int] = {}
    found: dict[int, int] = {}
    for place, one in enumerate(log):
        if one.parsed.id is None:
            continue
        if one.parsed.kind == "request":
            waiting[one.sent, one.parsed.id] = place
        elif one.parsed.kind in {"result", "error"}:
            asked = waiting.pop((not one.sent, one.parsed.id), None)
            if asked is not None:
                found[place] = asked
    return found
