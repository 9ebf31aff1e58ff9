"""Points and steps in a chart: one path each, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.render.svg.canvas import num

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Pixels = tuple[float, float]

CLIENT_DOT: Final = "m-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0"
SERVER_DOT: Final = "m-2.2-2.2h4.4v4.4h-4.4z"
AGAIN: Final = "m-4-4l8 8m0-8l-8 8"


def dots(points: Iterable[Pixels], mark: str) -> str:
    """Write a mark at each point; points that would lie on one another are drawn once."""
    seen = dict.fromkeys((num(x), num(y)) for x, y in points)
    return "".join(f"M{x} {y}{mark}" for x, y in seen)


def stairs(points: Sequence[Pixels]) -> str:
    """Write a line that stays level up to the next point: between two packets nothing happens."""
    if not points:
        return ""
    (x, y), *rest = points
    data = [f"M{num(x)} {num(y)}"]
    before = (num(x), num(y))
    for one in rest:
        now = (num(one[0]), num(one[1]))
        level = f"H{now[0]}" if now[0] != before[0] else ""
        data.append(level + (f"V{now[1]}" if now[1] != before[1] else ""))
        before = now
    return "".join(data)
