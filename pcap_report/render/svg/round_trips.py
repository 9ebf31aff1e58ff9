"""Round-trip times over time, as both sides saw them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg
from pcap_report.render.svg.canvas import num
from pcap_report.render.svg.legend import BLOCK, DOT, LINE, Entry
from pcap_report.render.svg.plot import Plot
from pcap_report.render.svg.points import CLIENT_DOT, SERVER_DOT, dots
from pcap_report.render.svg.scales import time_scale_up

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from pcap_report.model.tcp_performance import RoundTrips
    from pcap_report.render.svg.sheet import Sheet

_SAMPLES: Final = 5
"""Fewer measurements are told in a sentence."""


def round_trips(connection: Connection, sheet: Sheet) -> str:
    """Draw how long acknowledgements took; an empty text for very few of them."""
    performance = connection.tcp_performance
    if performance is None:
        return ""
    client, server = performance.client_round_trips, performance.server_round_trips
    points = [point for one in (client, server) if one for point in one.over_time]
    if len(points) < _SAMPLES:
        return ""
    handshake = connection.tcp_handshake.rtt_ms if connection.tcp_handshake else None
    highest = max(*(value for _, value in points), handshake or 0)
    plot = Plot(sheet, connection, time_scale_up(highest / 1000, sheet.quantities, 5))
    entries = list(_entries(client, server, handshake, sheet))
    plot.frame(entries, sheet.say(msg("Round-trip time (%(unit_term)s)", unit_term=plot.upright.unit)))
    if handshake is not None:
        y = num(plot.y(handshake / 1000))
        plot.canvas.path(f"M{num(plot.left)} {y}H{num(plot.right)}", "ack shaft dash")
    _side(plot, client, "client solid", CLIENT_DOT)
    _side(plot, server, "server solid", SERVER_DOT)
    description = "; ".join(entry.text for entry in entries)
    return plot.picture(msg("Round-trip times of connection %(id)s", id=connection.id), description)


def _side(plot: Plot, trips: RoundTrips | None, classes: str, mark: str) -> None:
    if trips and trips.over_time:
        points = ((plot.x(time), plot.y(value / 1000)) for time, value in trips.over_time)
        plot.canvas.path(dots(points, mark), classes)


def _entries(
    client: RoundTrips | None, server: RoundTrips | None, handshake: float | None, sheet: Sheet
) -> list[Entry]:
    entries = []
    if client:
        words = msg("To the server and back: median %(median_ms)s", median_ms=client.median_ms)
        entries.append(Entry("client solid", sheet.say(words), DOT))
    if server:
        words = msg("To the client and back: median %(median_ms)s", median_ms=server.median_ms)
        entries.append(Entry("server solid", sheet.say(words), BLOCK))
    if handshake is not None:
        words = msg("TCP handshake: %(rtt_ms)s", rtt_ms=handshake)
        entries.append(Entry("ack shaft dash", sheet.say(words), LINE))
    return entries
