"""Let the rules judge a report, as the user wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pcap_report.engine.by_frames import findings_by_frames
from pcap_report.rules.registry import judge

if TYPE_CHECKING:
    from pcap_report.model.judging import Judging
    from pcap_report.model.report import Report


def judged(report: Report, wanted: Judging | None) -> Report:
    """Return the report with its findings, and with what the user changed about them."""
    findings, judging = judge(report, wanted)
    return replace(report, findings=findings_by_frames(findings, report.connections), judging=judging)
