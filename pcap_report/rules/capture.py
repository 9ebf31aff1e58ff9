"""Rules about the capture itself: what makes its counts doubtful."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg, msg_n
from pcap_report.rules.base import NO_FRAME, Limits, Rule, Sighting, Threshold, seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.report import Report


def _duplicates(report: Report, _: Limits) -> Iterator[Sighting]:
    found = report.capture.duplicate_frames
    if found and found.count:
        yield seen(
            msg_n(
                "The capture holds %(count)s frame twice; Wireshark takes such frames for retransmissions and"
                " repeated acknowledgements.",
                "The capture holds %(count)s frames twice; Wireshark takes such frames for retransmissions"
                " and repeated acknowledgements.",
                found.count,
            ),
            found.frames,
        )


def _dropped(report: Report, _: Limits) -> Iterator[Sighting]:
    count = sum(one.dropped or 0 for one in report.capture.interfaces)
    if count:
        yield Sighting(
            msg_n(
                "The recording lost %(count)s packet: what looks like loss may be none.",
                "The recording lost %(count)s packets: what looks like loss may be none.",
                count,
            ),
            None,
            (),
            NO_FRAME,
        )


def _snapped(report: Report, _: Limits) -> Iterator[Sighting]:
    if report.capture.snapped_packets:
        yield Sighting(
            msg_n(
                "The end of %(count)s packet was not recorded.",
                "The end of %(count)s packets was not recorded.",
                report.capture.snapped_packets,
            ),
            None,
            (),
            "frame.cap_len < frame.len",
        )


def _one_sided(report: Report, limits: Limits) -> Iterator[Sighting]:
    found = [
        one
        for one in report.connections
        if (one.client_packets == 0 or one.server_packets == 0)
        and one.packets >= limits["packets"]
        and not (one.tcp_handshake and one.tcp_handshake.outcome == "unanswered")
    ]
    if found:
        yield seen(
            msg_n(
                "Of %(count)s connection only one direction was recorded.",
                "Of %(count)s connections only one direction was recorded.",
                len(found),
            ),
            (one.first_frame for one in found),
        )


def _forwarded(report: Report, _: Limits) -> Iterator[Sighting]:
    found = report.capture.forwarded_frames
    if found:
        yield seen(
            msg_n(
                "%(count)s frame holds a packet that was recorded a moment before with another link header or"
                " TTL; Wireshark takes such frames for retransmissions and repeated acknowledgements.",
                "%(count)s frames hold packets that were recorded a moment before with another link header or"
                " TTL; Wireshark takes such frames for retransmissions and repeated acknowledgements.",
                found.count,
            ),
            found.frames,
        )


def _backwards(report: Report, _: Limits) -> Iterator[Sighting]:
    found = report.capture.time_reversals
    if found and found.count:
        yield seen(
            msg_n(
                "Time goes backwards in front of %(count)s frame, by %(largest_ms)s at most.",
                "Time goes backwards in front of %(count)s frames, by %(largest_ms)s at most.",
                found.count,
                largest_ms=found.largest_ms,
            ),
            found.frames,
        )


def _offload(report: Report, limits: Limits) -> Iterator[Sighting]:
    sizes = [
        side.largest_segment_bytes
        for one in report.connections
        if one.tcp_performance
        for side in (one.tcp_performance.client, one.tcp_performance.server)
    ]
    if sizes and max(sizes) > limits["segment_bytes"]:
        yield Sighting(
            msg(
                "Segments of up to %(largest_bytes)s were recorded before the network adapter split them, or"
                " after it joined them.",
                largest_bytes=max(sizes),
            ),
            None,
            (),
            f"tcp.len > {limits['segment_bytes']:.0f}",
        )


RULES: Final = (
    Rule(
        "capture.dropped",
        "medium",
        msg("Counts, gaps and retransmissions are doubtful, and what is missing cannot be told."),
        _dropped,
    ),
    Rule(
        "capture.snapped",
        "info",
        msg("Handshakes, names and certificates may be missing from the report."),
        _snapped,
    ),
    Rule(
        "capture.one_sided",
        "low",
        msg("Nothing can be said of round trips, of who waited, or of what the other side answered."),
        _one_sided,
        (Threshold("packets", 4, msg("packets of a connection, from which on it counts")),),
    ),
    Rule(
        "capture.duplicates",
        "low",
        msg("Recorded on two ports or interfaces at once: what looks like loss is none."),
        _duplicates,
    ),
    Rule(
        "capture.forwarded",
        "low",
        msg("Recorded before and behind a router or bridge at once: what looks like loss is none."),
        _forwarded,
    ),
    Rule(
        "capture.time_reversed",
        "low",
        msg("Times and round trips around these frames are wrong; several sources were put together."),
        _backwards,
    ),
    Rule(
        "capture.offload",
        "info",
        msg("What is seen here is not what travelled: sizes and counts of segments are the machine's own."),
        _offload,
        (Threshold("segment_bytes", 9000, msg("largest segment that a network carries (jumbo frames)")),),
    ),
)
