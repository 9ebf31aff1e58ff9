"""How far apart the two ends of a connection are, as far as their addresses tell."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection

Reach = Literal["one_machine", "private", "client_private", "server_private", "public"]
"""One machine talks to itself (RFC 1122, 3.2.1.3); both ends, one or none in a private range (RFC 1918)."""

FIRST_USER_PORT: Final = 1024
"""Below it no system picks a port for a client (RFC 6335, 6)."""


def reach_of(connection: Connection) -> Reach:
    """Return how far a connection reaches."""
    client, server = connection.client, connection.server
    if _is_loopback(client.ip) and _is_loopback(server.ip):
        return "one_machine"
    if client.private:
        return "private" if server.private else "client_private"
    return "server_private" if server.private else "public"


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
