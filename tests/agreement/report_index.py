"""Our report, looked up the way oracles ask: by the two ends of a connection, by frame, by name."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.model.around import DnsLookup, HttpExchange
    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

End = tuple[str, int]

_DISTURBED: Final = (
    "retransmission",
    "fast_retransmission",
    "spurious_retransmission",
    "out_of_order",
    "lost_segment",
    "keep_alive",
)


class ReportIndex:
    """A report with its connections by their ends."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._by_ends: dict[tuple[str, frozenset[End]], list[Connection]] = defaultdict(list)
        for one in report.connections:
            self._by_ends[one.protocol, _ends(client(one), server(one))].append(one)
        self.by_id = {one.id: one for one in report.connections if one.protocol == "tcp"}
        self._http: dict[int, list[HttpExchange]] = defaultdict(list)
        for exchange in report.http:
            if exchange.connection is not None:
                self._http[exchange.connection].append(exchange)

    def between(self, one: End, other: End, protocol: str = "tcp") -> list[Connection]:
        """Return the connections between two ends, in order of their beginning."""
        return self._by_ends.get((protocol, _ends(one, other)), [])

    @property
    def tcp(self) -> list[Connection]:
        """All TCP connections."""
        return [one for one in self.report.connections if one.protocol == "tcp"]

    def http(self, connections: Iterable[Connection]) -> list[HttpExchange]:
        """Return the HTTP exchanges of some connections, in order."""
        return [exchange for one in connections for exchange in self._http.get(one.id, [])]

    def lookups(self, asker: str, asked: str, name: str, kind: str) -> list[DnsLookup]:
        """Return the look-ups of a name and type between two addresses, in order."""
        return [
            one
            for one in self.report.dns
            if one.name.lower() == name.lower()
            and one.type == kind
            and {one.client, one.server} == {asker, asked}
        ]


def client(connection: Connection) -> End:
    """Return the client's end."""
    return (connection.client.ip, connection.client.port)


def server(connection: Connection) -> End:
    """Return the server's end."""
    return (connection.server.ip, connection.server.port)


def written(end: End) -> str:
    """Write an end as ``address:port``."""
    return f"[{end[0]}]:{end[1]}" if ":" in end[0] else f"{end[0]}:{end[1]}"


def _ends(one: End, other: End) -> frozenset[End]:
    return frozenset((one, other))


def is_undisturbed(ours: Connection) -> bool:
    """Tell whether every byte was sent and captured once."""
    phenomena = ours.tcp_phenomena
    if phenomena is None or ours.tcp_handshake is None or ours.tcp_handshake.outcome != "complete":
        return False
    return not any(getattr(phenomena, flag).count for flag in _DISTURBED)
