"""What the bytes of a capture file say without a dissector: interfaces, gaps, doubles, the end.

pcap: the libpcap file format; pcapng: draft-ietf-opsawg-pcapng. Other formats are left to tshark, but for the
end of what zstd and lz4 compressed.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pcap_report.capture.compressed_ends import COMPRESSED, ends_whole
from pcap_report.capture.duplicates import DuplicateFinder
from pcap_report.capture.hellos import HelloFinder
from pcap_report.capture.records import FileFacts, FrameRecord
from pcap_report.capture.walkers import WALKERS, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat


_PIECE: Final = 1 << 20
_LOOK: Final = 1000
"""After how many frames it is asked whether anybody still wants to know."""


class NotWantedError(Exception):
    """Nobody wants to know any more."""


def file_facts(path: Path, form: CaptureFormat, wanted: Callable[[], bool] = lambda: True) -> FileFacts:
    """Read a capture file once and return what its bytes say.

    Args:
        path: the file.
        form: what :func:`pcap_report.capture.magic.capture_format` said of it.
        wanted: asked now and then whether anybody still wants to know.

    Raises:
        OSError: the file cannot be read.
        NotWantedError: nobody does.
    """
    facts = FileFacts(sha256=_sha256(path, wanted), size=path.stat().st_size)
    if form.name not in WALKERS:
        facts.cut = form.name in COMPRESSED and not ends_whole(path)
        return facts
    duplicates, hellos = DuplicateFinder(facts), HelloFinder()
    for record in _walk(path, form, facts, wanted):
        facts.frames += 1
        if record.captured < record.length:
            facts.snapped += 1
        duplicates.see(record)
        hellos.see(facts.frames, record.data)
    facts.hellos, facts.hellos_left_out = hellos.hellos, hellos.left_out
    facts.walked = True
    facts.duplicate_frames = duplicates.frames(
        lambda: _walk(path, form, replace(facts, interfaces=[]), wanted)
    )
    facts.duplicate_count = len(facts.duplicate_frames) + duplicates.left_out
    facts.forwarded_frames = duplicates.forwarded
    facts.forwarded_count = len(duplicates.forwarded) + duplicates.forwarded_left_out
    return facts


def _walk(
    path: Path, form: CaptureFormat, facts: FileFacts, wanted: Callable[[], bool]
) -> Iterator[FrameRecord]:
    with opened(path, form) as file:
        try:
            for number, record in enumerate(WALKERS[form.name](file, facts)):
                if not number % _LOOK and not wanted():
                    raise NotWantedError
                yield record
        except (EOFError, zlib.error, gzip.BadGzipFile):
            facts.cut = True


def _sha256(path: Path, wanted: Callable[[], bool]) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            if not wanted():
                raise NotWantedError
    return digest.hexdigest()
