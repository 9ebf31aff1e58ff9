"""The report of a capture, made once per test run, whichever worker and whichever test asks for it."""

from __future__ import annotations

import hashlib
import os
import pickle
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.engine import Options, analyze
from pcap_report.files import draft_beside

if TYPE_CHECKING:
    from pcap_report.model.report import Report

FOLDER: Final = "PCAP_REPORT_TEST_REPORTS"
"""Where the workers of a run share what they made; without it each makes its own."""
_UNCHANGED: Final = Options()


@lru_cache(maxsize=64)
def analyzed(capture: Path, options: Options = _UNCHANGED) -> Report:
    """Return what ``analyze`` returns; for captures that no test writes or changes.

    Raises:
        PcapReportError: as ``analyze`` does, each time.
    """
    shared = os.environ.get(FOLDER)
    if shared is None:
        return analyze(capture, options)
    asked = hashlib.sha256(f"{capture.resolve()} {options!r}".encode()).hexdigest()
    place = Path(shared, asked)
    if place.exists():
        kept: Report = pickle.loads(place.read_bytes())  # noqa: S301 - we wrote it, in a folder of our own
        return kept
    report = analyze(capture, options)
    with draft_beside(place) as draft:
        draft.write_bytes(pickle.dumps(report))
    return report
