"""Connections as sequence diagrams, and how much of one is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import Message, msg, msg_n
from pcap_report.render.merged_steps import merged_steps
from pcap_report.render.sequence import (
    Arrow,
    Band,
    Item,
    Lifeline,
    Note,
    Omission,
    SequenceDiagram,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Phase, Step
    from pcap_report.render.phrases import Phrases

ARROWS: Final = 50
"""Arrows in one diagram; of more, the first and the last are drawn."""
_FIRST: Final = 30
_LAST: Final = 18
_RANGES: Final = 6
PHASES: Final[dict[Phase, Message]] = {
    "tcp_handshake": msg("TCP handshake"),
    "tls_handshake": msg("TLS handshake"),
    "app_data": msg("Application data"),
    "teardown": msg("Teardown"),
}


class Conversation:
    """Makes the diagrams of one connection.

    Attributes:
        connection: what is drawn.
        phrases: say what is written; they leave strangers' texts as they are.
    """

    def __init__(self, connection: Connection, phrases: Phrases) -> None:
        self.connection = connection
        self.phrases = phrases

    def whole(self, steps: Sequence[Step]) -> SequenceDiagram | None:
        """Tell all of the connection, with its phases; None without arrows."""
        return self._diagram(steps, banded=True)

    def phase(self, steps: Iterable[Step], *phases: Phase) -> SequenceDiagram | None:
        """Tell some phases of the connection; None where there is no arrow in them."""
        return self._diagram([step for step in steps if step.phase in phases], banded=False)

    def _diagram(self, steps: Sequence[Step], *, banded: bool) -> SequenceDiagram | None:
        arrows = sum(step.kind == "arrow" for step in steps)
        if not arrows:
            return None
        items = list(self._items(steps if arrows <= ARROWS else merged_steps(steps), banded=banded))
        client, server = self._ends()
        title = msg("Sequence diagram of connection %(id)s", id=self.connection.id)
        description = msg_n(
            "%(count)s arrow between the client %(client)s and the server %(server)s",
            "%(count)s arrows between the client %(client)s and the server %(server)s",
            arrows,
            client=client.lines[-1],
            server=server.lines[-1],
        )
        return SequenceDiagram(
            self._say(title), self._say(description), (client, server), tuple(self._bounded(items))
        )

    def _ends(self) -> tuple[Lifeline, Lifeline]:
        client, server = self.connection.client, self.connection.server
        return (
            Lifeline("client", (self._say(msg("Client")), address(client.ip, client.port))),
            Lifeline(
                "server",
                (self._say(msg("Server")), *server.names[:1], address(server.ip, server.port)),
            ),
        )

    def _items(self, steps: Iterable[Step], *, banded: bool) -> Iterator[Item]:
        order = list(PHASES)
        at = -1
        for step in steps:
            if banded and order.index(step.phase) > at:
                at = order.index(step.phase)
                yield Band(step.phase, self._say(PHASES[step.phase]))
            lines = tuple(self._say(message) for message in step.label)
            if step.kind == "note":
                yield Note(lines)
            else:
                yield self._arrow(step, lines)

    def _arrow(self, step: Step, lines: tuple[str, ...]) -> Arrow:
        ends = (1, 0) if step.direction == "server_to_client" else (0, 1)
        shown = self.phrases.frames(step.frames, _RANGES)
        return Arrow(*ends, step.frames, shown, lines, step.style, step.time_s)

    def _bounded(self, items: list[Item]) -> Iterator[Item]:
        """Keep a diagram readable: of too many lines, the first and the last."""
        if len(items) <= _FIRST + _LAST + 2 * len(PHASES):
            yield from items
            return
        left_out = items[_FIRST:-_LAST]
        yield from items[:_FIRST]
        omitted = sum(isinstance(one, Arrow) for one in left_out)
        yield Omission(self._say(msg_n("%(count)s arrow left out", "%(count)s arrows left out", omitted)))
        yield from [one for one in left_out if isinstance(one, Band)][-1:]
        yield from items[-_LAST:]

    def _say(self, message: Message) -> str:
        return self.phrases.say(message)


def nat_diagram(connection: Connection, phrases: Phrases) -> SequenceDiagram:
    """Show what happens to a packet of a private client on its way to a public server, and back."""
    say = phrases.say
    client, server = connection.client, connection.server
    hop = (server.mac,) if server.mac and server.mac_is_next_hop else ()
    public = say(msg("public address, not in this capture"))
    here, there = address(client.ip, client.port), address(server.ip, server.port)
    ways = ((0, 1, here, there), (1, 2, public, there), (2, 1, there, public), (1, 0, there, here))
    return SequenceDiagram(
        say(msg("Address translation of connection %(id)s", id=connection.id)),
        say(msg("The router puts its public address in the place of %(address)s", address=client.ip)),
        (
            Lifeline("client", (say(msg("Client")), client.ip)),
            Lifeline("between", (say(msg("Router (NAT)")), *hop)),
            Lifeline("server", (say(msg("Server")), *server.names[:1], server.ip)),
        ),
        tuple(
            Arrow(
                source, target, (), "", (say(msg("from %(end)s", end=sender)), say(msg("to %(end)s", end=to)))
            )
            for source, target, sender, to in ways
        ),
    )


def address(ip: str, port: int) -> str:
    """Write an address with its port, an IPv6 one in brackets (RFC 5952, 6)."""
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
