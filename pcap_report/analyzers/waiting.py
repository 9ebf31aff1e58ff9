"""Who waited for whom: the time between requests and answers, split by what it was spent on.

From the end of an answer to the next request the client thinks. From a request to its answer the network
needs at least a round trip, and the rest is the server's. The round trip is the handshake's, so the split
is as good as that one measurement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pcap_report.model.app_data import AppData
from pcap_report.model.tcp import TcpHandshake
from pcap_report.model.tcp_performance import Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = Literal["client", "server", "network"]


def waiting_of(facts: Mapping[str, object]) -> Waiting | None:
    """Return the waiting times of a connection; None without an answered request or a round-trip time."""
    data, handshake = facts.get("app_data"), facts.get("tcp_handshake")
    if not isinstance(data, AppData) or not isinstance(handshake, TcpHandshake):
        return None
    answered = [exchange for exchange in data.exchanges if exchange.latency_ms is not None]
    if not answered or handshake.rtt_ms is None:
        return None
    server = network = 0.0
    for exchange in answered:
        latency = exchange.latency_ms or 0.0
        on_the_way = min(handshake.rtt_ms, max(0.0, latency))
        network += on_the_way
        server += max(0.0, latency) - on_the_way
    client = _client_think_ms(data)
    total_network = network + handshake.rtt_ms
    return Waiting(client, server, total_network, _longest(client, server, total_network), len(answered))


def _client_think_ms(data: AppData) -> float:
    """From the end of each answer to the beginning of the next request."""
    total = 0.0
    for before, after in zip(data.exchanges, data.exchanges[1:], strict=False):
        if before.responses:
            first_request = after.pipelined[0] if after.pipelined else after.request
            pause_s = data.bursts[first_request].start_s - data.bursts[before.responses[-1]].end_s
            total += max(0.0, pause_s) * 1000
    return total


def _longest(client: float, server: float, network: float) -> _LONGEST | None:
    shares: tuple[tuple[float, _LONGEST], ...] = (
        (client, "client"),
        (server, "server"),
        (network, "network"),
    )
    largest = max(shares)
    return largest[1] if largest[0] > 0 else None
