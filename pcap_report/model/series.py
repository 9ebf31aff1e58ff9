"""The curves of a connection's charts: they are kept for connections that are told, and for no others.

A report of thousands of connections would be filled with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from pcap_report.model.tcp_performance import RoundTrips, TcpPerformance

_CURVES: Final = {"sequence": (), "retransmissions": (), "throughput_over_time": ()}


def without_series(connection: Connection) -> Connection:
    """Return the connection without its curves."""
    performance, datagrams = connection.tcp_performance, connection.datagram_performance
    if datagrams is not None:
        sides = (replace(side, throughput_over_time=()) for side in (datagrams.client, datagrams.server))
        client, server = sides
        bare = replace(datagrams, client=client, server=server)
        return replace(connection, datagram_performance=bare)
    if performance is None:
        return connection
    return replace(connection, tcp_performance=bare_performance(performance))


def bare_performance(performance: TcpPerformance) -> TcpPerformance:
    """Return what was measured without its curves."""
    return replace(
        performance,
        client=replace(performance.client, **_CURVES),
        server=replace(performance.server, **_CURVES),
        client_round_trips=_bare_trips(performance.client_round_trips),
        server_round_trips=_bare_trips(performance.server_round_trips),
    )


def _bare_trips(trips: RoundTrips | None) -> RoundTrips | None:
    return replace(trips, over_time=()) if trips else None
