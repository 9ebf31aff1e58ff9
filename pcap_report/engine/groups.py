"""Group connections of one client to one server: three requests in a row are one story."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from pcap_report.model.connection import Connection, ConnectionGroup

if TYPE_CHECKING:
    from collections.abc import Sequence


def group_connections(connections: Sequence[Connection]) -> tuple[ConnectionGroup, ...]:
    """Return a group for every client and server end that met more than once, in order of beginning."""
    together: dict[tuple[str, str, int], list[Connection]] = {}
    for connection in sorted(connections, key=lambda one: one.first_frame):
        key = (connection.client.ip, connection.server.ip, connection.server.port)
        together.setdefault(key, []).append(connection)
    return tuple(_group(*key, members) for key, members in together.items() if len(members) > 1)


def _group(client_ip: str, server_ip: str, server_port: int, members: list[Connection]) -> ConnectionGroup:
    ports = [member.client.port for member in members]
    return ConnectionGroup(
        client_ip=client_ip,
        server_ip=server_ip,
        server_port=server_port,
        connections=tuple(member.id for member in members),
        client_ports=tuple(ports),
        consecutive_ports=all(after - before == 1 for before, after in itertools.pairwise(ports)),
    )
