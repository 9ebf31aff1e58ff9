"""Tell a packet capture from other files by its first bytes.

tshark opens texts, pictures and programs too and ends with exit status 0; a file that begins with none of
these is no capture for us.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pcap_report.capture.names_nearby import instead_of_folder, instead_of_missing
from pcap_report.errors import NotACaptureError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

_PCAP: Final = (b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1")
_PCAP_NANO: Final = (b"\xa1\xb2\x3c\x4d", b"\x4d\x3c\xb2\xa1")
_PCAP_MODIFIED: Final = (b"\xa1\xb2\xcd\x34", b"\x34\xcd\xb2\xa1")
_PCAPNG: Final = b"\x0a\x0d\x0d\x0a"
GZIP: Final = b"\x1f\x8b"
_OTHERS: Final = {
    b"snoop\0\0\0": "snoop",
    b"btsnoop\0": "btsnoop",
    b"RTSS": "netmon",
    b"GMBU": "netmon",
    b"XCP\0": "netxray",
    b"TRSNIFF data    \x1a": "sniffer",
    b"iptrace 1.0": "iptrace",
    b"iptrace 2.0": "iptrace",
    b"\x05VNF": "visual",
    b"ObserverPktBuffe": "observer",
    b"\xaa\xaa\xaa\xaa": "5views",
    b"\x54\x52\x00\x64": "nettl",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x04\x22\x4d\x18": "lz4",
}
_HEAD: Final = 24


@dataclass(frozen=True)
class CaptureFormat:
    """The format of a capture file.

    Attributes:
        name: ``pcap``, ``pcapng`` or another format that tshark reads.
        compressed: gzip around it.
    """

    name: str
    compressed: bool

    @property
    def label(self) -> str:
        """The format as reports write it."""
        return f"{self.name} (gzip)" if self.compressed else self.name


def capture_format(path: Path) -> CaptureFormat:
    """Look at the first bytes of a file.

    Raises:
        UsageError: there is no such file, it is a folder, or it may not be read.
        NotACaptureError: it is empty, or its beginning is not that of a capture.
    """
    head = _head(path)
    if not head:
        raise NotACaptureError(f"{path} is empty (0 bytes): there is no capture in it")
    compressed = head.startswith(GZIP)
    if compressed:
        head = _inside(path)
    name = _name(head)
    if name is None:
        message = f"{path} is not a packet capture: its first bytes are those of no capture format"
        raise NotACaptureError(
            message, "pcap-report reads pcap and pcapng files, also with gzip around them."
        )
    return CaptureFormat(name, compressed)


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise UsageError(f"{path} is a folder, not a capture", instead_of_folder(path))
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}", instead_of_missing(path)) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


def _inside(path: Path) -> bytes:
    try:
        with gzip.open(path, "rb") as file:
            return file.read(_HEAD)
    except (OSError, EOFError, zlib.error):
        return b""


def _name(head: bytes) -> str | None:
    start = head[:4]
    if start in _PCAP or start in _PCAP_NANO or start in _PCAP_MODIFIED:
        return "pcap"
    if start == _PCAPNG:
        return "pcapng"
    return next((name for magic, name in _OTHERS.items() if head.startswith(magic)), None)
