"""How far the clocks of a log and of a capture lie apart: the offsets at which most messages meet a burst."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.analyzers.rpc.log import LogMessage, Slot

WINDOW_S: Final = 0.25
"""How far the offsets of two matches may lie apart."""
_OFFSETS: Final = 16
_VOTERS: Final = 200
_WORTH_TRYING: Final = 0.5
"""An offset with fewer votes than this share of the best is not tried."""
_QUARTER_S: Final = 900.0
_LARGEST_ZONE_S: Final = 14 * 3600.0
_NEAR_ZONE_S: Final = 300.0


def plausible(offset_s: float) -> float:
    """Weigh an offset: clocks stand right or are whole quarters of an hour off (time zones), mostly."""
    if abs(offset_s) < 2:
        return 1.25
    from_zone = abs(offset_s - _QUARTER_S * round(offset_s / _QUARTER_S))
    if abs(offset_s) > _LARGEST_ZONE_S + _NEAR_ZONE_S:
        return 0.7
    return 1.15 if from_zone < 2 else 1.0 if from_zone < _NEAR_ZONE_S else 0.8


def offsets(log: Sequence[LogMessage], slots: Sequence[Slot], log_is_clients: bool) -> list[float]:
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
        while offset_s - votes[begin][0] > WINDOW_S:
            _, old_place, old_number = votes[begin]
            for counts, key in ((messages, old_place), (bursts, old_number)):
                counts[key] -= 1
                if not counts[key]:
                    del counts[key]
            begin += 1
        weight = min(len(messages), len(bursts)) * plausible(offset_s)
        counted.append((weight, votes[(begin + end) // 2][0]))
    return _apart(sorted(counted, reverse=True))


def _apart(counted: Sequence[tuple[float, float]]) -> list[float]:
    chosen: list[float] = []
    for weight, offset_s in counted:
        if weight < _WORTH_TRYING * counted[0][0]:
            break
        if all(abs(offset_s - other) > WINDOW_S for other in chosen):
            chosen.append(offset_s)
            if len(chosen) == _OFFSETS:
                break
    return chosen
