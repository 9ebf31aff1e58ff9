"""Only the bulk pass: tshark's rows into packets, connections and analyzers, and no report."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from pcap_report.analyzers.registry import BUILT_IN
from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.tshark import find_tshark
from pcap_report.engine.analysis import declared_fields
from pcap_report.engine.attempts import Attempts
from pcap_report.engine.reading import Reading


def main(path: Path) -> None:
    """Read a capture once."""
    gc.disable()
    reading = Reading(BUILT_IN, Attempts(BUILT_IN, BUILT_IN), None)
    reading.read(CaptureReader(find_tshark(), path, declared_fields(BUILT_IN)))
    assert reading.packets
    gc.freeze()  # as the command does: the end of the process is not searched for cycles


if __name__ == "__main__":
    main(Path(sys.argv[1]))
