"""What changed between two captures, recorded as dialogues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.checks.difference import Thresholds, differences
from tests.dialogue.recording import Recording

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.report import Report


def talked(folder: Path, *, pause_ms: float = 30, reset: bool = False, talks: int = 1) -> Report:
    folder.mkdir()
    recording = Recording(folder)
    for number in range(talks):
        client, server = talk = recording.talk(client_port=50000 + number)
        client.syn()
        recording.after(ms=pause_ms)
        server.syn_ack()
        client.ack()
        client.data(b"request")
        server.data(b"response")
        if reset:
            server.rst()
        else:
            talk.closed()
    return recording.report()


def changes(before: Report, after: Report, limits: Thresholds | None = None) -> set[tuple[str, str]]:
    return {(one.change, one.what) for one in differences(before, after, limits)}


def test_what_was_sent_again_in_vain_counts_once(tmp_path: Path) -> None:
    reports = []
    for name, times in (("a", 1), ("b", 4)):
        (tmp_path / name).mkdir()
        recording = Recording(tmp_path / name)
        client, server = recording.talk().established()
        for place in range(4):
            client.data(b"request")
            server.ack()
            if place < times:
                recording.after(ms=300)
                client.again()
        reports.append(recording.report())
    before, after = reports
    (change,) = (one for one in differences(before, after) if one.what == "sent_again")
    assert (change.before, change.after) == (1, 4)


def test_nothing_changed(tmp_path: Path) -> None:
    assert changes(talked(tmp_path / "a"), talked(tmp_path / "b")) == set()


@pytest.mark.parametrize(
    ("pause_ms", "limits", "found"),
    [
        (80, None, {("worse", "tcp_handshake.rtt_ms")}),
        (5, None, {("better", "tcp_handshake.rtt_ms")}),
        (40, None, set()),
        (80, Thresholds(percent=500), set()),
        (80, Thresholds(least_ms=100), set()),
    ],
)
def test_a_handshake_that_takes_longer(
    tmp_path: Path, pause_ms: float, limits: Thresholds | None, found: set[tuple[str, str]]
) -> None:
    assert changes(talked(tmp_path / "a"), talked(tmp_path / "b", pause_ms=pause_ms), limits) == found


def test_a_close_that_became_a_reset(tmp_path: Path) -> None:
    before, after = talked(tmp_path / "a"), talked(tmp_path / "b", reset=True)
    assert {("changed", "teardown.outcome"), ("appeared", "tcp.reset")} <= changes(before, after)
    assert ("vanished", "tcp.reset") in changes(after, before)


def test_connections_that_came_and_went(tmp_path: Path) -> None:
    one, two = talked(tmp_path / "a"), talked(tmp_path / "b", talks=2)
    assert changes(one, two) == {("appeared", "connection")}
    assert changes(two, one) == {("vanished", "connection")}
