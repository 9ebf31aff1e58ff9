"""Whole pictures of two samples: a changed one is looked at before it is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from pcap_report.render.conversation import Conversation
from pcap_report.render.drawn_steps import drawn_steps, frame_labels
from pcap_report.render.svg.ladder import ladder
from pcap_report.render.svg.sheet import NARROW, WIDE, Medium, Sheet
from pcap_report.render.svg.time_sequence import time_sequence
from pcap_report.render.svg.timeline import timeline
from tests.render.reports import sample

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


class SvgFile(SingleFileSnapshotExtension):
    """One file for each picture, which a browser shows."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(SvgFile)


@pytest.mark.parametrize(("medium", "width"), [("file", WIDE), ("paper", 680), ("file", NARROW)])
@pytest.mark.parametrize("name", ["http-dns", "lossy-three-connections"])
def test_ladders(name: str, medium: Medium, width: int, picture: SnapshotAssertion) -> None:
    report = sample(f"{name}.pcapng")
    sheet = Sheet("p", medium=medium, width=width)
    connection = report.connections[0]
    steps = drawn_steps(connection, frame_labels(report.http, connection))
    diagram = Conversation(connection, sheet.phrases).whole(steps)
    assert diagram is not None
    assert ladder(diagram, sheet) == picture


@pytest.mark.parametrize("medium", ["file", "paper"])
def test_charts(medium: Medium, picture: SnapshotAssertion) -> None:
    report = sample("lossy-three-connections.pcapng")
    sheet = Sheet("p", medium=medium)
    assert timeline(report, sheet) == picture(name="timeline")
    assert time_sequence(report.connections[2], sheet) == picture(name="time-sequence")


def test_the_same_picture_every_time() -> None:
    report = sample("lossy-three-connections.pcapng")
    assert timeline(report, Sheet("p")) == timeline(report, Sheet("p"))
