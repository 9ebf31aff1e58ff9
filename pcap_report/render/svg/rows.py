"""Charts of rows, a name and a bar in each: beside each other, or one above the other on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.render.svg.canvas import Canvas, num
from pcap_report.render.svg.legend import legend
from pcap_report.render.svg.measure import fitted
from pcap_report.render.svg.style import SMALL, TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.render.svg.legend import Entry
    from pcap_report.render.svg.sheet import Sheet

_EDGE: Final = 8
_SHARE: Final = 0.4
"""Of a wide picture for the names, at most."""
_NAME: Final = 19
"""Height of a name that stands above its bar."""
BAR: Final = 14
"""Height of a bar."""
_GAP: Final = 8


class Rows:
    """Draws rows from top to bottom.

    Attributes:
        canvas: what is drawn, in the order of drawing.
        left: of the bars; right: the picture's.
        y: where the next row begins.
    """

    def __init__(self, sheet: Sheet, names: Sequence[str], entries: Sequence[Entry]) -> None:
        self.sheet = sheet
        self.canvas = Canvas()
        widest = max((TEXT.width(name) for name in names), default=0)
        self.left = float(_EDGE)
        if not sheet.narrow:
            self.left += min(widest, sheet.width * _SHARE) + 11
        self.right = float(sheet.width - _EDGE)
        self.top = legend(self.canvas, entries, _EDGE, self.right) + 6 if entries else float(_EDGE)
        self.y = self.top
        self._bars: list[tuple[float, float]] = []

    def name(self, text: str, height: float = BAR) -> float:
        """Write the name of a row whose bars are so high; returns their top and makes room for them."""
        if self.sheet.narrow:
            self.canvas.text(self.left, self.y + 13, fitted(text, TEXT, self.right - self.left), "t")
            top = self.y + _NAME
        else:
            fit = fitted(text, TEXT, self.left - 10 - _EDGE)
            self.canvas.text(self.left - 10, self.y + height / 2 + 4.5, fit, "t e")
            top = self.y
        self.y = top + height + _GAP
        self._bars.append((top - _GAP / 2, self.y - _GAP / 2))
        return top

    def bar(self, box: tuple[float, float, float], classes: str, tip: str, height: float = BAR) -> None:
        """Draw a bar: left, right, top; one of no width is still seen."""
        left, right, top = box
        left = min(left, self.right - 1.5)
        self.canvas.rect((left, top, max(right - left, 1.5), height), f"bar {classes}", tip)

    def value(self, x: float, middle: float, text: str) -> None:
        """Write what a bar stands for, behind its end."""
        self.canvas.text(x + 6, middle + 4, fitted(text, SMALL, self.sheet.width), "s")

    def remark(self, text: str) -> None:
        """Write a line below the rows: what they leave out."""
        fit = fitted(text, SMALL, self.right - _EDGE, 3)
        self.canvas.text(_EDGE, self.y + 12, fit, "s", 14)
        self.y += 6 + 14 * len(fit.lines)

    def grid(self, places: Sequence[tuple[float, str]], name: str) -> None:
        """Draw lines behind all bars, and an axis below them."""
        behind = "".join(f"M{num(x)} {num(a)}V{num(b)}" for x, _ in places for a, b in self._stretches())
        self.canvas.path(behind, "grid")
        for x, label in places:
            half = SMALL.width(label) / 2
            inside = min(max(x, half + 1), self.sheet.width - half - 1)
            self.canvas.text(inside, self.y + 14, fitted(label, SMALL, self.sheet.width), "s m")
        self.canvas.text(self.right, self.y + 31, fitted(name, SMALL, self.right), "s e")
        self.y += 36

    def _stretches(self) -> list[tuple[float, float]]:
        """Return where there are bars: all the way down, unless names stand between them."""
        if self.sheet.narrow or not self._bars:
            return self._bars
        return [(self._bars[0][0], self._bars[-1][1])]

    def picture(self, title: str, description: str) -> str:
        """Return the whole picture."""
        return self.canvas.picture(self.sheet, self.y + 4, title, description)
