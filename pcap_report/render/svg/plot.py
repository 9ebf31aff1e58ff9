"""The frame of a chart over time: legend, axes, grid, and where a point lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg
from pcap_report.render.svg.canvas import Canvas, num
from pcap_report.render.svg.legend import legend
from pcap_report.render.svg.measure import fitted
from pcap_report.render.svg.scales import time_scale
from pcap_report.render.svg.style import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.connection import Connection
    from pcap_report.model.message import Message
    from pcap_report.render.svg.legend import Entry
    from pcap_report.render.svg.scales import Scale
    from pcap_report.render.svg.sheet import Sheet

_EDGE: Final = 8
_RIGHT: Final = 14
_BELOW: Final = 42
_LABELS: Final = 32
"""Pixels for the numbers on an upright axis, so that charts below each other line up."""
_HEIGHT: Final = 210
_NARROW_HEIGHT: Final = 170


class Plot:
    """A chart with the time of a connection on its level axis, the same in all charts of it.

    Attributes:
        canvas: what is drawn, in the order of drawing.
        left: of the field; right, top, bottom: likewise.
        time: the level axis; upright: the other one.
    """

    def __init__(self, sheet: Sheet, connection: Connection, upright: Scale) -> None:
        self.sheet = sheet
        self.canvas = Canvas()
        self.upright = upright
        self.left = _EDGE + 8 + max(_LABELS, *(SMALL.width(label) for _, label in upright.ticks))
        self.right = sheet.width - _RIGHT
        self.time = _whole(connection, sheet, self.right - self.left)
        self.top = self.bottom = 0.0

    def frame(self, entries: Sequence[Entry], upright_name: str) -> None:
        """Draw legend, axes and grid; the names of the axes are followed by their units."""
        below = legend(self.canvas, entries, _EDGE, self.right)
        name = fitted(upright_name, SMALL, self.right - _EDGE)
        self.canvas.text(_EDGE, below + 14, name, "s")
        self.top = below + 30
        self.bottom = self.top + (_NARROW_HEIGHT if self.sheet.narrow else _HEIGHT)
        self._upright_axis()
        self._time_axis()

    def x(self, time_s: float) -> float:
        """Return where a time lies."""
        return self.time.at(time_s, self.left, self.right)

    def y(self, value: float) -> float:
        """Return where a value lies."""
        return self.upright.at(value, self.bottom, self.top)

    def picture(self, title: Message, description: str) -> str:
        """Return the whole picture."""
        return self.canvas.picture(self.sheet, self.bottom + _BELOW, self.sheet.say(title), description)

    def _upright_axis(self) -> None:
        places = [num(self.y(value)) for value, _ in self.upright.ticks]
        self.canvas.path("".join(f"M{num(self.left)} {y}H{num(self.right)}" for y in places), "grid")
        for value, label in self.upright.ticks:
            self.canvas.text(self.left - 6, self.y(value) + 4, fitted(label, SMALL, self.left), "s e")

    def _time_axis(self) -> None:
        ticks = "".join(f"M{num(self.x(value))} {num(self.bottom)}v5" for value, _ in self.time.ticks)
        self.canvas.path(f"M{num(self.left)} {num(self.bottom)}H{num(self.right)}{ticks}", "axis")
        for value, label in self.time.ticks:
            half = SMALL.width(label) / 2
            x = min(self.x(value), self.sheet.width - half - 2)
            self.canvas.text(x, self.bottom + 18, fitted(label, SMALL, self.right), "s m")
        words = self.sheet.say(msg("Time since the capture began (%(unit_term)s)", unit_term=self.time.unit))
        name = fitted(words, SMALL, self.right - self.left)
        self.canvas.text(self.right, self.bottom + 35, name, "s e")


def _whole(connection: Connection, sheet: Sheet, room: float) -> Scale:
    """Reach from the first to the last measurement of any kind: an idle end would press the rest together."""
    times = list(_times(connection)) or [connection.start_s, connection.end_s]
    return time_scale(min(times), max(times), sheet.quantities, room)


def _times(connection: Connection) -> Iterator[float]:
    datagrams, performance = connection.datagram_performance, connection.tcp_performance
    if datagrams:
        for one in (datagrams.client, datagrams.server):
            yield from (time for time, _ in one.throughput_over_time)
            yield from (time + datagrams.interval_s for time, _ in one.throughput_over_time[-1:])
    if performance is None:
        return
    for side in (performance.client, performance.server):
        yield from (time for time, _ in (*side.sequence, *side.retransmissions))
        yield from (time + performance.interval_s for time, _ in side.throughput_over_time[-1:])
    for trips in (performance.client_round_trips, performance.server_round_trips):
        if trips:
            yield from (time for time, _ in trips.over_time)
