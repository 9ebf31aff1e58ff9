"""Whoever gives up ends the tshark that was run for him, and the one that would begin only now."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pcap_report.capture.errand import Errand
from pcap_report.capture.process import TsharkRun
from pcap_report.capture.tshark import find_tshark
from pcap_report.errors import TsharkError

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "http-dns.pcapng"


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Path]:
    """A capture whose end does not come."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes")
    path = tmp_path / "endless.pcapng"
    os.mkfifo(path)
    with ExitStack() as stack:
        both = os.open(path, os.O_RDWR)  # so that nobody waits for the other end
        stack.callback(os.close, both)
        os.write(both, SAMPLE.read_bytes()[:2000])
        yield path


def test_its_tshark_ends(endless: Path) -> None:
    errand = Errand()
    statuses: list[int | None] = []
    begun = threading.Event()
    arguments = ["-l", "-r", str(endless), "-T", "fields", "-e", "frame.number"]

    def read() -> None:
        with errand.begun(), TsharkRun(find_tshark().path, arguments) as run:
            for _ in run:
                begun.set()  # the rest of the lines does not come
            statuses.append(run.exit_status)

    reading = threading.Thread(target=read)
    reading.start()
    assert begun.wait(60)
    assert not statuses
    errand.give_up()
    reading.join(60)
    assert not reading.is_alive()
    assert statuses
    assert statuses != [0]


def test_nothing_begins_for_somebody_who_has_given_up() -> None:
    errand = Errand()
    errand.give_up()
    with (
        errand.begun(),
        pytest.raises(TsharkError, match="Nobody waits"),
        TsharkRun(find_tshark().path, ["-r", str(SAMPLE)]),
    ):
        pytest.fail("it has begun")


def test_what_was_run_before_and_elsewhere_goes_on() -> None:
    errand = Errand()
    with errand.begun():
        pass
    errand.give_up()
    arguments = ["-r", str(SAMPLE), "-T", "fields", "-e", "frame.number"]
    with TsharkRun(find_tshark().path, arguments) as run:
        assert len(list(run)) > 10
    assert run.exit_status == 0
