"""Words for what was opened, what bodies hold, and how sure an inferred match is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.model.around import HttpExchange
    from pcap_report.model.connection import Connection

OPENED: Final = {
    "decrypted": msg("opened"),
    "partly": msg("opened in part"),
    "not_decrypted": msg("stays closed"),
}
BODIES: Final = {
    "json": msg("JSON"),
    "event_stream": msg("a stream of events"),
    "form": msg("a form"),
    "text": msg("text"),
    "binary": msg("binary"),
    "compressed": msg("compressed"),
}
UNMATCHED: Final = {
    "no_burst": msg("no burst has its direction, time and size."),
    "ambiguous": msg("several bursts fit equally well, so none is named."),
    "outside": msg("its time lies outside the capture."),
}
LONELY: Final = {
    "acknowledgement": msg("most likely the answer without a body to a notification."),
    "handshake": msg("most likely session tickets."),
    "unknown": msg("nothing in the log fits."),
}
CERTAINTIES: Final = {
    "high": msg("very likely"),
    "medium": msg("likely"),
    "low": msg("possible"),
}
REASONS: Final = {
    "order": msg("the order fits"),
    "direction": msg("the direction fits"),
    "time": msg("the time fits"),
    "size": msg("the size fits"),
    "alone": msg("no other burst comes near"),
    "answer": msg("it follows its request"),
    "rival": msg("another burst is nearly as good"),
    "late": msg("the times differ more than usual"),
    "loose_size": msg("the size leaves room"),
    "no_clock": msg("too few messages to know the clocks' offset"),
}
READ: Final = msg("● marks what was read inside the messages.")
INFERRED: Final = msg(
    "≈ marks what was inferred: a message of the application's log that fits this burst by order, direction,"
    " time and size. It is likely and not certain."
)


def legend(connection: Connection, exchanges: Iterable[HttpExchange]) -> list[Message]:
    """Explain the marks that a connection's arrows have."""
    basis = {connection.rpc.basis} if connection.rpc else set()
    read = any(one.decrypted and one.connection == connection.id for one in exchanges)
    read_mark = [READ] if read or "read" in basis else []
    return [*read_mark, *([INFERRED] if "inferred" in basis else [])]
