"""The phases of a connection as spans of time, out of what its analyzers found."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Phase


class Span(NamedTuple):
    """A phase, or ``None`` for time of which nothing is known but that packets came; in seconds."""

    phase: Phase | None
    start_s: float
    end_s: float


def spans(connection: Connection) -> list[Span]:
    """Divide a connection's time from its first to its last packet; spans follow on one another."""
    marks = [*_marks(connection), (None, connection.end_s)]
    found: list[Span] = []
    for (phase, begins), (_, ends) in pairwise(marks):
        start = min(max(begins, found[-1].end_s if found else connection.start_s), connection.end_s)
        found.append(Span(phase, start, min(max(ends, start), connection.end_s)))
    return found


def _marks(connection: Connection) -> Iterator[tuple[Phase | None, float]]:
    """Yield the phases that there are with their beginnings, in order."""
    handshake, data = connection.tcp_handshake, connection.app_data
    opened = connection.start_s
    if handshake and (handshake.syn or handshake.syn_ack):
        yield "tcp_handshake", opened
        if handshake.outcome != "complete" or handshake.ack is None:
            return
        opened = handshake.ack.time_s
    if connection.tls_handshake:
        yield "tls_handshake", opened
    bursts = data.bursts if data else ()
    if bursts:
        yield "app_data", bursts[0].start_s
    elif not connection.tls_handshake:
        yield None, opened
    closing = _closing(connection)
    if closing is not None:
        yield "teardown", closing


def _closing(connection: Connection) -> float | None:
    if connection.teardown is None:
        return None
    fins = [fin.time_s for fin in connection.teardown.fins]
    resets = [reset.time_s for reset in connection.teardown.resets]
    return min([*fins, *resets], default=None)
