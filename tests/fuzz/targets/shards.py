"""A capture cut into shards, and put together again in the order of its frames, is the capture."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.capture.file_facts import file_facts
from pcap_report.capture.magic import CaptureFormat, capture_format
from pcap_report.capture.records import FileFacts, FrameRecord
from pcap_report.capture.shards import can_be_cut, cut
from pcap_report.capture.walkers import WALKERS, opened
from pcap_report.errors import NotACaptureError
from tests.dialogue.files import Pcapng, frames, pcap

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLES: Final = Path(__file__).parents[3] / "samples"


def seeds() -> Iterator[bytes]:
    """Small files of both formats, in both byte orders."""
    two = [frames(2)[0], frames(3, b"x" * 20)[2]]
    for order in ("<", ">"):
        yield pcap(two, order="<" if order == "<" else ">")
        file = Pcapng("<" if order == "<" else ">").section({4: b"x"}).interface(options={2: b"eth0"})
        file.packet(two[0], options={1: b"a comment"}).simple_packet(two[1]).block(0xBAD, bytes(8))
        yield bytes(file.statistics(options={5: file.number(3)}))
    yield (_SAMPLES / "http-dns.pcapng").read_bytes()[:4000]


def attempt(data: bytes) -> None:
    """Cut a file into three."""
    with tempfile.TemporaryDirectory(prefix="pcap-report-fuzz-") as folder:
        path = Path(folder, "capture")
        path.write_bytes(data)
        try:
            form = capture_format(path)
        except NotACaptureError:
            return
        if can_be_cut(form):
            _cut(path, form, Path(folder, "shards"))


def _cut(path: Path, form: CaptureFormat, folder: Path) -> None:
    facts = file_facts(path, form)
    whole = _frames(path, form)
    assert len(whole) == facts.frames
    folder.mkdir()
    shards = cut(path, form, 3, folder)
    if shards is None:
        assert not list(folder.iterdir()), "shards are left of a capture that is not cut"
        return
    captures = [
        one for one in folder.iterdir() if one.suffix != ".frames"
    ]  # their frames' numbers stand beside
    assert sorted(captures) == sorted(shard.path for shard in shards)
    found: dict[int, FrameRecord] = {}
    for shard in shards:
        assert shard.frames
        assert all(before < after for before, after in pairwise(shard.frames))
        # a file in which something is damaged is read as far as that, here as there
        found.update(zip(shard.frames, _frames(shard.path, CaptureFormat(form.name, False)), strict=False))
    for number, record in enumerate(whole, 1):
        assert found[number] == record, f"frame {number} is another one"
    if not facts.cut:
        assert sorted(found) == list(range(1, len(whole) + 1))


def _frames(path: Path, form: CaptureFormat) -> list[FrameRecord]:
    with opened(path, form) as file:
        try:
            return list(WALKERS[form.name](file, FileFacts("", 0)))
        except (OSError, EOFError):
            return []
