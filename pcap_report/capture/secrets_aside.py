"""Set the secrets of a pcapng file aside, so that the packets are read as they travelled.

tshark decrypts with the secrets that it finds in a file, and nothing tells it not to. What a report says of
records and bursts must not depend on whether somebody kept the keys: so a file with secrets is read from a
private copy without them, and only the look inside reads the file itself.
"""

from __future__ import annotations

import contextlib
import gzip
import struct
import tempfile
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.capture.magic import CaptureFormat

_SECRETS: Final = 10
_PACKETS: Final = frozenset((2, 3, 6))
_BYTE_ORDER: Final = b"\x1a\x2b\x3c\x4d"
_LARGEST_BLOCK: Final = 256 * 1024 * 1024


def begins_with_secrets(path: Path, form: CaptureFormat) -> bool:
    """Tell whether there are secrets before the first packet, where programs put them."""
    if form.name != "pcapng":
        return False
    with _opened(path, form) as file:
        for kind, _ in _blocks(file):
            if kind == _SECRETS:
                return True
            if kind in _PACKETS:
                return False
    return False


@contextlib.contextmanager
def without_secrets(path: Path, form: CaptureFormat) -> Iterator[Path]:
    """Yield a private copy of a pcapng file that holds all of its blocks but the secrets."""
    with tempfile.TemporaryDirectory(prefix="pcap-report-") as folder:
        copy = Path(folder, path.name.removesuffix(".gz") or "capture")
        with _opened(path, form) as file, copy.open("xb") as target:
            for kind, block in _blocks(file):
                if kind != _SECRETS:
                    target.write(block)
        yield copy


def _opened(path: Path, form: CaptureFormat) -> IO[bytes]:
    return gzip.open(path, "rb") if form.compressed else path.open("rb")  # type: ignore[return-value]  # GzipFile reads like any file


def _blocks(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield every block with its kind; a cut-off end as it is, under kind 0."""
    order = "<"
    with contextlib.suppress(EOFError, zlib.error, gzip.BadGzipFile):
        while head := file.read(12):
            if head[:4] == b"\x0a\x0d\x0d\x0a":
                order = ">" if head[8:] == _BYTE_ORDER else "<"
            if len(head) < 12:
                yield 0, head
                return
            kind, length = struct.unpack(f"{order}II", head[:8])
            if length < 12 or length > _LARGEST_BLOCK or length % 4:
                yield 0, head + file.read(_LARGEST_BLOCK)
                return
            rest = file.read(length - 12)
            yield (kind if len(rest) == length - 12 else 0), head + rest
