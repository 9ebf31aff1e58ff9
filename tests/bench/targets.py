"""What is promised, held against what was measured: met, not met, or not measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.bench.contenders import BARE, OURS, OURS_ON_TWO
from tests.bench.results import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.results import Case, Row

_LARGE: Final = 100_000
"""From here on start-up does not count."""
_REAL: Final = 10_000
_SMALL: Final = 200
_MEMORY_MB: Final = 1200
_Check = tuple[str, bool]


def targets(cases: Sequence[Case]) -> tuple[Target, ...]:
    """Look at every promise, on each capture that can tell."""
    large = [case for case in cases if case.packets >= _LARGE]
    small = [case for case in cases if case.packets == _SMALL]
    return (
        *_each("one worker: at most 1.1 × bare tshark", large, _at_most_of_bare(OURS, 1.1)),
        *_each("two workers: at most 0.65 × bare tshark", large, _at_most_of_bare(OURS_ON_TWO, 0.65)),
        *_times_quicker("at least 20 × the fastest pyshark mode", cases, "pyshark", 20),
        *_times_quicker("at least 100 × pyshark's default", cases, "pyshark-xml", 100),
        *_times_quicker("at least 8 × pcap-doctor", cases, "pcap-doctor", 8),
        *_cost_per_packet(cases),
        *_each(f"all processes together: less than {_MEMORY_MB / 1000:.1f} GB", large, _memory),
        *_each("200 packets: less than 0.8 s", small, _quick),
        *_each("200 packets: tshark's own run is the larger part", small, _mostly_tshark),
    )


def _each(promise: str, cases: Sequence[Case], check: Callable[[Case], _Check | None]) -> Iterator[Target]:
    """Yield what each capture says; one line of "not measured" when none says anything."""
    said = [(case, found) for case in cases if (found := check(case)) is not None]
    for case, (measured, met) in said:
        yield Target(promise, case.capture, measured, met)
    if not said:
        yield Target(promise, None, "not measured", None)


def _at_most_of_bare(contender: str, limit: float) -> Callable[[Case], _Check | None]:
    def check(case: Case) -> _Check | None:
        row = case.row(contender)
        if row is None or row.to_bare is None:
            return None
        return f"{row.to_bare[0]:.2f} × (medians: {row.to_bare[1]:.2f} ×)", row.to_bare[0] <= limit

    return check


def _times_quicker(promise: str, cases: Sequence[Case], rival: str, limit: float) -> Iterator[Target]:
    """Hold packets per second against each other, on captures so large that start-up says little.

    A rival that was not given that one is judged by the largest that it was given, and the line says so.
    """
    said = False
    for case in _judged_on(cases):
        ours = case.row(OURS)
        same_kind = sorted((one for one in cases if one.kind == case.kind), key=lambda one: -one.packets)
        found = next((one for one in same_kind if one.packets <= case.packets and _fastest(one, rival)), None)
        if ours is None or found is None:
            continue
        said = True
        times = ours.packets_per_s / _fastest(found, rival)
        where = "" if found is case else f", by its packets/s at {found.packets:,}: extrapolated"
        bare = case.row(BARE)
        aside = f"; bare tshark: {bare.packets_per_s / _fastest(found, rival):.1f} ×" if bare else ""
        yield Target(promise, case.capture, f"{times:.1f} ×{where}{aside}", times >= limit)
    if not said:
        yield Target(promise, None, "not measured", None)


def _judged_on(cases: Sequence[Case]) -> list[Case]:
    """Return real captures, and of each generated kind the one of 100,000 packets."""
    return [
        case for case in cases if case.packets == _LARGE or (case.kind == "real" and case.packets >= _REAL)
    ]


def _fastest(case: Case, rival: str) -> float:
    return max((row.packets_per_s for row in case.rows if row.contender.startswith(rival)), default=0.0)


def _cost_per_packet(cases: Sequence[Case]) -> Iterator[Target]:
    promise = "a packet of 1 million costs at most 1.1 × one of 100 thousand"
    pairs = [
        (small, large)
        for small in cases
        for large in cases
        if small.kind == large.kind != "real" and (small.packets, large.packets) == (100_000, 1_000_000)
    ]
    found = [
        Target(promise, large.capture, *_growth(few, many, large.packets / small.packets))
        for small, large in pairs
        if (few := small.row(OURS)) and (many := large.row(OURS))
    ]
    yield from found or [Target(promise, None, "not measured", None)]


def _growth(few: Row, many: Row, factor: float) -> _Check:
    wall = many.wall_s[0] / few.wall_s[0] / factor
    cpu = many.cpu_s[0] / few.cpu_s[0] / factor
    return f"{wall:.2f} × in wall time, {cpu:.2f} × in processor time", wall <= 1.1


def _memory(case: Case) -> _Check | None:
    peaks = [row.peak_mb for row in case.rows if row.contender in (OURS, OURS_ON_TWO) and row.peak_mb]
    return (f"{max(peaks):,.0f} MB", max(peaks) < _MEMORY_MB) if peaks else None


def _quick(case: Case) -> _Check | None:
    ours = case.row(OURS)
    return (f"{ours.wall_s[0]:.2f} s (median {ours.wall_s[1]:.2f} s)", ours.wall_s[0] < 0.8) if ours else None


def _mostly_tshark(case: Case) -> _Check | None:
    ours, bare = case.row(OURS), case.row(BARE)
    if not ours or not bare:
        return None
    share = bare.wall_s[0] / ours.wall_s[0]
    return f"{bare.wall_s[0]:.2f} s of {ours.wall_s[0]:.2f} s: {share:.0%}", share > 0.5
