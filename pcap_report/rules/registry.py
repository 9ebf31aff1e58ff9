"""The rules that come with pcap-report, and how they are applied."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.model.evidence import SEVERITIES
from pcap_report.model.judging import RuleChange
from pcap_report.model.known import key_of_known, without_known
from pcap_report.rules import around, capture, certificates, network, tcp, tls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.model.evidence import Finding
    from pcap_report.model.judging import Acceptance, Judging, KnownFindings, NotEvaluated
    from pcap_report.model.report import Report
    from pcap_report.rules.base import Rule

RULES: Final[tuple[Rule, ...]] = (
    *network.RULES,
    *tcp.RULES,
    *tls.RULES,
    *certificates.RULES,
    *around.RULES,
    *capture.RULES,
)


def judge(report: Report, wanted: Judging | None = None) -> tuple[tuple[Finding, ...], Judging | None]:
    """Apply every rule, and return the findings with the gravest first.

    Args:
        report: its facts.
        wanted: what the user changed about the rules; it comes back with what came of it.
    """
    if wanted is None:
        return _ordered(finding for rule in RULES for finding in rule.findings(report)), None
    changes = {one.rule: one for one in wanted.changes}
    counted: Counter[str] = Counter()
    found: list[Finding] = []
    for rule in RULES:
        change = changes.get(rule.id, RuleChange(rule.id))
        findings = rule.findings(report, change.thresholds)
        counted[rule.id] = len(findings)
        found += _changed(findings, change)
    written, unknown = _written(report, wanted)
    for finding in written:
        counted[finding.id] += 1
        found += _changed([finding], changes.get(finding.id, RuleChange(finding.id)))
    kept, accepted = _without_accepted(found, wanted.accepted, report)
    rated = tuple(
        replace(one, findings=counted[one.rule] if one.severity or not one.enabled else 0)
        for one in wanted.changes
    )
    new, known = _without_known(_ordered(kept), wanted.known, report)
    judging = replace(wanted, changes=rated, accepted=accepted, not_evaluated=unknown, known=known)
    return new, judging


def _ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda finding: -SEVERITIES.index(finding.severity)))


def _written(report: Report, wanted: Judging) -> tuple[list[Finding], tuple[NotEvaluated, ...]]:
    if not wanted.rules:
        return [], ()
    from pcap_report.rules.written import written_findings

    return written_findings(report, wanted.rules)


def _changed(findings: list[Finding], change: RuleChange) -> list[Finding]:
    if not change.enabled:
        return []
    if change.severity is None:
        return findings
    return [replace(one, severity=change.severity) for one in findings]


def _without_accepted(
    found: list[Finding], accepted: tuple[Acceptance, ...], report: Report
) -> tuple[list[Finding], tuple[Acceptance, ...]]:
    servers = {one.id: (one.server.ip, *one.server.names) for one in report.connections}
    counts = [0] * len(accepted)
    kept: list[Finding] = []
    for finding in found:
        place = next((at for at, one in enumerate(accepted) if _accepts(one, finding, servers)), None)
        if place is None:
            kept.append(finding)
        else:
            counts[place] += 1
    return kept, tuple(replace(one, findings=count) for one, count in zip(accepted, counts, strict=True))


def _without_known(
    found: tuple[Finding, ...], known: tuple[KnownFindings, ...], report: Report
) -> tuple[tuple[Finding, ...], tuple[KnownFindings, ...]]:
    keys = [key_of_known(one.rule, one.protocol, one.server, one.port) for one in known]
    before = {key: one.before for key, one in zip(keys, known, strict=True)}
    new, left_out = without_known(found, report.connections, before)
    return tuple(new), tuple(
        replace(one, findings=left_out[key]) for key, one in zip(keys, known, strict=True)
    )


def _accepts(one: Acceptance, finding: Finding, servers: dict[int, tuple[str, ...]]) -> bool:
    if not fnmatchcase(finding.id, one.rule) or one.connection not in {None, finding.connection}:
        return False
    if one.server is None:
        return True
    names = servers.get(-1 if finding.connection is None else finding.connection, ())
    return any(fnmatchcase(name.lower(), one.server.lower()) for name in names)
