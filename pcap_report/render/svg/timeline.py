"""All connections over the time of the capture, with their phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg, msg_n
from pcap_report.render.conversation import PHASES, address
from pcap_report.render.svg.canvas import num
from pcap_report.render.svg.ladder import TINTS
from pcap_report.render.svg.legend import CROSS, SQUARE, Entry
from pcap_report.render.svg.rows import BAR, Rows
from pcap_report.render.svg.scales import time_scale
from pcap_report.render.svg.spans import spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Phase
    from pcap_report.model.report import Report
    from pcap_report.render.svg.sheet import Sheet
    from pcap_report.render.svg.spans import Span

ROWS: Final = 30
"""Connections that are drawn; the rest is counted."""
_BROKEN: Final = frozenset(("reset", "reset_after_fin"))
_SEEN: Final = 0.5
"""Pixels below which a phase is not drawn beside longer ones."""
_MARK: Final = 16
"""Pixels behind a bar for the cross of a reset."""


def timeline(report: Report, sheet: Sheet) -> str:
    """Draw the connections of a capture; an empty text for fewer than two."""
    if len(report.connections) < 2:
        return ""
    shown = _shown(report)
    names = [_name(one) for one in shown]
    divided = [spans(one) for one in shown]
    rows = Rows(sheet, names, _entries(shown, divided, sheet))
    start = min(one.start_s for one in shown)
    room = rows.right - _MARK - rows.left
    scale = time_scale(min(start, 0), max(one.end_s for one in shown), sheet.quantities, room)
    drawn = [(one, name, rows.name(name)) for one, name in zip(shown, names, strict=True)]
    rows.grid(
        [(scale.at(value, rows.left, rows.left + room), label) for value, label in scale.ticks],
        sheet.say(msg("Time since the capture began (%(unit_term)s)", unit_term=scale.unit)),
    )
    for (one, name, top), parts in zip(drawn, divided, strict=True):
        longest = max(parts, key=lambda part: part.end_s - part.start_s)
        for part in parts:
            left, right = (scale.at(time, rows.left, rows.left + room) for time in part[1:])
            if part is longest or right - left >= _SEEN:
                rows.bar((left, right, top), _tint(part.phase), f"{name}: {_told(part, sheet)}")
        if _is_broken(one):
            x = scale.at(one.end_s, rows.left, rows.left + room)
            cross = f"M{num(x + 5)} {num(top + BAR / 2 - 4)}l8 8m0-8l-8 8"
            rows.canvas.path(cross, "reset hollow")
    _count_rest(rows, len(report.connections) - len(shown))
    return rows.picture(sheet.say(msg("Connections over time")), _description(report, sheet))


def _shown(report: Report) -> list[Connection]:
    """Choose the most telling ones and those with most bytes, in order of their beginning."""
    first = {place: rank for rank, place in enumerate(report.told)}
    places = range(len(report.connections))
    ranked = sorted(places, key=lambda at: (first.get(at, len(first)), -report.connections[at].bytes, at))
    chosen = [report.connections[at] for at in ranked[:ROWS]]
    return sorted(chosen, key=lambda one: (one.start_s, one.id))


def _name(connection: Connection) -> str:
    server = connection.server
    end = address(server.names[0] if server.names else server.ip, server.port)
    return f"{connection.id}: {connection.client.port} → {end}"


def _told(part: Span, sheet: Sheet) -> str:
    length = sheet.quantities.seconds(part.end_s - part.start_s)
    return f"{sheet.say(PHASES[part.phase])}, {length}" if part.phase else length


def _tint(phase: Phase | None) -> str:
    return TINTS[phase] if phase else "plain"


def _is_broken(connection: Connection) -> bool:
    handshake, teardown = connection.tcp_handshake, connection.teardown
    refused = handshake is not None and handshake.outcome == "refused"
    return refused or (teardown is not None and teardown.outcome in _BROKEN)


def _entries(shown: Sequence[Connection], divided: Sequence[Sequence[Span]], sheet: Sheet) -> list[Entry]:
    present = {part.phase for parts in divided for part in parts}
    entries = [
        Entry(f"bar {tint}", sheet.say(PHASES[phase]), SQUARE)
        for phase, tint in TINTS.items()
        if phase in present
    ]
    if None in present:
        entries.append(Entry("bar plain", sheet.say(msg("Other packets")), SQUARE))
    if any(map(_is_broken, shown)):
        entries.append(Entry("reset hollow", sheet.say(msg("Reset")), CROSS))
    return entries


def _count_rest(rows: Rows, omitted: int) -> None:
    if omitted:
        words = msg_n("and %(count)s more connection", "and %(count)s more connections", omitted)
        rows.remark(rows.sheet.say(words))


def _description(report: Report, sheet: Sheet) -> str:
    count = len(report.connections)
    return sheet.say(
        msg_n("%(count)s connection, one row each", "%(count)s connections, one row each", count)
    )
