"""A pcap-report.toml is read, or refused; it may have come along with a stranger's capture."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pcap_report.cli.configuration import NAME, Wishes, complete, judging
from pcap_report.cli.settings import Settings
from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


def seeds() -> Iterator[bytes]:
    """A file with one of everything, and values that have their own way to be wrong."""
    yield b'title = "T"\nauthor = "A"\ndate = 2026-01-01\nlang = "es"\nprofile = "brief"\ntemplate = "x"\n'
    yield b'[settings."tcp.reset"]\nseverity = "low"\n[[accept]]\nrule = "tcp.*"\nreason = "r"\n'
    yield b'[[rules]]\nid = "a.b"\nseverity = "low"\neach = "report"\nwhen = "1 == 1"\nsummary = "s"\n'
    yield b"title = " + b"1" * 5000
    yield b"a = " + b"[" * 2000


def attempt(data: bytes) -> None:
    """Read it beside a capture."""
    with tempfile.TemporaryDirectory(prefix="pcap-report-fuzz-") as folder:
        Path(folder, NAME).write_bytes(data)
        capture = str(Path(folder, "capture.pcap"))
        for ask in (_complete, _judge):
            try:
                ask(capture)
            except UsageError as error:
                assert NAME in error.message


def _complete(capture: str) -> None:
    complete(Wishes(), capture, Settings(quiet=True))


def _judge(capture: str) -> None:
    judging(capture, None)
