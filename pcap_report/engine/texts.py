"""Fill in the texts of claims, findings and limits in the report's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pcap_report.render.phrases import Phrases, plain_phrases

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Claim, Finding, NotVisible
    from pcap_report.model.report import Report


def with_texts(report: Report, language: str) -> Report:
    """Return the report with every message spelled out as plain text."""
    phrases = plain_phrases(language)
    return replace(
        report,
        connections=tuple(_connection(one, phrases) for one in report.connections),
        claims=tuple(_claim(one, phrases) for one in report.claims),
        findings=tuple(_finding(one, phrases) for one in report.findings),
        not_visible=tuple(_limit(one, phrases) for one in report.not_visible),
    )


def _connection(connection: Connection, phrases: Phrases) -> Connection:
    return replace(connection, claims=tuple(_claim(one, phrases) for one in connection.claims))


def _claim(claim: Claim, phrases: Phrases) -> Claim:
    return replace(claim, text=phrases.say(claim.message))


def _finding(finding: Finding, phrases: Phrases) -> Finding:
    return replace(finding, summary=phrases.say(finding.message))


def _limit(limit: NotVisible, phrases: Phrases) -> NotVisible:
    return replace(limit, what=phrases.say(limit.what_message), why=phrases.say(limit.why_message))
