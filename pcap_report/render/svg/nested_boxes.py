"""A packed frame: box inside box, the outermost layer around all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import Message, msg
from pcap_report.render.envelopes import lines
from pcap_report.render.svg.canvas import Canvas
from pcap_report.render.svg.measure import fitted
from pcap_report.render.svg.style import SMALL, STRONG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.render.envelopes import Envelope
    from pcap_report.render.svg.measure import Fitted
    from pcap_report.render.svg.sheet import Sheet

_EDGE: Final = 4
_INSET: Final = 12
_TITLE: Final = 22
_LINE: Final = 15
_FOOT: Final = 8
_TINTS: Final = ("close", "open", "data", "secure")
_MOST: Final = 2
"""Lines that a text may take."""


def nested_boxes(envelopes: Sequence[Envelope], sheet: Sheet) -> str:
    """Draw the layers of a frame; an empty text for less than two."""
    if len(envelopes) < 2:
        return ""
    canvas = Canvas()
    tops = _tops(envelopes, sheet)
    bottom = tops[-1]
    for depth, one in enumerate(envelopes):
        left = _EDGE + depth * _INSET
        height = bottom + (len(envelopes) - 1 - depth) * _FOOT - tops[depth]
        width = sheet.width - 2 * left
        canvas.rect((left, tops[depth], width, height), f"axis {_TINTS[min(depth, len(_TINTS) - 1)]}")
        _write(canvas, one, (left + 8, tops[depth]), sheet)
    height = bottom + (len(envelopes) - 1) * _FOOT + _EDGE
    told = " > ".join(_words(one, sheet)[0] for one in envelopes)
    return canvas.picture(sheet, height, sheet.say(msg("How the layers are packed into the frame")), told)


def _tops(envelopes: Sequence[Envelope], sheet: Sheet) -> list[float]:
    """Return where each box begins, and where the innermost one ends."""
    tops = [float(_EDGE)]
    for depth, one in enumerate(envelopes):
        rows = sum(len(fit.lines) for fit in _small(one, depth, sheet))
        tops.append(tops[-1] + _TITLE + rows * _LINE + 4)
    return tops


def _write(canvas: Canvas, envelope: Envelope, at: tuple[float, float], sheet: Sheet) -> None:
    left, y = at
    depth = round((left - 8 - _EDGE) / _INSET)
    canvas.text(left, y + 16, fitted(_words(envelope, sheet)[0], STRONG, _room(depth, sheet)), "h")
    y += _TITLE + 11
    for fit in _small(envelope, depth, sheet):
        canvas.text(left, y, fit, "s", _LINE)
        y += len(fit.lines) * _LINE


def _small(envelope: Envelope, depth: int, sheet: Sheet) -> list[Fitted]:
    return [fitted(one, SMALL, _room(depth, sheet), _MOST) for one in _words(envelope, sheet)[1:]]


def _room(depth: int, sheet: Sheet) -> float:
    return sheet.width - 2 * (_EDGE + depth * _INSET) - 16


def _words(envelope: Envelope, sheet: Sheet) -> list[str]:
    return [sheet.say(one) if isinstance(one, Message) else one for one in lines(envelope)]
