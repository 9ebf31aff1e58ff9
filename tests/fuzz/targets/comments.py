"""Comments that are written into a capture can be taken out again, and all else stays as it was."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pcap_report.capture.comments import copied
from pcap_report.capture.pcapng_blocks import walk_pcapng
from pcap_report.capture.records import FileFacts
from pcap_report.errors import NotACaptureError
from tests.fuzz.targets import shards

if TYPE_CHECKING:
    from collections.abc import Iterator


def seeds() -> Iterator[bytes]:
    """The pcapng files of the shards' target."""
    yield from (seed for seed in shards.seeds() if seed.startswith(b"\n\r\r\n"))


def attempt(data: bytes) -> None:
    """Write comments, and take them out."""
    bare, commented, again = io.BytesIO(), io.BytesIO(), io.BytesIO()
    try:
        copied(io.BytesIO(data), bare, {})
        count = copied(io.BytesIO(data), commented, {1: ["one", "two"], 2: ["three"]})
    except NotACaptureError:
        return
    commented.seek(0)
    assert copied(commented, again, {}) == 0
    once_more = io.BytesIO()
    copied(io.BytesIO(again.getvalue()), once_more, {})
    assert once_more.getvalue() == again.getvalue()
    assert count <= 2
    before, after = FileFacts("", 0), FileFacts("", 0)
    whole = list(walk_pcapng(io.BytesIO(bare.getvalue()), before))
    assert list(walk_pcapng(io.BytesIO(commented.getvalue()), after)) == whole
    assert before.cut == after.cut
