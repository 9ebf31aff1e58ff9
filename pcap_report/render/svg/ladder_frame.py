"""Where the lifelines of a ladder stand, and the boxes that name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pcap_report.render.svg.canvas import Canvas, num
from pcap_report.render.svg.measure import Fitted, fitted
from pcap_report.render.svg.style import SMALL, STRONG

if TYPE_CHECKING:
    from pcap_report.render.sequence import Lifeline
    from pcap_report.render.svg.sheet import Sheet

EDGE: Final = 6
"""Pixels that the picture leaves free on every side."""
_SIDE: Final = 124
"""From the edge of a wide picture to its outer lifelines: room for the times and half a box."""
_NARROW_SIDE: Final = 26
_BOX_GAP: Final = 10
_PADDING: Final = 8
_TITLE_LEADING: Final = 17
_LEADING: Final = 14


@dataclass(frozen=True)
class _Box:
    """A box with what stands in it."""

    lifeline: Lifeline
    left: float
    width: float
    title: Fitted
    lines: tuple[Fitted, ...]

    @property
    def height(self) -> float:
        count = sum(len(fit.lines) for fit in self.lines)
        return 2 * _PADDING + _TITLE_LEADING * len(self.title.lines) + _LEADING * count - 2

    def draw(self, canvas: Canvas, top: float, height: float) -> None:
        canvas.add(
            f'<rect class="{self.lifeline.role} head" rx="6" x="{num(self.left)}" y="{num(top)}" '
            f'width="{num(self.width)}" height="{num(height)}"/>'
        )
        middle = self.left + self.width / 2
        y = top + _PADDING + 12
        canvas.text(middle, y, self.title, "h m", _TITLE_LEADING)
        y += _TITLE_LEADING * len(self.title.lines) - 1
        for fit in self.lines:
            canvas.text(middle, y, fit, "s m", _LEADING)
            y += _LEADING * len(fit.lines)


class LadderFrame:
    """The lifelines of a ladder.

    Attributes:
        places: x of each lifeline.
        top: y below the boxes.
    """

    def __init__(self, lifelines: tuple[Lifeline, ...], sheet: Sheet) -> None:
        self.places = _places(len(lifelines), sheet)
        self._boxes = [
            _box(one, x, self.places, sheet) for one, x in zip(lifelines, self.places, strict=True)
        ]
        self._height = max(box.height for box in self._boxes)
        self.top = EDGE + self._height

    @property
    def left(self) -> float:
        """The leftmost lifeline."""
        return self.places[0]

    @property
    def right(self) -> float:
        """The rightmost lifeline."""
        return self.places[-1]

    def heads(self, canvas: Canvas) -> None:
        """Draw the boxes above the lifelines."""
        for box in self._boxes:
            box.draw(canvas, EDGE, self._height)

    def lines(self, canvas: Canvas, gaps: list[tuple[float, float]], bottom: float) -> None:
        """Draw the lifelines, dotted in the gaps where arrows are left out."""
        stops = [self.top, *(y for gap in gaps for y in gap), bottom]
        for x in self.places:
            solid = "".join(
                f"M{num(x)} {num(stops[at])}V{num(stops[at + 1])}" for at in range(0, len(stops), 2)
            )
            canvas.path(solid, "life")
            if gaps:
                canvas.path("".join(f"M{num(x)} {num(a + 3)}V{num(b)}" for a, b in gaps), "life dots")


def _places(count: int, sheet: Sheet) -> list[float]:
    side = _NARROW_SIDE if sheet.narrow else _SIDE
    first, last = side, sheet.width - side
    if count == 1:
        return [sheet.width / 2]
    return [first + (last - first) * place / (count - 1) for place in range(count)]


def _box(lifeline: Lifeline, x: float, places: list[float], sheet: Sheet) -> _Box:
    share = (sheet.width - 2 * EDGE - _BOX_GAP * (len(places) - 1)) / len(places)
    spacing = places[1] - places[0] - _BOX_GAP if len(places) > 1 else share
    most = min(2 * (_SIDE - EDGE), spacing, share) if not sheet.narrow else share
    room = most - 2 * _PADDING
    first, *rest = lifeline.lines or ("",)
    title = fitted(first, STRONG, room, 2)
    lines = tuple(fitted(line, SMALL, room, 3) for line in rest)
    wide = max(
        STRONG.width(max(title.lines, key=STRONG.width)),
        *(SMALL.width(line) for fit in lines for line in fit.lines),
        0,
    )
    width = most if sheet.narrow else max(96, wide + 2 * _PADDING)
    left = min(max(x - width / 2, EDGE), sheet.width - EDGE - width)
    return _Box(lifeline, left, width, title, lines)
