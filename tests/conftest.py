"""Captures that do not travel with the repository: found beside the clone, or where the environment says."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A shell starts a job in the background with Ctrl-C ignored, and programs hand that on; the tests press it.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _shared(folder: str, variable: str) -> Path:
    path = Path(os.environ.get(variable) or ROOT.parent / "shared" / folder)
    if not path.is_dir():
        pytest.skip(f"no folder {path}: set {variable} to one with the shared {folder}")
    return path


@pytest.fixture(scope="session")
def captures_dir() -> Path:
    """The shared collection of captures (PCAP_REPORT_CAPTURES)."""
    return _shared("captures", "PCAP_REPORT_CAPTURES")


@pytest.fixture(scope="session")
def replicas_dir() -> Path:
    """Captures with the facts of two hand-written reports, as data (PCAP_REPORT_REPLICAS)."""
    return _shared("replicas", "PCAP_REPORT_REPLICAS")
