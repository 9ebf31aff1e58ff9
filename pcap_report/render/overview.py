"""The overview diagram of a capture with several connections: a line for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg, msg_n
from pcap_report.render.mermaid import Arrow, Head, Item, Note, Participant, sequence_diagram
from pcap_report.render.phrases import Phrases
from pcap_report.render.ranges import frame_ranges
from pcap_report.render.safe import mermaid_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.connection import Connection, ConnectionGroup

LINES: Final = 40
_ENDS: Final = 8
_ALIAS: Final = 32
_CROSSED: Final = frozenset(("refused", "unanswered"))


def overview_diagram(
    connections: Sequence[Connection], groups: Sequence[ConnectionGroup], language: str
) -> str | None:
    """Draw a line per connection, in order of beginning; None for less than two."""
    if len(connections) < 2:
        return None
    phrases = Phrases(language, mermaid_text, tabular=True)
    ends = _Ends(phrases)
    items: list[Item] = []
    left_out = 0
    noted: set[int] = set()
    by_first = {group.connections[0]: group for group in groups if group.consecutive_ports}
    for connection in sorted(connections, key=lambda one: one.first_frame):
        pair = ends.of(connection) if len(items) < LINES else None
        if pair is None:
            left_out += 1
            continue
        group = by_first.get(connection.id)
        if group and connection.id not in noted:
            noted.update(group.connections)
            items.append(Note(pair, (_group_text(group, phrases),)))
        items.append(Arrow(*pair, _label(connection, phrases), _head(connection)))
    if left_out and ends.participants:
        text = msg_n("%(count)s more connection", "%(count)s more connections", left_out)
        items.append(Note((ends.participants[0].id,), (phrases.say(text),)))
    return sequence_diagram(ends.participants, items)


class _Ends:
    """The lifelines: a client by its address, a server by address and port."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._ids: dict[tuple[str, int | None], str] = {}
        self.participants: list[Participant] = []

    def of(self, connection: Connection) -> tuple[str, str] | None:
        """Return the two ids of a connection; None where there is no room for another lifeline."""
        client, server = (connection.client.ip, None), (connection.server.ip, connection.server.port)
        new = sum(end not in self._ids for end in (client, server))
        if len(self.participants) + new > _ENDS:
            return None
        name = connection.server.names[0] if connection.server.names else None
        return self._id(client, msg("Client").text, None), self._id(server, msg("Server").text, name)

    def _id(self, end: tuple[str, int | None], role: str, name: str | None) -> str:
        if end not in self._ids:
            self._ids[end] = f"p{len(self._ids) + 1}"
            first = mermaid_text(name, _ALIAS) if name else self._phrases.word(role)
            address = mermaid_text(end[0], 2 * _ALIAS)
            self.participants.append(Participant(self._ids[end], (first, _with_port(address, end[1]))))
        return self._ids[end]


def _with_port(address: str, port: int | None) -> str:
    if port is None:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _group_text(group: ConnectionGroup, phrases: Phrases) -> str:
    text = msg_n(
        "%(count)s connection from ports %(ports)s",
        "%(count)s connections from ports %(ports)s",
        len(group.connections),
        ports=frame_ranges(group.client_ports),
    )
    return phrases.say(text)


def _label(connection: Connection, phrases: Phrases) -> tuple[str, ...]:
    frames = (
        f"{connection.first_frame}–{connection.last_frame}"
        if connection.last_frame > connection.first_frame
        else str(connection.first_frame)
    )
    first = phrases.say(msg("[%(span)s] port %(port)s", span=frames, port=connection.client.port))
    return first, " · ".join(_outline(connection, phrases))


def _outline(connection: Connection, phrases: Phrases) -> list[str]:
    """Say in a few words what the connection was."""
    parts: list[str] = []
    handshake, tls, teardown = connection.tcp_handshake, connection.tls_handshake, connection.teardown
    if handshake and handshake.outcome in _CROSSED:
        parts.append(phrases.word(handshake.outcome))
    elif tls:
        parts.append(mermaid_text(tls.version or "TLS"))
    count = msg_n("%(count)s packet", "%(count)s packets", connection.packets)
    parts.append(phrases.say(count))
    parts.append(phrases.quantities.bytes(connection.bytes))
    if teardown and teardown.outcome != "open" and not (handshake and handshake.outcome in _CROSSED):
        parts.append(phrases.word(ENDINGS[teardown.outcome].text))
    return parts


def _head(connection: Connection) -> Head:
    handshake = connection.tcp_handshake
    return "cross" if handshake and handshake.outcome in _CROSSED else "normal"


OUTCOMES: Final = (msg("refused"), msg("unanswered"))
ENDINGS: Final = {
    "orderly": msg("orderly close"),
    "reset": msg("reset"),
    "reset_after_fin": msg("FIN, then RST"),
    "half_closed": msg("half closed"),
    "open": msg("still open"),
}
"""How a connection ended, in a few words."""
