"""What the capture analyzers found, on its way into the report: each record under its analyzer's id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from pcap_report.engine.foreign import examined_claims, plain_record
from pcap_report.engine.selection import of_connections
from pcap_report.model.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.engine.attempts import Attempts
    from pcap_report.engine.reading import Reading
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Claim
    from pcap_report.model.icmp import IcmpError, QuotedPacket

_FIELDS: Final = frozenset(Report.__struct_fields__)
_OF_CONNECTIONS: Final = ("http", "icmp_errors", "ssh", "credentials")
"""Records that speak of a connection; a selection of connections leaves out the others' ones."""
_TRANSPORTS: Final = {6: ("tcp",), 17: ("quic", "dtls")}


@dataclass(slots=True)
class Around:
    """Records by analyzer id.

    Attributes:
        records: what goes into a field of the report; each record has a type of its own.
        extensions: results of analyzers from elsewhere.
        claims: statements of all of them.
        omitted: records that an analyzer did not list.
    """

    records: dict[str, Any] = field(default_factory=dict)
    extensions: dict[str, Any] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    omitted: dict[str, int] = field(default_factory=dict)


def collect(reading: Reading, attempts: Attempts) -> Around:
    """Ask every capture analyzer for its result; a crashed one becomes a failed attempt."""
    found = Around(records={"dns": (), "http": ()})
    for analyzer in reading.capture_analyzers:
        try:
            result = analyzer.result()
            claims = list(analyzer.claims(result))
            if analyzer.id not in _FIELDS:
                result = plain_record(result)
                claims = examined_claims(claims, analyzer.id)
        except Exception as error:  # any failure of a unit becomes a row of the report
            attempts.failed(analyzer, error)
            continue
        (found.records if analyzer.id in _FIELDS else found.extensions)[analyzer.id] = result
        found.claims += claims
        if analyzer.omitted:
            found.omitted[analyzer.id] = analyzer.omitted
    return found


def about(records: dict[str, Any], connections: Sequence[Connection], *, chosen: bool) -> dict[str, Any]:
    """Return the records with the connections that ICMP errors speak of.

    Args:
        records: by analyzer id.
        connections: those of the report.
        chosen: only some connections were asked for, so only what speaks of them stays.
    """
    tied = dict(records)
    if "icmp_errors" in tied:
        tied["icmp_errors"] = _tied(tied["icmp_errors"], connections)
    if chosen:
        tied |= {name: of_connections(tied[name], connections) for name in _OF_CONNECTIONS if name in tied}
    return tied


def about_chosen(report: Report, connections: Sequence[Connection]) -> dict[str, Any]:
    """Return what a report says of some of its connections, by field."""
    return {name: of_connections(getattr(report, name), connections) for name in _OF_CONNECTIONS}


def _tied(errors: Sequence[IcmpError], connections: Sequence[Connection]) -> tuple[IcmpError, ...]:
    by_ends: dict[frozenset[tuple[str, int]], list[Connection]] = {}
    for one in connections:
        ends = frozenset(((one.client.ip, one.client.port), (one.server.ip, one.server.port)))
        by_ends.setdefault(ends, []).append(one)
    return tuple(replace(error, connection=_quoted_connection(error, by_ends)) for error in errors)


def _quoted_connection(
    error: IcmpError, by_ends: dict[frozenset[tuple[str, int]], list[Connection]]
) -> int | None:
    """The latest connection between the two ends that had begun before the error came."""
    quoted = error.quoted
    if quoted is None or quoted.source_port is None or quoted.destination_port is None:
        return None
    candidates = [
        one
        for one in by_ends.get(_ends(quoted), [])
        if one.protocol in _TRANSPORTS.get(quoted.protocol or 0, ()) and one.first_frame < error.frame
    ]
    return max(candidates, key=lambda one: one.first_frame).id if candidates else None


def _ends(quoted: QuotedPacket) -> frozenset[tuple[str, int]]:
    return frozenset(
        ((quoted.source, quoted.source_port or 0), (quoted.destination, quoted.destination_port or 0))
    )
