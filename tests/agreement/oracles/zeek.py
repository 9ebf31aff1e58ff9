"""Zeek's logs of its own tests (``oracles/zeek``): which row speaks of which of our connections."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from tests.agreement.comparison import Comparison
from tests.agreement.oracles import zeek_conn, zeek_dns, zeek_http, zeek_quic, zeek_tls
from tests.agreement.oracles.zeek_logs import Row, ZeekTest, end, read_test
from tests.agreement.report_index import ReportIndex, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pcap_report.model.connection import Connection

    Compare = Callable[[Comparison, ReportIndex, Connection | None, Row, str], None]

_BY_CONNECTION: Final[dict[str, Compare]] = {
    "conn": zeek_conn.compare,
    "ssl": zeek_tls.compare_ssl,
    "quic": zeek_quic.compare,
}
_PASSED_OVER: Final = frozenset(("weird", "files", "analyzer", "packet_filter", "stats", "notice"))
"""Logs about Zeek's own opinion of the traffic, or about files: no field of a report."""


def compare(place: Path, index: ReportIndex, capture: str) -> list[Comparison]:
    """Compare all tests that read the capture."""
    found: list[Comparison] = []
    for folder in sorted(one for one in place.iterdir() if one.is_dir()):
        test = read_test(folder)
        for kind, files in test.logs.items():
            for name, rows in files:
                comparison = Comparison(capture, f"zeek {kind}.log")
                _compare_log(comparison, index, test, kind, rows, f"{test.name}/{name}")
                found.append(comparison)
    return found


def _compare_log(
    comparison: Comparison, index: ReportIndex, test: ZeekTest, kind: str, rows: list[Row], source: str
) -> None:
    if kind in _BY_CONNECTION:
        _compare_connections(comparison, index, test, kind, rows, source)
    elif kind == "x509":
        zeek_tls.compare_x509(comparison, index, rows, source, alone=test.alone)
    elif kind == "dns":
        zeek_dns.compare(comparison, index, rows, source)
    elif kind == "http":
        zeek_http.compare(comparison, index, rows, source)
    elif kind not in _PASSED_OVER:
        for row in rows:
            comparison.lacking("row", f"{source} {row.get('uid', '')}", row.get("service", kind))


def _compare_connections(
    comparison: Comparison, index: ReportIndex, test: ZeekTest, kind: str, rows: list[Row], source: str
) -> None:
    ends_by_uid = _ends_by_uid(test)
    seen: Counter[object] = Counter()
    for row in rows:
        complete = {**ends_by_uid.get(row.get("uid", ""), {}), **row}
        one, other = end(complete, "orig"), end(complete, "resp")
        if one is None or other is None:
            continue
        protocol = _protocol(kind, complete)
        candidates = index.between(one, other, protocol)
        pair = (frozenset((one, other)), protocol)
        where = f"{source}: {written(one)} → {written(other)}"
        if seen[pair]:
            where += f" #{seen[pair] + 1}"
        ours = candidates[seen[pair]] if seen[pair] < len(candidates) else None
        seen[pair] += 1
        if ours is None and not test.alone:
            continue  # a row of another capture of the same test
        _BY_CONNECTION[kind](comparison, index, ours, complete, where)
    if (
        kind == "conn"
        and rows
        and all(end({**ends_by_uid.get(row.get("uid", ""), {}), **row}, "orig") is None for row in rows)
    ):
        zeek_conn.compare_without_ends(comparison, index, rows, source)


def _protocol(kind: str, row: Row) -> str:
    """Which of our protocols a row belongs to."""
    if row.get("version", "").startswith("DTLS"):
        return "dtls"
    if kind == "quic" or row.get("proto") in {"udp", "icmp"}:
        return "quic"
    return "quic" if row.get("_quic") else "tcp"


def _ends_by_uid(test: ZeekTest) -> dict[str, Row]:
    """Columns that another log of the same test has for a connection."""
    found: dict[str, Row] = {}
    for kind in ("conn", "ssl", "quic", "dns", "http", "ssh", "ftp"):
        for _, rows in test.logs.get(kind, ()):
            for row in rows:
                if "uid" in row and "id.orig_h" in row:
                    ends = {
                        key: value for key, value in row.items() if key.startswith("id.") or key == "proto"
                    }
                    known = found.setdefault(row["uid"], {})
                    known.update(ends)
                    if kind == "quic":
                        known["_quic"] = "T"
    return found
