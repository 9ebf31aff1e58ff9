"""Throughput of both sides over time, with the bursts of application data behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg
from pcap_report.render.svg.canvas import num
from pcap_report.render.svg.legend import SQUARE, Entry
from pcap_report.render.svg.plot import Plot
from pcap_report.render.svg.points import Pixels, stairs
from pcap_report.render.svg.scales import byte_scale_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.app_data import Burst
    from pcap_report.model.connection import Connection
    from pcap_report.model.datagram_performance import DatagramPerformance
    from pcap_report.model.evidence import Side
    from pcap_report.model.tcp_performance import TcpPerformance
    from pcap_report.render.svg.sheet import Sheet

_INTERVALS: Final = 4
"""With data in fewer intervals there is no course to see."""
_LANE: Final = 5
_APART: Final = 1.0
"""Pixels between two bursts that are drawn as two."""


def throughput(connection: Connection, sheet: Sheet) -> str:
    """Draw bytes per second; an empty text for data in very few intervals."""
    performance = connection.tcp_performance or connection.datagram_performance
    if performance is None:
        return ""
    client, server = performance.client.throughput_over_time, performance.server.throughput_over_time
    times = [time for time, _ in (*client, *server)]
    if len(times) < _INTERVALS or max(times) - min(times) < _INTERVALS * performance.interval_s:
        return ""
    width = performance.interval_s
    fastest = max(value for _, value in (*client, *server)) / width
    plot = Plot(sheet, connection, byte_scale_up(fastest, sheet.quantities, 5))
    bursts = connection.app_data.bursts if connection.app_data else ()
    entries = _entries(performance, sheet, shaded=bool(bursts))
    plot.frame(entries, sheet.say(msg("Throughput (%(unit_term)s/s)", unit_term=plot.upright.unit)))
    _bursts(plot, bursts)
    _side(plot, server, width, "server")
    _side(plot, client, width, "client")
    description = "; ".join(entry.text for entry in entries)
    return plot.picture(msg("Throughput of connection %(id)s", id=connection.id), description)


def _side(plot: Plot, series: Sequence[tuple[float, int]], width: float, side: Side) -> None:
    line = "".join(stairs(run) for run in _runs(plot, series, width))
    if line:
        plot.canvas.path(line, f"{side} area")
        plot.canvas.path(line, f"{side} shaft")


def _runs(plot: Plot, series: Sequence[tuple[float, int]], width: float) -> Iterator[list[Pixels]]:
    """Yield the corners of each run of intervals with data; each begins and ends at zero."""
    run: list[Pixels] = []
    expected = 0.0
    for time, value in series:
        if run and time > expected + width / 2:
            yield [*run, (plot.x(expected), plot.bottom)]
            run = []
        run = run or [(plot.x(time), plot.bottom)]
        run.append((plot.x(time), plot.y(value / width)))
        expected = time + width
    if run:
        yield [*run, (plot.x(expected), plot.bottom)]


def _bursts(plot: Plot, bursts: Sequence[Burst]) -> None:
    """Shade the bursts: a lane for each side above the field, and a faint column through it."""
    sides: tuple[Side, ...] = ("client", "server")
    for place, side in enumerate(sides):
        own = [one for one in bursts if one.direction.startswith(side)]
        top = plot.top - (2 - place) * (_LANE + 1)
        columns, lane = [], []
        for left, right in _together(plot, own):
            columns.append(_box(left, plot.top, right, plot.bottom))
            lane.append(_box(left, top, right, top + _LANE))
        if own:
            plot.canvas.path("".join(columns), f"{side} lane")
            plot.canvas.path("".join(lane), f"{side} solid")


def _together(plot: Plot, bursts: Sequence[Burst]) -> list[tuple[float, float]]:
    spans: list[tuple[float, float]] = []
    for one in sorted(bursts, key=lambda burst: burst.start_s):
        left, right = plot.x(one.start_s), max(plot.x(one.end_s), plot.x(one.start_s) + 2)
        if spans and left - spans[-1][1] < _APART:
            spans[-1] = (spans[-1][0], max(right, spans[-1][1]))
        else:
            spans.append((left, right))
    return spans


def _box(left: float, top: float, right: float, bottom: float) -> str:
    return f"M{num(left)} {num(top)}H{num(right)}V{num(bottom)}H{num(left)}z"


def _entries(performance: TcpPerformance | DatagramPerformance, sheet: Sheet, *, shaded: bool) -> list[Entry]:
    interval = sheet.quantities.seconds(performance.interval_s)
    entries = [
        Entry(
            "client shaft", sheet.say(msg("Client, in intervals of %(interval)s", interval=interval)), SQUARE
        ),
        Entry(
            "server shaft", sheet.say(msg("Server, in intervals of %(interval)s", interval=interval)), SQUARE
        ),
    ]
    if shaded:
        entries.append(Entry("between lane", sheet.say(msg("Shaded: a burst of application data")), SQUARE))
    return entries
