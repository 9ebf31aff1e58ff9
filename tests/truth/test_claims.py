"""Every statement about every capture that we have, asked of tshark again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.errors import NotACaptureError
from tests.analyzed import analyzed
from tests.truth.collection import samples, shared
from tests.truth.proof import disproofs, statements_of

if TYPE_CHECKING:
    from pathlib import Path

_CONNECTIONS: Final = 40
_LOOKS: Final = 3_000_000
"""How many times a filter may be held against a packet: it bounds the seconds that a large capture takes."""
_CAPTURES: Final = [*samples(), *shared("replicas"), *shared("captures")]


@pytest.mark.parametrize("capture", _CAPTURES, ids=[path.name for path in _CAPTURES])
def test_every_statement_is_true(capture: Path, tshark: str) -> None:
    try:
        report = analyzed(capture)
    except NotACaptureError:
        pytest.skip("there is no packet in it")

    assert (
        disproofs(tshark, capture, statements_of(report, _CONNECTIONS)[: _LOOKS // report.capture.packets])
        == []
    )
