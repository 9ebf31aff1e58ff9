"""What walking through a capture file yields, frame by frame and as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pcap_report.capture.hellos import HelloBytes


class FrameRecord(NamedTuple):
    """A frame as it lies in the file."""

    time_ns: int
    """Nanoseconds since the Unix epoch."""
    captured: int
    """Bytes in the file."""
    length: int
    """Bytes on the wire."""
    interface: int
    data: bytes
    """The captured bytes."""


@dataclass
class InterfaceFacts:
    """An interface description of the file."""

    link_type: int
    snap_length: int | None = None
    name: str | None = None
    description: str | None = None
    capture_filter: str | None = None
    dropped: int | None = None


@dataclass
class FileFacts:
    """What the bytes of the file say."""

    sha256: str
    size: int
    interfaces: list[InterfaceFacts] = field(default_factory=list)
    frames: int = 0
    snapped: int = 0
    cut: bool = False
    """The file ends in the middle of a block, or a block's length makes no sense."""
    walked: bool = False
    """The file was walked through; False for formats that only tshark reads."""
    comment: str | None = None
    application: str | None = None
    system: str | None = None
    comments: list[tuple[int, str]] = field(default_factory=list)
    """Frame and text of packet comments."""
    has_secrets: bool = False
    """There are decryption secrets in the file."""
    key_logs: list[bytes] = field(default_factory=list, repr=False)
    """TLS key logs in it, as they stand there; bounded."""
    duplicate_frames: list[int] = field(default_factory=list)
    duplicate_count: int = 0
    forwarded_frames: list[int] = field(default_factory=list)
    forwarded_count: int = 0
    hellos: list[HelloBytes] = field(default_factory=list)
    """TLS hellos that were recognised by their bytes, in order."""
    hellos_left_out: int = 0
    """Hellos beyond the number that is kept."""
