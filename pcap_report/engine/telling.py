"""Choose the connections that the report tells in full, and in which order.

A capture may hold thousands of connections. All of them have their facts in the report; steps and claims
are made for the most telling ones, and the rest is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Finding

TOLD: Final = 200
"""Connections with steps and claims in one report."""

_GRAVITY: Final = {"high": 30, "medium": 20, "low": 5, "info": 1}
_COMPLETE: Final = 40
_TLS: Final = 30
_NAMED: Final = 10
_DATA: Final = 10


def order_of_interest(connections: Sequence[Connection], findings: Iterable[Finding]) -> tuple[int, ...]:
    """Return the places of the connections, the most telling first; equals in the order of their start."""
    gravity: dict[int, int] = {}
    for finding in findings:
        if finding.connection is not None:
            before = gravity.get(finding.connection, 0)
            gravity[finding.connection] = max(before, _GRAVITY[finding.severity])
    scored = [
        (-_interest(one, gravity.get(one.id, 0)), one.first_frame, place)
        for place, one in enumerate(connections)
    ]
    return tuple(place for _, _, place in sorted(scored))


def _interest(connection: Connection, gravity: int) -> int:
    handshake, tls = connection.tcp_handshake, connection.tls_handshake
    score = gravity
    opening = handshake if connection.protocol == "tcp" else tls
    if opening is not None and opening.outcome == "complete":
        score += _COMPLETE
    if tls is not None and tls.server_hello is not None:
        score += _TLS
    if connection.server.names:
        score += _NAMED
    if connection.app_data is not None and connection.app_data.exchanges:
        score += _DATA
    return score
