"""May this user record on loopback? Tests that need it say so where it is not."""

from __future__ import annotations

import shutil
import socket

import pytest

from pcap_report.capture.dumpcap import recording_right


def loopback() -> str:
    """Return the name of the loopback interface."""
    return next(name for _, name in socket.if_nameindex() if name in ("lo", "lo0"))


def require_right() -> None:
    """Skip the test where nothing may be recorded."""
    right = recording_right(shutil.which("tshark"))
    if not right.interfaces:
        pytest.skip(f"no right to capture here: {right.obstacle or 'no dumpcap'}")
