"""Which sequence diagrams a report shows, and how much of each.

A connection's diagram is made of its steps alone; the overview shows a line per connection, the NAT diagram
what a router does that no capture on the client's side can show.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from pcap_report.model.message import Message, msg, msg_n
from pcap_report.render.merged_steps import merged_steps
from pcap_report.render.mermaid import Arrow, Head, Item, Note, Participant, Shade, sequence_diagram
from pcap_report.render.phrases import Phrases
from pcap_report.render.safe import mermaid_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Phase, Step

ARROWS: Final = 50
"""Arrows in one diagram; of more, the first and the last are drawn."""
_FIRST: Final = 30
_LAST: Final = 18
_RANGES: Final = 6
_ALIAS: Final = 32
_TINTS: Final[dict[Phase, str]] = {
    "tcp_handshake": "0, 110, 220",
    "tls_handshake": "140, 80, 220",
    "app_data": "0, 150, 90",
    "teardown": "220, 110, 0",
}
_HEADS: Final[dict[str, Head]] = {
    "ack": "open",
    "retransmission": "open",
    "reset": "cross",
    "refused": "cross",
}


class Diagrams:
    """Draws in one language."""

    def __init__(self, language: str) -> None:
        self._phrases = Phrases(language, partial(mermaid_text), tabular=True)

    def whole(self, connection: Connection, steps: Sequence[Step]) -> str | None:
        """Draw a connection from its first step to its last, its phases tinted; None without arrows."""
        return self._draw(connection, steps, tinted=True)

    def phase(self, connection: Connection, steps: Sequence[Step], *phases: Phase) -> str | None:
        """Draw some phases of a connection."""
        return self._draw(connection, [step for step in steps if step.phase in phases])

    def _draw(self, connection: Connection, steps: Sequence[Step], *, tinted: bool = False) -> str | None:
        arrows = [step for step in steps if step.kind == "arrow"]
        if not arrows:
            return None
        items = list(self._items(steps if len(arrows) <= ARROWS else merged_steps(steps), tinted=tinted))
        return sequence_diagram(self._ends(connection), self._bounded(items))

    def _ends(self, connection: Connection) -> list[Participant]:
        client, server = connection.client, connection.server
        return [
            Participant("p1", (self._say(msg("Client")), _address(client.ip, client.port))),
            Participant("p2", (self._say(msg("Server")), _address(server.ip, server.port))),
        ]

    def _items(self, steps: Iterable[Step], *, tinted: bool) -> Iterator[Item]:
        order: list[Phase] = list(_TINTS)
        at = -1
        for step in steps:
            if tinted and order.index(step.phase) > at:
                at = order.index(step.phase)
                yield Shade(_TINTS[step.phase])
            if step.kind == "note":
                yield Note(("p1", "p2"), tuple(self._say(one) for one in step.label))
            else:
                yield self._arrow(step)

    def _arrow(self, step: Step) -> Arrow:
        back = step.direction == "server_to_client"
        first, *rest = [self._say(one) for one in step.label] or [""]
        label = (f"[{self._phrases.frames(step.frames, _RANGES)}] {first}", *rest)
        source, target = ("p2", "p1") if back else ("p1", "p2")
        return Arrow(source, target, label, _HEADS.get(step.style, "normal"), back)

    def _bounded(self, items: list[Item]) -> Iterator[Item]:
        """Keep a diagram readable: of too many lines, the first and the last."""
        if len(items) <= _FIRST + _LAST + 2 * len(_TINTS):
            yield from items
            return
        yield from items[:_FIRST]
        omitted = sum(isinstance(one, Arrow) for one in items[_FIRST:-_LAST])
        note = msg_n("%(count)s arrow left out", "%(count)s arrows left out", omitted)
        yield Note(("p1", "p2"), (self._say(note),))
        yield from items[-_LAST:]

    def nat(self, connection: Connection) -> str:
        """Draw what happens to a packet of a private client on its way to a public server."""
        client, server = connection.client, connection.server
        router = [self._say(msg("Router (NAT)"))]
        if server.mac and server.mac_is_next_hop:
            router.append(mermaid_text(server.mac, _ALIAS))
        name = [mermaid_text(server.names[0], _ALIAS)] if server.names else []
        public = self._say(msg("public address, not in this capture"))
        ends = [
            Participant("p1", (self._say(msg("Client")), mermaid_text(client.ip, _ALIAS))),
            Participant("p2", tuple(router)),
            Participant("p3", (self._say(msg("Server")), *name, mermaid_text(server.ip, _ALIAS))),
        ]
        here, there = _address(client.ip, client.port), _address(server.ip, server.port)
        return sequence_diagram(
            ends,
            [
                Arrow("p1", "p2", (self._from(here), self._to(there))),
                Arrow("p2", "p3", (self._from(public), self._to(there))),
                Arrow("p3", "p2", (self._from(there), self._to(public)), back=True),
                Arrow("p2", "p1", (self._from(there), self._to(here)), back=True),
            ],
        )

    def _from(self, end: str) -> str:
        return self._phrases.word("from %(end)s") % {"end": end}

    def _to(self, end: str) -> str:
        return self._phrases.word("to %(end)s") % {"end": end}

    def _say(self, message: Message) -> str:
        return self._phrases.say(message)


FROM_TO: Final = (msg("from %(end)s"), msg("to %(end)s"))
"""For the catalogs: the ends are put in by `Diagrams`."""


def _address(ip: str, port: int) -> str:
    shown = mermaid_text(ip, 2 * _ALIAS)
    return f"[{shown}]:{port}" if ":" in shown else f"{shown}:{port}"
