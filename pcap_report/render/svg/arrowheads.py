"""How an arrow looks: its shaft, its head, and the sign that tells its style without its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.render.svg.canvas import num

if TYPE_CHECKING:
    from pcap_report.model.evidence import StepStyle
    from pcap_report.render.sequence import Role

_GAP: Final = 16
"""Pixels by which a reset falls short of the other side."""


def arrow(start: float, end: float, y: float, style: StepStyle, role: Role) -> str:
    """Draw an arrow from one side to the other.

    A bare acknowledgement is thin with an open head; a segment sent again is dashed with a double head; a
    reset breaks off at a cross; an alert starts with a diamond.
    """
    way = 1 if end > start else -1
    if style == "ack":
        return _shaft(start, end, y, "ack") + _path(_chevron(end, y, way, 4), "ack shaft")
    if style == "retransmission":
        heads = _chevron(end, y, way, 5) + _chevron(end - way * 6, y, way, 5)
        return _shaft(start, end, y, "again", "dash") + _path(heads, "again hollow")
    if style in {"reset", "refused"}:
        stop = end - way * _GAP
        cross = f"M{num(stop - 5)} {num(y - 5)}l10 10m0-10l-10 10"
        return _shaft(start, stop, y, "reset") + _path(cross, "reset hollow")
    if style == "alert":
        diamond = f"M{num(start + way * 3)} {num(y)}l{way * 7}-5 {way * 7} 5 {way * -7} 5z"
        return _shaft(start, end - way * 8, y, "alert") + _path(diamond + _triangle(end, y, way), "alert")
    return _shaft(start, end - way * 8, y, role) + _path(_triangle(end, y, way), role)


def _shaft(start: float, end: float, y: float, *classes: str) -> str:
    return _path(f"M{num(start)} {num(y)}H{num(end)}", " ".join((*classes, "shaft")))


def _path(data: str, classes: str) -> str:
    return f'<path class="{classes}" d="{data}"/>'


def _triangle(x: float, y: float, way: int) -> str:
    return f"M{num(x)} {num(y)}l{way * -10}-4.5v9z"


def _chevron(x: float, y: float, way: int, reach: int) -> str:
    return (
        f"M{num(x - way * reach * 1.6)} {num(y - reach)}L{num(x)} {num(y)}l{num(way * reach * -1.6)} {reach}"
    )
