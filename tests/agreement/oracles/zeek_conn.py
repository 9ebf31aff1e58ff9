"""Zeek's conn.log: ends, state, history, packets, bytes, service, Community ID."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from tests.agreement.report_index import ReportIndex, client, is_undisturbed, server, written

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from tests.agreement.comparison import Comparison
    from tests.agreement.oracles.zeek_logs import Row

_SERVICES: Final = frozenset(("ssl", "http"))
# Zeek's duration leaves the final ACK of a teardown out
_LACKING: Final = ("duration", "missed_bytes", "orig_ip_bytes", "resp_ip_bytes")


def compare(
    comparison: Comparison, index: ReportIndex, ours: Connection | None, row: Row, where: str
) -> None:
    """Compare one row with the connection that it speaks of."""
    if row.get("proto", "tcp") != "tcp" or "quic" in row.get("service", ""):
        if ours is not None:  # a QUIC connection; UDP flows without a session are not in the report
            _compare_states(comparison, ours, row, where)
            return
        for field in sorted({*row} - {"ts", "uid"}):
            if not field.startswith(("id.", "_")):
                comparison.lacking(f"{field} ({row.get('proto', 'udp')})", where, row[field])
        return
    comparison.check("connection", where, ours is not None, theirs=True)
    if ours is None:
        return
    comparison.check("client", where, written(client(ours)), f"{_orig(row)}")
    comparison.check("server", where, written(server(ours)), f"{_resp(row)}")
    _compare_states(comparison, ours, row, where)
    _compare_amounts(comparison, ours, row, where)
    _compare_services(comparison, index, ours, row, where)


def compare_without_ends(comparison: Comparison, index: ReportIndex, rows: list[Row], source: str) -> None:
    """Compare states of a log that does not say whose they are: each must occur as often."""
    if all(row.get("history", "").strip("Dd^X") == "" for row in rows):
        for row in rows:
            comparison.lacking("history (udp)", source, row.get("history"))
        return
    for field in ("history", "conn_state"):
        ours = Counter(getattr(one, field) for one in index.tcp)
        theirs = Counter(row[field] for row in rows if field in row)
        missing = ours - theirs
        for value in sorted(theirs.elements()):
            if ours[value]:
                ours[value] -= 1
                comparison.check(field, source, value, value)
            else:
                other = next(iter(sorted(missing.elements())), None)
                if other is not None:
                    missing[other] -= 1
                comparison.check(field, source, other, value)


def _orig(row: Row) -> str:
    return written((row["id.orig_h"], int(row["id.orig_p"])))


def _resp(row: Row) -> str:
    return written((row["id.resp_h"], int(row["id.resp_p"])))


def _compare_states(comparison: Comparison, ours: Connection, row: Row, where: str) -> None:
    for field in ("conn_state", "history", "community_id"):
        if field in row:
            comparison.check(field, where, getattr(ours, field), row[field])


def _compare_amounts(comparison: Comparison, ours: Connection, row: Row, where: str) -> None:
    if "orig_pkts" in row:
        comparison.check("orig_pkts", where, ours.client_packets, int(row["orig_pkts"]))
        comparison.check("resp_pkts", where, ours.server_packets, int(row["resp_pkts"]))
    amounts = {"orig_bytes": ours.client_payload_bytes, "resp_bytes": ours.server_payload_bytes}
    for field, value in amounts.items():
        if field not in row:
            continue
        # Zeek counts sequence numbers, our report segments: the same where nothing was sent twice or lost
        if is_undisturbed(ours):
            comparison.check(field, where, value, int(row[field]))
        else:
            comparison.lacking(f"{field} (disturbed)", where, row[field])
    for field in _LACKING:
        if field in row:
            comparison.lacking(field, where, row[field])


def _compare_services(
    comparison: Comparison, index: ReportIndex, ours: Connection, row: Row, where: str
) -> None:
    known = {"ssl": ours.tls_handshake is not None, "http": bool(index.http([ours]))}
    for service in row.get("service", "").split(","):
        if service in _SERVICES:
            comparison.check(f"service {service}", where, known[service], theirs=True)
        elif service:
            comparison.lacking(f"service {service}", where, service)
