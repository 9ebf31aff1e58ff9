"""The proof itself: what is true passes, and what is not is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.model.evidence import FieldValue
from tests.truth.proof import Statement, disproofs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dialogue.recording import Recording


@pytest.fixture
def capture(recording: Recording) -> Path:
    """SYN, SYN+ACK, ACK, data, and again three frames of close."""
    talk = recording.talk().established()
    talk.client.data(b"x" * 100)
    talk.closed()
    return recording.write()


@pytest.mark.parametrize(
    ("frames", "display_filter"),
    [
        ((1, 2), "tcp.flags.syn == 1"),
        ((5, 6), "tcp.flags.fin == 1"),
        ((2, 3, 5), "frame.number in {2..3, 5}"),
        ((), "udp"),
    ],
)
def test_a_filter_that_selects_its_frames(
    capture: Path, tshark: str, frames: tuple[int, ...], display_filter: str
) -> None:
    assert disproofs(tshark, capture, [Statement("one", frames, display_filter)]) == []


@pytest.mark.parametrize(
    ("frames", "display_filter", "reason"),
    [
        ((1,), "tcp.flags.syn == 1", "the filter selects 2 frames, 1 of the 1 that are stated"),
        ((1, 2, 3), "tcp.flags.syn == 1", "the filter selects 2 frames, 2 of the 3 that are stated"),
        ((1, 3), "tcp.flags.syn == 1", "the filter selects 2 frames, 1 of the 2 that are stated"),
        ((), "tcp.flags.syn == 1", "the filter selects 2 frames, 0 of the 0 that are stated"),
        ((99,), "frame.number == 99", "the filter selects 0 frames, 0 of the 1 that are stated"),
    ],
)
def test_a_filter_that_does_not(
    capture: Path, tshark: str, frames: tuple[int, ...], display_filter: str, reason: str
) -> None:
    (found,) = disproofs(tshark, capture, [Statement("one", frames, display_filter)])
    assert found.reason == reason


def test_a_filter_that_is_none(capture: Path, tshark: str) -> None:
    (found,) = disproofs(tshark, capture, [Statement("one", (1,), "tcp.flags.sin == 1")])
    assert "tshark did not answer" in found.reason


def test_values_that_stand_in_their_frame(capture: Path, tshark: str) -> None:
    values = (FieldValue(1, "tcp.options.mss_val", "1460"), FieldValue(4, "tcp.len", "100"))
    assert disproofs(tshark, capture, [Statement("one", (1, 4), "frame.number in {1, 4}", values)]) == []


def test_values_that_do_not(capture: Path, tshark: str) -> None:
    values = (FieldValue(1, "tcp.len", "100"), FieldValue(3, "tcp.options.mss_val", "1460"))
    found = disproofs(tshark, capture, [Statement("one", (1,), "frame.number == 1", values)])
    assert [one.reason for one in found] == [
        "tcp.len is not 100 in frame 1 but 0",
        "tcp.options.mss_val is not 1460 in frame 3 but nothing",
    ]


def test_many_frames_and_many_statements_take_one_run_or_a_few(recording: Recording, tshark: str) -> None:
    client, _ = recording.talk()
    for _ in range(2500):
        client.keep_alive()
    odd = tuple(range(1, 2501, 2))
    long = Statement("odd", odd, "frame.number in {" + ", ".join(map(str, odd)) + "}")
    wrong = Statement("odd too", (*odd[:-1], 2500), long.display_filter)

    found = disproofs(tshark, recording.write(), [long] * 300 + [wrong])
    assert [one.name for one in found] == ["odd too"]
