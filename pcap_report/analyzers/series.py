"""Series of measurements with a fixed upper bound: they thin themselves out instead of growing."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from mypy_extensions import mypyc_attr

Number = TypeVar("Number", int, float)
_POINTS: Final = 400
_BUCKETS: Final = 120
_FIRST_WIDTH_NS: Final = 10_000_000


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class ThinningSeries(Generic[Number]):
    """Keeps every n-th point; when there are too many, n doubles and every other kept point goes."""

    __slots__ = ("_count", "_points", "_step")

    def __init__(self) -> None:
        self._points: list[tuple[int, Number]] = []
        self._step = 1
        self._count = 0

    def add(self, time_ns: int, value: Number) -> None:
        """Take a measurement."""
        if self._count % self._step == 0:
            self._points.append((time_ns, value))
            if len(self._points) > _POINTS:
                del self._points[1::2]
                self._step *= 2
        self._count += 1

    def points(self, origin_ns: int) -> tuple[tuple[float, Number], ...]:
        """Return the kept points, with seconds since the origin."""
        return tuple(((time_ns - origin_ns) / 1e9, value) for time_ns, value in self._points)


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Buckets:
    """Sums over intervals of equal width; the width doubles when the intervals become too many."""

    __slots__ = ("_sums", "start_ns", "width_ns")

    def __init__(self, start_ns: int) -> None:
        self.start_ns = start_ns
        self.width_ns = _FIRST_WIDTH_NS
        self._sums: dict[int, list[int]] = {}

    def add(self, time_ns: int, first: int, second: int) -> None:
        """Add to both sums of the interval that the time falls into; times before the start count as it."""
        place = (time_ns - self.start_ns) // self.width_ns
        if place >= _BUCKETS:
            self._widen(time_ns)
            place = (time_ns - self.start_ns) // self.width_ns
        sums = self._sums.get(place)
        if sums is None:
            sums = self._sums.setdefault(max(0, place), [0, 0])
        sums[0] += first
        sums[1] += second

    def _widen(self, time_ns: int) -> None:
        """Double the width until the time has an interval, then put the sums together once."""
        factor = 1
        while (time_ns - self.start_ns) // (self.width_ns * factor) >= _BUCKETS:
            factor *= 2
        self.width_ns *= factor
        sums, self._sums = self._sums, {}
        for place, (first, second) in sums.items():
            merged = self._sums.setdefault(place // factor, [0, 0])
            merged[0] += first
            merged[1] += second

    def sums(self, side: int, origin_ns: int) -> tuple[tuple[float, int], ...]:
        """Return start in seconds and sum of every interval that has one, for the first (0) or second (1)."""
        start = (self.start_ns - origin_ns) / 1e9
        return tuple(
            (round(start + place * self.width_ns / 1e9, 9), sums[side])
            for place, sums in sorted(self._sums.items())
            if sums[side]
        )
