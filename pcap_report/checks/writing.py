"""Write an expectations file from a report that is known good, without values that change by themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pcap_report.checks.paths import value_at
from pcap_report.model.evidence import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

_KEPT = (
    "tcp_handshake.outcome",
    "tls_handshake.outcome",
    "tls_handshake.version",
    "tls_handshake.alpn",
    "tls_handshake.sni_matches_certificate",
    "quic.outcome",
    "quic.version",
    "teardown.outcome",
)
"""What stays the same from one good run to the next: no times, no counts of packets, no random values."""
_SLOWER = 5.0
_LEAST_MS = 100
_GROUPS = 200


def expectations_from(report: Report) -> str:
    """Write expectations: one entry for all connections to the same server, and the severities not found."""
    lines = [
        f"# What held of {json.dumps(report.capture.file)}; see docs/expectations.md.",
        "version: 1",
        *_connections(report),
        *_findings(report),
    ]
    return "\n".join(lines) + "\n"


def _connections(report: Report) -> Iterator[str]:
    groups: dict[tuple[str, str, int], list[Connection]] = {}
    for one in report.connections:
        name = one.server.names[0] if one.server.names else one.server.ip
        groups.setdefault((one.protocol, name, one.server.port), []).append(one)
    if groups:
        yield "connections:"
    for (protocol, server, port), members in list(groups.items())[:_GROUPS]:
        yield f"  - match: {{protocol: {protocol}, server: {_literal(server)}, port: {port}}}"
        yield f"    count: {len(members)}"
        kept = list(_common(members))
        if kept:
            yield "    expect:"
            yield from (f"      {path}: {value}" for path, value in kept)
    if len(groups) > _GROUPS:
        yield f"  # and {len(groups) - _GROUPS} more servers, which are left out here"


def _common(members: Sequence[Connection]) -> Iterator[tuple[str, str]]:
    import msgspec

    facts = [msgspec.to_builtins(one) for one in members]
    for path in _KEPT:
        values = [value_at(one, path) for one in facts]
        if values[0] is not None and all(value == values[0] for value in values):
            yield path, _literal(values[0])
    rtts = [value_at(one, "tcp_handshake.rtt_ms") for one in facts]
    known = [value for value in rtts if value is not None]
    if known and len(known) == len(rtts):
        yield "tcp_handshake.rtt_ms", _literal(f"< {max(_LEAST_MS, _rounded(max(known) * _SLOWER))}")


def _rounded(value: float) -> int:
    return round(value / 100 + 0.5) * 100


def _findings(report: Report) -> Iterator[str]:
    found = {one.severity for one in report.findings}
    grave = next((one for one in ("low", "medium", "high") if not _above(one) & found), None)
    if grave:
        yield "no_findings:"
        yield f"  - severity: {grave}"


def _above(severity: str) -> set[str]:
    return set[str](SEVERITIES[SEVERITIES.index(severity) :])


def _literal(value: object) -> str:
    """Write a value so that YAML reads the same one: JSON is YAML, and hides what could act on a terminal."""
    return json.dumps(value)
