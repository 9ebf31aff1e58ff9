"""Analyze every capture of a folder and hold the report against each oracle, two captures at a time."""

from __future__ import annotations

import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from pcap_report.errors import PcapReportError
from tests.agreement.adapters import ADAPTERS
from tests.agreement.comparison import Comparison
from tests.agreement.folder import Capture, captures_in
from tests.agreement.report_index import ReportIndex
from tests.analyzed import analyzed

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.report import Report
    from tests.agreement.comparison import Outcome

_WORKERS = 2


def outcomes_of(folder: Path) -> list[Outcome]:
    """Return everything that was compared, in the order of the captures."""
    captures = captures_in(folder)
    with ProcessPoolExecutor(_WORKERS, get_context("spawn")) as workers:
        return [outcome for found in workers.map(compare_capture, captures) for outcome in found]


def compare_capture(capture: Capture) -> list[Outcome]:
    """Analyze one capture and ask all its oracles."""
    name = capture.path.name
    report, complaint = _analyze(capture.path)
    if report is None:
        return _without_report(capture, name, complaint)
    index = ReportIndex(report)
    comparisons = [
        comparison
        for kind, place in capture.oracles.items()
        if kind in ADAPTERS
        for comparison in ADAPTERS[kind](place, index, name)
    ]
    failed = [f"{one.analyzer}: {one.message}" for one in report.attempts if one.status == "failed"]
    own = Comparison(name, "pcap-report")
    own.check("analyzers that failed", "capture", failed, [])
    return [outcome for one in (own, *comparisons) for outcome in one.outcomes]


def _analyze(path: Path) -> tuple[Report | None, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return analyzed(path), ""
        except PcapReportError as error:
            return None, f"{type(error).__name__}: {error}"


def _without_report(capture: Capture, name: str, complaint: str) -> list[Outcome]:
    """Nothing to report is right where tshark reads no packet either."""
    import json

    comparison = Comparison(name, "tshark")
    place = capture.oracles.get("tshark")
    packets = json.loads(place.read_text("utf-8"))["frames"] if place else None
    comparison.check("packets", "capture", complaint if packets else 0, packets)
    return comparison.outcomes
