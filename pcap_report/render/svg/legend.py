"""Legends: what a mark in a chart means, in as many rows as it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pcap_report.render.svg.canvas import num
from pcap_report.render.svg.measure import fitted
from pcap_report.render.svg.style import SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.render.svg.canvas import Canvas

_ROW: Final = 18
_MARK: Final = 20
_GAP: Final = 18


@dataclass(frozen=True)
class Entry:
    """A mark of a legend.

    Attributes:
        classes: how the mark is coloured.
        text: what it means.
        mark: data of its path, in a square of 10 pixels around the origin.
    """

    classes: str
    text: str
    mark: str


LINE: Final = "M-7 0h14"
SQUARE: Final = "M-5-5h10v10h-10z"
DOT: Final = "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z"
BLOCK: Final = "M-3.5-3.5h7v7h-7z"
CROSS: Final = "M-4-4l8 8m0-8l-8 8"


def legend(canvas: Canvas, entries: Sequence[Entry], left: float, right: float) -> float:
    """Draw a legend from the top of the picture on; returns the y below it."""
    x, y = left, 14.0
    for entry in entries:
        fit = fitted(entry.text, SMALL, right - left - _MARK)
        wide = _MARK + SMALL.width(fit.lines[0])
        if x > left and x + wide > right:
            x, y = left, y + _ROW
        canvas.add(_mark(entry, x + 7, y - 4))
        canvas.text(x + _MARK, y, fit, "s")
        x += wide + _GAP
    return y + 8


def _mark(entry: Entry, x: float, y: float) -> str:
    return f'<path class="{entry.classes}" transform="translate({num(x)} {num(y)})" d="{entry.mark}"/>'
