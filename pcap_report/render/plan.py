"""What a report tells in full, what briefly, and what it only counts: a report stays one readable file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

_SEVERITIES: Final = {"high": 60, "medium": 40, "low": 10, "info": 5}
_WORTH_TELLING: Final = 20


@dataclass(frozen=True)
class Limits:
    """How much of everything is shown.

    Attributes:
        told: connections that get a section of their own.
        rows: rows of a table.
        claims: statements in the appendix.
        anatomies: frames taken apart.
    """

    told: int = 10
    rows: int = 60
    claims: int = 400
    anatomies: int = 8

    def smaller(self) -> Limits:
        """Return limits that make a shorter report."""
        return Limits(
            max(self.told // 2, 1),
            max(self.rows // 2, 5),
            max(self.claims // 3, 5),
            max(self.anatomies // 2, 1),
        )


@dataclass(frozen=True)
class Plan:
    """The connections of a report, sorted by how they are told.

    Attributes:
        main: the one told first and fully; None where the capture has no connection.
        told: others with a section of their own, in order of their beginning.
        brief: the rest, which stand in the overview table alone.
    """

    main: Connection | None
    told: tuple[Connection, ...]
    brief: tuple[Connection, ...]

    @property
    def shown(self) -> tuple[Connection, ...]:
        """The connections with a section, the main one first."""
        return (self.main, *self.told) if self.main else ()


def plan_of(report: Report, limits: Limits) -> Plan:
    """Choose the main connection and those that are told after it."""
    if not report.connections:
        return Plan(None, (), ())
    weights = _weights(report)
    main = _main(report, weights)
    others = [one for one in report.connections if one is not main]
    worthy = [one for one in others if weights[one.id] >= _WORTH_TELLING]
    worthy.sort(key=lambda one: (-weights[one.id], one.first_frame))
    told = sorted(worthy[: max(limits.told - 1, 0)], key=lambda one: one.first_frame)
    ids = {one.id for one in told}
    brief = sorted((one for one in others if one.id not in ids), key=lambda one: one.first_frame)
    return Plan(main, tuple(told), tuple(brief))


def _weights(report: Report) -> dict[int, int]:
    weights = {one.id: _weight(one) for one in report.connections}
    for exchange in report.http:
        if exchange.connection in weights:
            weights[exchange.connection] = max(weights[exchange.connection], 100)
    for finding in report.findings:
        if finding.connection in weights:
            weights[finding.connection] += _SEVERITIES.get(finding.severity, 0)
    return weights


def _weight(connection: Connection) -> int:
    tls, handshake = connection.tls_handshake, connection.tcp_handshake
    weight = 0
    if handshake and handshake.outcome == "complete":
        weight += 20
    elif handshake and handshake.outcome != "not_captured":
        weight += 15
    if tls:
        weight += 80 if tls.server_hello and tls.client_hello else 40
    return weight


def _main(report: Report, weights: Mapping[int, int]) -> Connection:
    """Return the first of the richest kind, of the two ends that exchanged most."""
    kind = max(min(weight, 100) for weight in weights.values())
    rich = [one for one in report.connections if min(weights[one.id], 100) == kind]
    volume: dict[tuple[str, str, int], int] = {}
    for one in rich:
        volume[_ends(one)] = volume.get(_ends(one), 0) + one.bytes
    busiest = max(volume, key=lambda ends: volume[ends])
    return min((one for one in rich if _ends(one) == busiest), key=lambda one: one.first_frame)


def _ends(connection: Connection) -> tuple[str, str, int]:
    return connection.client.ip, connection.server.ip, connection.server.port
