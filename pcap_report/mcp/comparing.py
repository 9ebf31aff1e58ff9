"""What is otherwise in a second capture: counts, findings by rule and server, times by server."""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import median
from typing import TYPE_CHECKING, Final, Literal

from pcap_report.mcp.diagnosis import totals
from pcap_report.mcp.records import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcap_report.mcp.analyses import Analysis
    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

Change = Literal["worse", "better", "changed", "new", "gone"]

_FEWER_IS_BETTER: Final = (
    "refused",
    "unanswered",
    "reset",
    "retransmissions",
    "dns_failed",
    "http_failed",
)
_NEUTRAL: Final = ("packets", "connections", "dns_queries", "http_requests")
_ORDER: Final = {"worse": 0, "new": 1, "gone": 2, "changed": 3, "better": 4}
_NOTICEABLE: Final = 1.25
"""A time counts as another when it is a quarter longer or shorter, …"""
_NOTICEABLE_MS: Final = 1.0
"""… and by a millisecond at least."""


def differences(before: Analysis, after: Analysis) -> list[Difference]:
    """Return what is otherwise in the second capture, what became worse first."""
    found = [
        *_counts(before, after),
        *_findings(before.report, after.report),
        *_servers(before.report, after.report),
    ]
    return sorted(found, key=lambda one: _ORDER[one.verdict])


def _counts(before: Analysis, after: Analysis) -> Iterator[Difference]:
    first, second = totals(before), totals(after)
    for name in (*_FEWER_IS_BETTER, *_NEUTRAL):
        one, other = getattr(first, name), getattr(second, name)
        if one != other:
            yield Difference(name, _judged(name, one, other), one, other)


def _judged(name: str, before: int, after: int) -> Change:
    if name in _NEUTRAL:
        return "changed"
    return "worse" if after > before else "better"


def _findings(before: Report, after: Report) -> Iterator[Difference]:
    first, second = _found(before), _found(after)
    for key in dict.fromkeys((*first, *second)):
        rule, server = key
        one, other = first[key], second[key]
        if one != other:
            verdict: Change = "better" if other < one else "worse"
            yield Difference(f"finding {rule}", verdict, one, other, server or None)


def _found(report: Report) -> Counter[tuple[str, str]]:
    servers = {one.id: _server(one) for one in report.connections}
    return Counter(
        (one.id, servers.get(one.connection, "") if one.connection is not None else "")
        for one in report.findings
    )


def _servers(before: Report, after: Report) -> Iterator[Difference]:
    first, second = _by_server(before), _by_server(after)
    for server in dict.fromkeys((*first, *second)):
        if server not in second:
            yield Difference("server", "gone", len(first[server]), None, server)
        elif server not in first:
            yield Difference("server", "new", None, len(second[server]), server)
        else:
            yield from _of_server(server, first[server], second[server])


def _of_server(server: str, before: list[Connection], after: list[Connection]) -> Iterator[Difference]:
    for what, one, other in (
        ("tls_versions", _versions(before), _versions(after)),
        ("alpn", _alpn(before), _alpn(after)),
    ):
        if one != other:
            yield Difference(what, "changed", one or None, other or None, server)
    for what, one_ms, other_ms in (("rtt_ms", _rtt(before), _rtt(after)),):
        if one_ms is None or other_ms is None or abs(one_ms - other_ms) < _NOTICEABLE_MS:
            continue
        if max(one_ms, other_ms) > _NOTICEABLE * min(one_ms, other_ms):
            verdict: Change = "worse" if other_ms > one_ms else "better"
            yield Difference(what, verdict, round(one_ms, 3), round(other_ms, 3), server)


def _by_server(report: Report) -> dict[str, list[Connection]]:
    found: defaultdict[str, list[Connection]] = defaultdict(list)
    for one in report.connections:
        found[_server(one)].append(one)
    return found


def _server(one: Connection) -> str:
    from pcap_report.render.visible import visible_within

    name = one.server.names[0] if one.server.names else one.server.ip
    return f"{visible_within(name, 100)} port {one.server.port}"


def _versions(connections: Iterable[Connection]) -> str:
    return ", ".join(sorted({one.tls_handshake.version or "?" for one in connections if one.tls_handshake}))


def _alpn(connections: Iterable[Connection]) -> str:
    return ", ".join(
        sorted({one.tls_handshake.alpn or "" for one in connections if one.tls_handshake} - {""})
    )


def _rtt(connections: Iterable[Connection]) -> float | None:
    times = [one.tcp_handshake.rtt_ms for one in connections if one.tcp_handshake]
    known = [one for one in times if one is not None]
    return median(known) if known else None
