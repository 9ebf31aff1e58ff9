"""The capture's clock, and what people wrote beside the packets."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dialogue.recording import Recording

from pcap_report.engine import analyze


def test_time_that_goes_forward_is_no_matter(recording: Recording) -> None:
    recording.talk().established()
    assert recording.report().capture.time_reversals is None


def test_time_that_goes_backwards_is_counted(recording: Recording) -> None:
    client, server = recording.talk().established()
    recording.after(ms=-500)
    early = client.data(b"early")
    server.ack()
    report = recording.report()
    found = report.capture.time_reversals
    assert found is not None
    assert (found.count, found.frames) == (1, (early.number,))
    assert found.largest_ms == pytest.approx(499)
    assert report.capture.duration_s == pytest.approx(0.002)


def test_comments_of_packets_are_read(recording: Recording) -> None:
    if shutil.which("editcap") is None:
        pytest.skip("editcap is not installed")
    recording.talk().established()
    plain = recording.write()
    commented = plain.with_suffix(".pcapng")
    subprocess.run(["editcap", "-a", "2:look | here", str(plain), str(commented)], check=True)
    (comment,) = analyze(commented).capture.comments
    assert (comment.frame, comment.text) == (2, "look | here")


def test_what_tshark_says_does_not_tell_where_the_capture_lies(recording: Recording) -> None:
    recording.talk().established()
    path = recording.write()
    path.write_bytes(path.read_bytes()[:-5])
    capture = analyze(path).capture
    assert capture.truncated
    assert capture.reader_note is not None
    assert path.name in capture.reader_note
    assert str(path.parent) not in capture.reader_note


def test_frames_without_a_time_do_not_set_the_clock(captures_dir: Path) -> None:
    """Simple packets and custom blocks of pcapng have no time of their own."""
    capture = analyze(captures_dir / "linktypes" / "pcapgen-le-difficult-test202.pcapng").capture
    assert capture.packets == 11
    assert capture.first_packet_at == "2012-06-29T07:28:25.298858Z"
    assert capture.duration_s == pytest.approx(0.003)
