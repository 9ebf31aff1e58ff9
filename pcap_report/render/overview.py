"""The overview diagram of a capture with several connections: a line for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg, msg_n
from pcap_report.render.conversation import address
from pcap_report.render.outcomes import ENDINGS
from pcap_report.render.ranges import frame_ranges
from pcap_report.render.sequence import Arrow, Item, Lifeline, Note, Omission, SequenceDiagram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.connection import Connection, ConnectionGroup
    from pcap_report.model.evidence import StepStyle
    from pcap_report.render.phrases import Phrases
    from pcap_report.render.sequence import Role

LINES: Final = 40
_ENDS: Final = 8
_CROSSED: Final = frozenset(("refused", "unanswered"))


def overview_diagram(
    connections: Sequence[Connection], groups: Sequence[ConnectionGroup], phrases: Phrases, least: int = 2
) -> SequenceDiagram | None:
    """Tell every connection in a line, in order of beginning; None for less than two, or than `least`."""
    if len(connections) < least:
        return None
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
            items.append(Note((_group_text(group, phrases),), pair))
        items.append(_arrow(connection, pair, phrases))
    if left_out and ends.lifelines:
        text = msg_n("%(count)s more connection", "%(count)s more connections", left_out)
        items.append(Omission(phrases.say(text)))
    title = phrases.say(msg("The connections of the capture"))
    count = msg_n("%(count)s connection", "%(count)s connections", len(connections))
    return SequenceDiagram(title, phrases.say(count), tuple(ends.lifelines), tuple(items))


def how_many_fit(connections: Sequence[Connection]) -> int:
    """Return how many connections, from the first on, one overview tells without leaving any out."""
    ends: set[tuple[str, int | None]] = set()
    for count, one in enumerate(connections[: LINES // 2]):  # a line may have a note above it
        ends |= {(one.client.ip, None), (one.server.ip, one.server.port)}
        if len(ends) > _ENDS:
            return count
    return min(len(connections), LINES // 2)


class _Ends:
    """The lifelines: a client by its address, a server by address and port."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._places: dict[tuple[str, int | None], int] = {}
        self.lifelines: list[Lifeline] = []

    def of(self, connection: Connection) -> tuple[int, int] | None:
        """Return the places of a connection's ends; None where there is no room for another lifeline."""
        client, server = (connection.client.ip, None), (connection.server.ip, connection.server.port)
        new = sum(end not in self._places for end in (client, server))
        if len(self.lifelines) + new > _ENDS:
            return None
        name = connection.server.names[0] if connection.server.names else None
        return self._place(client, "client", None), self._place(server, "server", name)

    def _place(self, end: tuple[str, int | None], role: Role, name: str | None) -> int:
        if end not in self._places:
            self._places[end] = len(self._places)
            ip, port = end
            first = name or self._phrases.say(msg("Server") if port is not None else msg("Client"))
            self.lifelines.append(Lifeline(role, (first, ip if port is None else address(ip, port))))
        return self._places[end]


def _group_text(group: ConnectionGroup, phrases: Phrases) -> str:
    text = msg_n(
        "%(count)s connection from ports %(ports)s",
        "%(count)s connections from ports %(ports)s",
        len(group.connections),
        ports=frame_ranges(group.client_ports),
    )
    return phrases.say(text)


def _arrow(connection: Connection, ends: tuple[int, int], phrases: Phrases) -> Arrow:
    span = (connection.first_frame, connection.last_frame)
    shown = "–".join(map(str, dict.fromkeys(span)))
    port = phrases.say(msg("port %(port)s", port=connection.client.port))
    lines = (port, " · ".join(_outline(connection, phrases)))
    style: StepStyle = "refused" if _is_crossed(connection) else "normal"
    return Arrow(*ends, span, shown, lines, style, connection.start_s)


def _outline(connection: Connection, phrases: Phrases) -> list[str]:
    """Say in a few words what the connection was."""
    parts: list[str] = []
    handshake, tls, teardown = connection.tcp_handshake, connection.tls_handshake, connection.teardown
    if handshake and _is_crossed(connection):
        parts.append(phrases.word(handshake.outcome))
    elif tls:
        parts.append(tls.version or "TLS")
    count = msg_n("%(count)s packet", "%(count)s packets", connection.packets)
    parts.append(phrases.say(count))
    parts.append(phrases.quantities.bytes(connection.bytes))
    if teardown and teardown.outcome != "open" and not _is_crossed(connection):
        parts.append(phrases.word(ENDINGS[teardown.outcome].text))
    return parts


def _is_crossed(connection: Connection) -> bool:
    handshake = connection.tcp_handshake
    return handshake is not None and handshake.outcome in _CROSSED
