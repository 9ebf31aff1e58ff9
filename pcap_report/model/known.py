"""Findings that an earlier report has too: by what they are found again, and which of them are new."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Finding
    from pcap_report.model.flow import Transport
    from pcap_report.model.report import Report


class ServerKey(NamedTuple):
    """What stays the same of a connection from one run to the next."""

    protocol: Transport
    server: str
    """Its first name, or its address where it has none."""
    port: int

    def __str__(self) -> str:
        return f"{self.protocol} {self.server} port {self.port}"


class FindingKey(NamedTuple):
    """By what a finding is found again in another capture."""

    rule: str
    server: ServerKey | None
    """None for the whole capture."""


def server_key(one: Connection) -> ServerKey:
    """Return by what a connection is found again in another capture."""
    return ServerKey(
        one.protocol, one.server.names[0] if one.server.names else one.server.ip, one.server.port
    )


def keyed_findings(
    findings: Iterable[Finding], connections: Iterable[Connection]
) -> Iterator[tuple[FindingKey, Finding]]:
    """Yield findings with their keys."""
    servers = {one.id: server_key(one) for one in connections}
    for one in findings:
        server = None if one.connection is None else servers.get(one.connection)
        yield FindingKey(one.id, server), one


def known_findings(report: Report) -> Counter[FindingKey]:
    """Count the findings of a report by their keys, those too that it left out as known itself."""
    counted = Counter(key for key, _ in keyed_findings(report.findings, report.connections))
    for one in report.judging.known if report.judging else ():
        counted[key_of_known(one.rule, one.protocol, one.server, one.port)] += one.findings
    return +counted


def key_of_known(rule: str, protocol: Transport | None, server: str | None, port: int | None) -> FindingKey:
    """Return the key that a record of a known finding stands for."""
    if protocol is None or server is None or port is None:
        return FindingKey(rule, None)
    return FindingKey(rule, ServerKey(protocol, server, port))


def without_known(
    findings: Iterable[Finding], connections: Iterable[Connection], known: Mapping[FindingKey, int]
) -> tuple[list[Finding], Counter[FindingKey]]:
    """Leave out as many findings of each kind as are known; what goes beyond is new.

    Args:
        findings: of one report, in its order.
        connections: of the same report.
        known: how many are known, by key.

    Returns:
        The new ones, and how many were left out of each kind.
    """
    left_out: Counter[FindingKey] = Counter()
    new: list[Finding] = []
    for key, one in keyed_findings(findings, connections):
        if left_out[key] < known.get(key, 0):
            left_out[key] += 1
        else:
            new.append(one)
    return new, +left_out
