"""Zeek's quic.log: versions, connection ids, names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from tests.agreement.comparison import Comparison
    from tests.agreement.oracles.zeek_logs import Row
    from tests.agreement.report_index import ReportIndex

_FIELDS: Final = (
    "version",
    "client_initial_dcid",
    "client_scid",
    "server_scid",
    "server_name",
    "client_protocol",
)


def compare(
    comparison: Comparison, index: ReportIndex, ours: Connection | None, row: Row, where: str
) -> None:
    """Compare one row; what our report does not hold of QUIC is counted as such."""
    handshake = ours.tls_handshake if ours else None
    known: dict[str, object] = {}
    quic = ours.quic if ours else None
    if quic is not None:
        # Zeek writes RFC 9000's version as 1
        version = quic.version or ""
        known["version"] = version.removeprefix("QUIC v") if version.startswith("QUIC v") else version
        known["client_initial_dcid"] = quic.client_initial_dcid
        known["client_scid"] = quic.client_scid
        known["server_scid"] = quic.server_scid
    if handshake is not None:
        known["server_name"] = handshake.sni
        hello = handshake.client_hello
        known["client_protocol"] = hello.alpn[0] if hello and hello.alpn else None
    for field in _FIELDS:
        if field not in row:
            continue
        if field in known:
            comparison.check(field, where, known[field], row[field])
        else:
            comparison.lacking(field, where, row[field])
    if "history" in row:
        comparison.lacking("history", where, row["history"])
