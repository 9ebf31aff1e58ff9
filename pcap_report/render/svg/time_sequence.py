"""The time–sequence graph: how far each side has come, and what it sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg, msg_n
from pcap_report.render.svg.legend import BLOCK, CROSS, DOT, Entry
from pcap_report.render.svg.plot import Plot
from pcap_report.render.svg.points import AGAIN, CLIENT_DOT, SERVER_DOT, dots, stairs
from pcap_report.render.svg.scales import byte_scale_up

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from pcap_report.model.tcp_performance import Direction
    from pcap_report.render.svg.sheet import Sheet

_POINTS: Final = 8
"""Fewer segments tell nothing that a sentence does not."""
_DOTS: Final = 150
"""Segments of one side that are marked one by one; of more, only the line is drawn."""


def time_sequence(connection: Connection, sheet: Sheet) -> str:
    """Draw the sequence numbers of both sides over time; an empty text for very few segments."""
    performance = connection.tcp_performance
    if performance is None or len(performance.client.sequence) + len(performance.server.sequence) < _POINTS:
        return ""
    both = (performance.client, performance.server)
    highest = max(value for one in both for _, value in (*one.sequence, *one.retransmissions))
    plot = Plot(sheet, connection, byte_scale_up(highest, sheet.quantities, 5))
    entries = _entries(both, sheet)
    plot.frame(entries, sheet.say(msg("Sequence number (%(unit_term)s)", unit_term=plot.upright.unit)))
    _side(plot, performance.client, "client", CLIENT_DOT)
    _side(plot, performance.server, "server", SERVER_DOT)
    for one in both:
        again = [(plot.x(time), plot.y(value)) for time, value in one.retransmissions]
        if again:
            plot.canvas.path(dots(again, AGAIN), "again hollow")
    description = "; ".join(entry.text for entry in entries)
    return plot.picture(msg("Time–sequence graph of connection %(id)s", id=connection.id), description)


def _side(plot: Plot, direction: Direction, role: str, mark: str) -> None:
    points = [(plot.x(time), plot.y(value)) for time, value in direction.sequence]
    if not points:
        return
    plot.canvas.path(stairs(points), f"{role} shaft")
    if len(points) <= _DOTS:
        plot.canvas.path(dots(points, mark), f"{role} solid")


def _entries(both: tuple[Direction, Direction], sheet: Sheet) -> list[Entry]:
    client, server = both
    entries = [
        Entry("client solid", sheet.say(msg("Client: %(sent_bytes)s sent", sent_bytes=client.bytes)), DOT),
        Entry("server solid", sheet.say(msg("Server: %(sent_bytes)s sent", sent_bytes=server.bytes)), BLOCK),
    ]
    again = client.retransmitted + server.retransmitted
    if again:
        words = msg_n("%(count)s segment sent again", "%(count)s segments sent again", again)
        entries.append(Entry("again hollow", sheet.say(words), CROSS))
    return entries
