"""The rules that come with pcap-report, and how they are applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.rules import around, capture, certificates, network, tcp, tls

if TYPE_CHECKING:
    from pcap_report.model.evidence import Finding
    from pcap_report.model.report import Report
    from pcap_report.rules.base import Rule

RULES: Final[tuple[Rule, ...]] = (
    *tcp.RULES,
    *tls.RULES,
    *certificates.RULES,
    *around.RULES,
    *network.RULES,
    *capture.RULES,
)
_ORDER: Final = ("high", "medium", "low", "info")


def judge(report: Report) -> tuple[Finding, ...]:
    """Apply every rule, and return the findings with the gravest first."""
    found = [finding for rule in RULES for finding in rule.findings(report)]
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))
