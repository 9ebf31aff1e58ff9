"""Axes: which numbers stand on them, in which unit, and where a value lies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pcap_report.render.svg.style import SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.render.quantities import Quantities

_STEPS: Final = (1, 2, 5, 10)
_SECONDS: Final = ((3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
_BYTES: Final = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B"))
_UNIT_FROM: Final = {"h": 3.0, "min": 5.0}
"""How many of a unit there have to be before it is used; of the others one is enough."""


@dataclass(frozen=True)
class Scale:
    """An axis.

    Attributes:
        low: the first value; high: the last.
        unit: of the numbers on it.
        ticks: values with what is written at them.
    """

    low: float
    high: float
    unit: str
    ticks: tuple[tuple[float, str], ...]

    def at(self, value: float, first: float, last: float) -> float:
        """Return where a value lies when the axis goes from pixel `first` to pixel `last`."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return first + share * (last - first)


def time_scale(low: float, high: float, quantities: Quantities, room: float) -> Scale:
    """Make an axis of seconds that fits into so many pixels."""
    low, high = _apart(low, high)
    return _across(low, high, _unit(_SECONDS, high), quantities, room)


def time_scale_up(high: float, quantities: Quantities, most: int) -> Scale:
    """Make an upright axis of seconds from zero."""
    high = _apart(0, high)[1]
    return _upright(high, _unit(_SECONDS, high), quantities, most)


def byte_scale_up(high: float, quantities: Quantities, most: int) -> Scale:
    """Make an upright axis of bytes from zero."""
    high = max(high, 1)
    return _upright(high, _unit(_BYTES, high), quantities, most)


def _apart(low: float, high: float) -> tuple[float, float]:
    return (low, high) if high > low else (low, low + 1e-6 * max(1, abs(low)))


def _unit(units: Sequence[tuple[float, str]], high: float) -> tuple[float, str]:
    for size, name in units:
        if high >= size * _UNIT_FROM.get(name, 1):
            return size, name
    return units[-1]


def _across(low: float, high: float, unit: tuple[float, str], quantities: Quantities, room: float) -> Scale:
    """Take as many ticks as do not touch: fewer and fewer, until their labels fit."""
    most = max(1, int(room / 40))
    while True:
        ticks = _ticks(low, high, unit, quantities, most)
        widest = max((SMALL.width(label) for _, label in ticks), default=0)
        if most == 1 or len(ticks) * (widest + 18) <= room:
            return Scale(low, high, unit[1], ticks)
        most -= 1


def _upright(high: float, unit: tuple[float, str], quantities: Quantities, most: int) -> Scale:
    """End an upright axis on a tick, so that nothing is drawn above the last one."""
    step = _step(high, most)
    high = math.ceil(round(high / step, 9)) * step
    return Scale(0, high, unit[1], _ticks(0, high, unit, quantities, most))


def _step(span: float, most: int) -> float:
    raw = span / max(most, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in _STEPS if factor * power >= raw * (1 - 1e-9))


def _ticks(
    low: float, high: float, unit: tuple[float, str], quantities: Quantities, most: int
) -> tuple[tuple[float, str], ...]:
    size = unit[0]
    step = _step((high - low) / size, most)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first = math.ceil(low / size / step - 1e-6)
    last = math.floor(high / size / step + 1e-6)
    return tuple(
        (place * step * size, quantities.number(place * step, decimals)) for place in range(first, last + 1)
    )
