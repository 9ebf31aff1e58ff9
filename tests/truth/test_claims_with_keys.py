"""Every statement about captures that keys open, asked of tshark again: with the keys where it needs them."""

from __future__ import annotations

from typing import Final

import pytest

from pcap_report.engine import Options
from pcap_report.render.json_report import read_json, render_json
from pcap_report.verify import Logs, verify, verify_fresh
from tests.analyzed import analyzed
from tests.inside.decrypting import Locked, locked_captures

_LOCKED: Final = locked_captures()
_SAMPLES: Final = [one for one in _LOCKED if one.capture.parent.name == "samples"]


@pytest.mark.parametrize("locked", _LOCKED, ids=[one.capture.name for one in _LOCKED])
def test_every_statement_is_true(locked: Locked) -> None:
    report = analyzed(locked.capture, Options(keylog=locked.keys))
    found = verify_fresh(report, locked.capture, Logs(locked.keys))
    assert [(one.id, one.reasons) for one in found.statements if one.verdict != "proved"] == []


@pytest.mark.parametrize("locked", _SAMPLES, ids=[one.capture.name for one in _SAMPLES])
def test_a_saved_report_is_proved_with_its_keys(locked: Locked) -> None:
    saved = render_json(analyzed(locked.capture, Options(keylog=locked.keys, show_bodies=True)))
    assert verify(read_json(saved.encode()), locked.capture, logs=Logs(locked.keys)).verdict == "proved"


def test_what_needs_keys_is_not_proved_without_them() -> None:
    locked = next(one for one in _SAMPLES if one.capture.stem == "mcp-tls13")
    report = analyzed(locked.capture, Options(keylog=locked.keys))
    found = verify_fresh(report, locked.capture)
    unproved = {one.id for one in found.statements if one.verdict != "proved"}
    hidden = {one.id for one in report.connections[0].claims if one.needs_keys}
    assert unproved
    assert unproved <= hidden
