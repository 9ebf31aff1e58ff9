"""A sandbox that is ended while it is being built leaves nothing of itself behind."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from pcap_report.capture.process import TsharkRun
from pcap_report.capture.sandbox import sandbox_for
from pcap_report.capture.tshark import find_tshark


def _holders(mark: str) -> list[str]:
    """Find the processes whose environment has a text."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state = (place / "stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
            if state != "Z" and mark.encode() in (place / "environ").read_bytes():
                found.append((place / "cmdline").read_bytes()[:80].decode())
        except OSError:
            continue
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_sandbox_is_ended_at_any_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = find_tshark().path
    monkeypatch.setenv("PCAP_REPORT_SANDBOX", "auto")
    if sandbox_for(program) is None:
        pytest.skip("no sandbox works here")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for moment in range(60):
        with TsharkRun(program, ["-r", str(Path("/dev/zero"))]):
            time.sleep(moment / 5000)
    deadline = time.monotonic() + 20
    while (left := _holders(str(tmp_path))) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []
    assert list(tmp_path.iterdir()) == []
