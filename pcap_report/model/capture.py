"""Facts about the capture file and about how it was read."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

StopReason: TypeAlias = Literal["crashed", "memory", "time", "silent", "output", "inflated", "left_out"]
"""Why tshark did not read a capture to its end: a signal killed it; it needed more memory, or more processor
time, than it may have; it said nothing more; a row or file of its was larger than it may be; a compressed
capture unfolds to more than is read; it ended as if all was well, and left frames out."""


class Generator(Struct, frozen=True):
    """Who made the report."""

    name: str
    version: str
    tshark_version: str


class Interface(Struct, frozen=True):
    """An interface that the capture says it was recorded on."""

    name: str | None
    """Its name, where the file format has one (pcapng)."""
    link_type: str
    """libpcap's name of the link-layer header type, in lower case: ``ethernet``, ``linux_sll`` …"""
    description: str | None = None
    capture_filter: str | None = None
    """The capture filter that was set while recording, as text."""
    snap_length: int | None = None
    """Bytes kept of each packet; None where unlimited or unknown."""
    dropped: int | None = None
    """Packets that the interface dropped, where the file says so."""


class DuplicateFrames(Struct, frozen=True):
    """Frames that the capture holds twice, byte for byte, within a short window."""

    count: int
    frames: tuple[int, ...]


class ForwardedFrames(Struct, frozen=True):
    """Frames whose packet came a moment ago in another frame, with another link header or TTL.

    So it is when it was recorded before and behind a router, or on a bridge and its port. Told of IPv4 with
    an identification only, where it is proof (RFC 6864, 4.1); the checksum of TCP is among what is compared.
    """

    count: int
    frames: tuple[int, ...]


class FrameComment(Struct, frozen=True):
    """A comment that somebody wrote to a packet, kept in a pcapng file."""

    frame: int
    text: str


class TimeReversals(Struct, frozen=True):
    """Frames that carry an earlier time than the frame before them."""

    count: int
    frames: tuple[int, ...]
    largest_ms: float
    """The largest step back in time, in milliseconds."""


class ProtocolCount(Struct, frozen=True):
    """A node of the protocol hierarchy."""

    path: str
    """Protocols from the outermost inwards, joined by colons: ``eth:ip:tcp:tls``."""
    packets: int
    bytes: int


class ReadingStopped(Struct, frozen=True):
    """tshark stopped before the end of the capture; what is said is true up to a frame."""

    reason: StopReason
    after_frame: int
    """The last frame that was read."""
    note: str
    """What happened, in English."""


class CaptureInfo(Struct, frozen=True):
    """The capture: the file, its span in time, and what was in it."""

    file: str
    """File name without its folder."""
    sha256: str
    format: str
    """``pcap``, ``pcapng`` …, with ``(gzip)`` where it was compressed."""
    bytes: int
    """Size of the file in bytes."""
    packets: int
    first_packet_at: str | None
    """RFC 3339, UTC, with as many decimals as the capture has."""
    duration_s: float | None
    interfaces: tuple[Interface, ...]
    truncated: bool
    """The file ends in the middle of a packet, or could not be read to its end."""
    duplicate_frames: DuplicateFrames | None
    """None where the frames could not be compared."""
    protocols: tuple[ProtocolCount, ...]
    display_filter: str | None = None
    """The display filter that the reading was limited to."""
    comment: str | None = None
    """The comment in the file's header."""
    capture_application: str | None = None
    """The program that wrote the file, as it says."""
    capture_os: str | None = None
    snapped_packets: int = 0
    """Packets of which the capture does not hold every byte."""
    reader_note: str | None = None
    """What tshark said when it could not read to the end."""
    comments: tuple[FrameComment, ...] = ()
    """Comments of packets, the first thousand."""
    time_reversals: TimeReversals | None = None
    """None when time only goes forward."""
    missing_fields: tuple[str, ...] = ()
    """Fields that this tshark does not know, and that read as unknown."""
    stopped: ReadingStopped | None = None
    """Why tshark did not read to the end, where the file goes on; ``truncated`` is then true."""
    forwarded_frames: ForwardedFrames | None = None
    """None where there are none, or the frames could not be compared."""
    anonymized: bool = False
    """Addresses, names and dates are pseudonyms (``--anonymize``)."""


def frames_seen_before(capture: CaptureInfo) -> frozenset[int]:
    """Return the frames whose packet the capture held already: what looks like a repetition there is none."""
    twice = capture.duplicate_frames.frames if capture.duplicate_frames else ()
    forwarded = capture.forwarded_frames.frames if capture.forwarded_frames else ()
    return frozenset((*twice, *forwarded))
