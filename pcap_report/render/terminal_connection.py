"""What there is to know of one connection, in a few lines above its ladder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from rich.table import Table
from rich.text import Text

from pcap_report.model.message import Message, msg
from pcap_report.render.flag_labels import FLAGS
from pcap_report.render.safe import terminal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from pcap_report.model.connection import Connection
    from pcap_report.model.tls import TlsHandshake
    from pcap_report.render.phrases import Phrases

_HANDSHAKES: Final = {
    "complete": msg("handshake complete"),
    "refused": msg("refused"),
    "unanswered": msg("never answered"),
    "incomplete": msg("handshake incomplete"),
    "not_captured": msg("handshake not captured"),
}
_TLS_OUTCOMES: Final = {
    "complete": msg("handshake complete"),
    "failed": msg("handshake failed"),
    "incomplete": msg("handshake incomplete"),
}
_TEARDOWNS: Final = {
    "orderly": msg("closed in order"),
    "reset": msg("reset"),
    "reset_after_fin": msg("reset after FIN"),
    "half_closed": msg("closed on one side only"),
    "open": msg("still open at the end of the capture"),
}
_INITIATORS: Final = {
    "client": msg("the client first"),
    "server": msg("the server first"),
    "both": msg("both at once"),
}


def facts(connection: Connection, phrases: Phrases) -> RenderableType:
    """Draw the facts of a connection under its number."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column(overflow="fold")
    number = Text(phrases.say(msg("Connection %(number)s", number=connection.id)), "bold underline")
    name = connection.server.names[0] if connection.server.names else ""
    grid.add_row(number, Text(terminal_text(name, 80), "green"))
    for word, values in _rows(connection, phrases):
        known = [value for value in values if value]
        if known:
            grid.add_row(Text(phrases.say(word)), Text(" · ".join(known)))
    return grid


def _rows(connection: Connection, phrases: Phrases) -> Iterator[tuple[Message, list[str]]]:
    handshake, tls, teardown = connection.tcp_handshake, connection.tls_handshake, connection.teardown
    if handshake:
        rtt = handshake.rtt_ms
        time = phrases.say(msg("round trip %(rtt_ms)s", rtt_ms=rtt)) if rtt is not None else ""
        yield msg("TCP"), [phrases.say(_HANDSHAKES[handshake.outcome]), time]
    if tls:
        yield msg("TLS"), _tls(tls, phrases)
    if connection.app_data:
        yield msg("Data"), _data(connection, phrases)
    trouble = list(_phenomena(connection, phrases))
    if trouble:
        yield msg("On the way"), trouble
    if teardown and not (handshake and handshake.outcome == "unanswered"):
        first = phrases.say(_INITIATORS[teardown.initiator]) if teardown.initiator else ""
        yield msg("End"), [phrases.say(_TEARDOWNS[teardown.outcome]), first]
    yield msg("Zeek"), [terminal_text(connection.conn_state), terminal_text(connection.history, 60)]
    yield msg("Filter"), [terminal_text(connection.display_filter)]


def _tls(tls: TlsHandshake, phrases: Phrases) -> list[str]:
    alpn = tls.alpn and f"ALPN {terminal_text(tls.alpn, 40)}"
    outcome = "" if tls.outcome == "complete" else phrases.say(_TLS_OUTCOMES[tls.outcome])
    return [terminal_text(one) for one in (tls.version, tls.cipher_suite) if one] + [alpn or "", outcome]


def _data(connection: Connection, phrases: Phrases) -> list[str]:
    data = connection.app_data
    assert data is not None  # the caller looked
    sent = phrases.quantities.bytes(data.client_bytes)
    received = phrases.quantities.bytes(data.server_bytes)
    waits = [one.latency_ms for one in data.exchanges if one.latency_ms is not None]
    slowest = phrases.say(msg("slowest answer %(wait_ms)s", wait_ms=max(waits))) if waits else ""
    return [f"▶ {sent}", f"◀ {received}", slowest]


def _phenomena(connection: Connection, phrases: Phrases) -> Iterator[str]:
    if connection.tcp_phenomena is None:
        return
    for field in msgspec.structs.fields(connection.tcp_phenomena):
        flagged = getattr(connection.tcp_phenomena, field.name)
        if flagged.count:
            yield f"{phrases.say(FLAGS[field.name].name)} ×{flagged.count}"
