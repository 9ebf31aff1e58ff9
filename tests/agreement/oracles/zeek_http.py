"""Zeek's http.log: requests and their answers, in the order of each connection."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from pcap_report.analyzers.url_secrets import masked
from tests.agreement.oracles.zeek_logs import Row, end
from tests.agreement.report_index import written

if TYPE_CHECKING:
    from pcap_report.model.around import HttpExchange
    from tests.agreement.comparison import Comparison
    from tests.agreement.report_index import End, ReportIndex

_LACKING: Final = (
    "referrer",
    "version",
    "request_body_len",
    "response_body_len",
    "info_code",
    "resp_mime_types",
)


def compare(comparison: Comparison, index: ReportIndex, rows: list[Row], source: str) -> None:
    """Compare each connection's rows with its exchanges."""
    by_ends: dict[tuple[End, End], list[Row]] = defaultdict(list)
    for row in rows:
        one, other = end(row, "orig"), end(row, "resp")
        if one and other:
            by_ends[one, other].append(row)
    for (one, other), theirs in by_ends.items():
        where = f"{source} {written(one)} → {written(other)}"
        connections = index.between(one, other)
        ours = index.http(connections)
        if connections and connections[0].app_data and connections[0].app_data.encrypted and not ours:
            for row in theirs:
                comparison.lacking("request (decrypted with keys)", where, row.get("uri"))
            continue
        comparison.check("requests", where, len(ours), len(theirs))
        for depth, (exchange, row) in enumerate(zip(ours, theirs, strict=False), start=1):
            _compare_exchange(comparison, exchange, row, f"{where} #{depth}")


def _compare_exchange(comparison: Comparison, ours: HttpExchange, row: Row, where: str) -> None:
    comparison.check("method", where, ours.method, row.get("method"))
    comparison.check("host", where, ours.host, row.get("host"))
    # Zeek percent-decodes URIs
    comparison.check(
        "uri, decoded", where, unquote(ours.path or ""), unquote(masked(row.get("uri", "")) or "")
    )
    comparison.check("user_agent", where, ours.user_agent, row.get("user_agent"))
    status = row.get("status_code")
    comparison.check("status_code", where, ours.status, int(status) if status else None)
    comparison.check("status_msg", where, ours.reason, row.get("status_msg"))
    for field in _LACKING:
        if row.get(field):
            comparison.lacking(field, where, row[field])
