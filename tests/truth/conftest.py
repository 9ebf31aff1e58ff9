from __future__ import annotations

import pytest

from pcap_report.capture.tshark import find_tshark
from tests.dialogue.fixtures import recording

__all__ = ["recording"]


@pytest.fixture(scope="session")
def tshark() -> str:
    return find_tshark().path
