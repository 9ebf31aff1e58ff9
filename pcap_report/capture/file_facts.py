"""What the bytes of a capture file say without a dissector: interfaces, gaps, doubles, the end.

pcap: the libpcap file format; pcapng: draft-ietf-opsawg-pcapng. Other formats are left to tshark.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from pcap_report.capture.duplicates import DuplicateFinder
from pcap_report.capture.hellos import HelloFinder
from pcap_report.capture.records import FileFacts, FrameRecord
from pcap_report.capture.walkers import WALKERS, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat


def file_facts(path: Path, form: CaptureFormat) -> FileFacts:
    """Read a capture file once and return what its bytes say.

    Args:
        path: the file.
        form: what :func:`pcap_report.capture.magic.capture_format` said of it.

    Raises:
        OSError: the file cannot be read.
    """
    facts = FileFacts(sha256=_sha256(path), size=path.stat().st_size)
    if form.name not in WALKERS:
        return facts
    duplicates, hellos = DuplicateFinder(facts), HelloFinder()
    for record in _walk(path, form, facts):
        facts.frames += 1
        if record.captured < record.length:
            facts.snapped += 1
        duplicates.see(record)
        hellos.see(facts.frames, record.data)
    facts.hellos, facts.hellos_left_out = hellos.hellos, hellos.left_out
    facts.walked = True
    facts.duplicate_frames = duplicates.frames(lambda: _walk(path, form, replace(facts, interfaces=[])))
    facts.duplicate_count = len(facts.duplicate_frames) + duplicates.left_out
    return facts


def _walk(path: Path, form: CaptureFormat, facts: FileFacts) -> Iterator[FrameRecord]:
    with opened(path, form) as file:
        try:
            yield from WALKERS[form.name](file, facts)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            facts.cut = True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
