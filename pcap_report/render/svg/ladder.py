"""Sequence diagrams as ladders: time runs down, arrows go from lifeline to lifeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.render.ranges import filter_ranges
from pcap_report.render.safe import html_text
from pcap_report.render.sequence import Arrow, Band, Note, Omission
from pcap_report.render.svg.arrowheads import arrow
from pcap_report.render.svg.canvas import Canvas, num, text
from pcap_report.render.svg.ladder_frame import EDGE, LadderFrame
from pcap_report.render.svg.measure import fitted
from pcap_report.render.svg.style import SMALL, STRONG, TEXT

if TYPE_CHECKING:
    from pcap_report.model.evidence import Phase
    from pcap_report.render.sequence import SequenceDiagram
    from pcap_report.render.svg.sheet import Sheet

TINTS: Final[dict[Phase, str]] = {
    "tcp_handshake": "open",
    "tls_handshake": "secure",
    "app_data": "data",
    "teardown": "close",
}
_HEADLINE: Final = 3
_DETAIL: Final = 2
"""Lines of a label's headline, and of what stands below it."""
_LEADING: Final = 17
_SMALL_LEADING: Final = 14
_INDENT: Final = 14
_ATTRIBUTE: Final = 160
"""Characters of a set of frames that fit into an attribute; a longer one is left out whole."""


def ladder(diagram: SequenceDiagram, sheet: Sheet) -> str:
    """Draw a sequence diagram; an empty text where it has no arrow."""
    if not any(isinstance(item, Arrow) for item in diagram.items):
        return ""
    return Ladder(diagram, sheet).picture()


class Ladder:
    """Draws from top to bottom; `_y` is how far it has come.

    Attributes:
        top: where the items begin.
        bottoms: where each item ends, once the picture is drawn.
    """

    def __init__(self, diagram: SequenceDiagram, sheet: Sheet) -> None:
        self._diagram = diagram
        self._sheet = sheet
        self._frame = LadderFrame(diagram.lifelines, sheet)
        self.top = self._y = self._frame.top + 8
        self.bottoms: list[float] = []
        self._bands: list[tuple[str, float, float]] = []
        self._gaps: list[tuple[float, float]] = []
        self._marks = Canvas()

    def picture(self) -> str:
        """Draw all of it."""
        tint, top = "", self._y
        for item in self._diagram.items:
            if isinstance(item, Band):
                self._close(tint, top)
                tint, top = TINTS[item.phase], self._y
                self._band(item)
            else:
                self._item(item)
            self.bottoms.append(self._y)
        self._close(tint, top)
        canvas = Canvas()
        for band in self._bands:
            self._tinted(canvas, *band)
        self._frame.lines(canvas, self._gaps, self._y)
        self._frame.heads(canvas)
        canvas.add(self._marks.written())
        return canvas.picture(self._sheet, self._y + EDGE, self._diagram.title, self._diagram.description)

    def _item(self, item: Arrow | Note | Omission) -> None:
        if isinstance(item, Arrow):
            self._arrow(item)
        elif isinstance(item, Note):
            self._note(item)
        else:
            self._omission(item)

    def _close(self, tint: str, top: float) -> None:
        self._y += 8
        if tint:
            self._bands.append((tint, top, self._y))
            self._y += 6

    def _tinted(self, canvas: Canvas, tint: str, top: float, bottom: float) -> None:
        canvas.add(
            f'<rect class="{tint}" rx="6" x="{EDGE}" y="{num(top)}" '
            f'width="{num(self._sheet.width - 2 * EDGE)}" height="{num(bottom - top)}"/>'
        )

    def _band(self, band: Band) -> None:
        left = self._frame.left + 10
        fit = fitted(band.title, STRONG, self._frame.right - left - 10)
        self._marks.text(left, self._y + 18, fit, "h")
        self._y += 22

    def _arrow(self, item: Arrow) -> None:
        start, end = self._frame.places[item.source], self._frame.places[item.target]
        step = 1 if item.target > item.source else -1
        near = self._frame.places[item.source + step]
        label = Canvas()
        bottom = self._label(label, item, (start + near) / 2, abs(near - start) - 2 * _INDENT)
        y = bottom + 7
        label.add(arrow(start, end, y, item.style, self._diagram.lifelines[item.source].role))
        self._time(label, item, y)
        self._marks.add(self._group(item, label.written()))
        self._y = y + 8

    def _label(self, canvas: Canvas, item: Arrow, middle: float, room: float) -> float:
        """Write a label below `_y`; returns the base line of its last line."""
        frames = f"[{item.frames_text}]" if item.frames_text else ""
        first, *rest = item.lines or ("",)
        fit = fitted(f"{frames} {first}".strip(), TEXT, room, _HEADLINE)
        y = self._y + 3
        for line in fit.lines:
            y += _LEADING
            canvas.add(text((middle, y), line, "t m", whole=fit.whole, frames=frames))
            frames = ""
        for detail in rest:
            fit = fitted(detail, SMALL, room, _DETAIL)
            canvas.text(middle, y + _SMALL_LEADING, fit, "s m", _SMALL_LEADING)
            y += _SMALL_LEADING * len(fit.lines)
        return y

    def _time(self, canvas: Canvas, item: Arrow, y: float) -> None:
        if item.time_s is None or self._sheet.narrow:
            return
        fit = fitted(f"{item.time_s:.4f} s", SMALL, self._frame.left - EDGE - 16)
        canvas.text(self._frame.left - 10, y + 4, fit, "s e")

    def _group(self, item: Arrow, drawn: str) -> str:
        if not item.frames:
            return f"<g>{drawn}</g>"
        frames = filter_ranges(item.frames).strip("{}")
        listed = f' data-frames="{frames}"' if len(frames) <= _ATTRIBUTE else ""
        group = f'<g data-frame="{item.frames[0]}"{listed}>{drawn}</g>'
        if self._sheet.link is None:
            return group
        return f'<a href="{html_text(self._sheet.link(item.frames[0]))}">{group}</a>'

    def _note(self, item: Note) -> None:
        left, right = self._frame.left, self._frame.right
        room = right - left - 4 * _INDENT
        fits = [fitted(line, TEXT, room, _HEADLINE) for line in item.lines]
        wide = max((TEXT.width(line) for fit in fits for line in fit.lines), default=0) + 2 * _INDENT
        count = sum(len(fit.lines) for fit in fits)
        middle = (left + right) / 2
        height = _LEADING * count + 9
        self._y += 10
        self._marks.add(
            f'<rect class="note" rx="4" x="{num(middle - wide / 2)}" y="{num(self._y)}" '
            f'width="{num(wide)}" height="{num(height)}"/>'
        )
        y = self._y + _LEADING
        for fit in fits:
            self._marks.text(middle, y, fit, "t m", _LEADING)
            y += _LEADING * len(fit.lines)
        self._y += height + 2

    def _omission(self, item: Omission) -> None:
        middle = (self._frame.left + self._frame.right) / 2
        fit = fitted(item.text, TEXT, self._frame.right - self._frame.left - 2 * _INDENT, 2)
        top = self._y + 6
        self._marks.text(middle, top + 22, fit, "t m", _LEADING)
        self._y = top + 16 + _LEADING * len(fit.lines)
        self._gaps.append((top, self._y))
