"""Put together what is known about the capture as a whole: the file, its span, its protocols."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pcap_report.capture.link_types import link_type_name
from pcap_report.model.capture import (
    CaptureInfo,
    DuplicateFrames,
    ForwardedFrames,
    FrameComment,
    Interface,
    ProtocolCount,
    ReadingStopped,
    TimeReversals,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat
    from pcap_report.capture.records import InterfaceFacts
    from pcap_report.engine.clock import Clock
    from pcap_report.engine.first_reading import FirstReading
    from pcap_report.engine.options import Options
    from pcap_report.engine.reading import Reading

_PROTOCOLS_LISTED: Final = 500


def capture_info(path: Path, form: CaptureFormat, first: FirstReading, options: Options) -> CaptureInfo:
    """Return what is known about the capture as a whole."""
    facts, reading, ending = first.facts, first.reading, first.ending
    clock = reading.clock
    stopped = _stopped(first, options)
    return CaptureInfo(
        file=path.name,
        sha256=facts.sha256,
        format=form.label,
        bytes=facts.size,
        packets=reading.packets,
        first_packet_at=None if clock.first_ns is None else _timestamp(clock.first_ns),
        duration_s=None if clock.first_ns is None else (clock.last_ns - clock.first_ns) / 1_000_000_000,
        interfaces=tuple(_interface(one) for one in facts.interfaces),
        truncated=facts.cut or not ending.complete or stopped is not None,
        duplicate_frames=DuplicateFrames(facts.duplicate_count, tuple(facts.duplicate_frames))
        if facts.walked
        else None,
        forwarded_frames=ForwardedFrames(facts.forwarded_count, tuple(facts.forwarded_frames))
        if facts.forwarded_count
        else None,
        protocols=_protocols(reading),
        display_filter=options.display_filter,
        comment=facts.comment,
        capture_application=facts.application,
        capture_os=facts.system,
        snapped_packets=reading.snapped,
        reader_note=ending.remark or None if not ending.complete else None,
        comments=tuple(FrameComment(frame, text) for frame, text in facts.comments),
        time_reversals=_reversals(clock),
        missing_fields=ending.missing_fields,
        stopped=stopped,
    )


def _stopped(first: FirstReading, options: Options) -> ReadingStopped | None:
    """Tell whether tshark stopped early, also without a word: the frames of the file were counted."""
    facts, reading, ending = first.facts, first.reading, first.ending
    if ending.breakdown is not None:
        return ReadingStopped(ending.breakdown.reason, ending.last_frame, ending.breakdown.text)
    if ending.complete and facts.walked and not options.display_filter and reading.packets < facts.frames:
        note = f"tshark ended without a word after {reading.packets} of {facts.frames} frames"
        return ReadingStopped("left_out", ending.last_frame, note)
    return None


def _reversals(clock: Clock) -> TimeReversals | None:
    if not clock.reversals:
        return None
    return TimeReversals(clock.reversals, tuple(clock.reversal_frames), clock.largest_reversal_ns / 1e6)


def _interface(facts: InterfaceFacts) -> Interface:
    return Interface(
        name=facts.name,
        link_type=link_type_name(facts.link_type),
        description=facts.description,
        capture_filter=facts.capture_filter,
        snap_length=facts.snap_length,
        dropped=facts.dropped,
    )


def _timestamp(time_ns: int) -> str | None:
    """Write a time as RFC 3339 in UTC, with microseconds, or nanoseconds where the capture has them.

    None for a time that RFC 3339 cannot write: behind the year 9999, or before the year 1.
    """
    seconds, rest = divmod(time_ns, 1_000_000_000)
    try:
        whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except (OverflowError, ValueError, OSError):
        return None
    fraction = f"{rest:09d}" if rest % 1000 else f"{rest // 1000:06d}"
    return f"{whole}.{fraction}Z"


def _protocols(reading: Reading) -> tuple[ProtocolCount, ...]:
    """Build the hierarchy: every path counts for all its beginnings, as in ``tshark -z io,phs``."""
    totals: dict[tuple[str, ...], list[int]] = {}
    for path, count in reading.paths.items():
        layers = tuple(layer for layer in path.split(":") if layer != "ethertype")
        for end in range(1, len(layers) + 1):
            total = totals.setdefault(layers[:end], [0, 0])
            total[0] += count.packets
            total[1] += count.byte_count
    rows = sorted(totals.items())[:_PROTOCOLS_LISTED]
    return tuple(ProtocolCount(":".join(layers), *total) for layers, total in rows)
