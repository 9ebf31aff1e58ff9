"""Rules about TCP: connections that did not come about, broke, or lost segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.filters import frame_filter
from pcap_report.model.message import msg, msg_n
from pcap_report.rules.base import Rule, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.report import Report


def _refused(report: Report) -> Iterator[Sighting]:
    for one in report.connections:
        handshake = one.tcp_handshake
        if handshake and handshake.outcome == "refused" and handshake.refused_frame:
            yield Sighting(
                msg(
                    "Connection %(number)s was refused by port %(port)s.", number=one.id, port=one.server.port
                ),
                one.id,
                (handshake.refused_frame,),
                f"{one.display_filter} && {frame_filter((handshake.refused_frame,))}",
            )


def _unanswered(report: Report) -> Iterator[Sighting]:
    for one in report.connections:
        handshake = one.tcp_handshake
        if handshake and handshake.outcome == "unanswered" and handshake.syn:
            frames = (handshake.syn.frame, *handshake.syn_retries)
            yield Sighting(
                msg_n(
                    "Connection %(number)s was never answered: %(count)s SYN went out.",
                    "Connection %(number)s was never answered: %(count)s SYNs went out.",
                    len(frames),
                    number=one.id,
                ),
                one.id,
                frames,
                f"{one.display_filter} && {frame_filter(frames)}",
            )


def _reset(report: Report) -> Iterator[Sighting]:
    for one in report.connections:
        teardown = one.teardown
        refused = one.tcp_handshake is not None and one.tcp_handshake.outcome == "refused"
        if teardown and teardown.outcome == "reset" and teardown.resets and not refused:
            frames = tuple(reset.frame for reset in teardown.resets)
            yield Sighting(
                msg(
                    "Connection %(number)s was cut off by a reset from the %(side_term)s.",
                    number=one.id,
                    side_term=teardown.resets[0].sender,
                ),
                one.id,
                frames,
                f"{one.display_filter} && {frame_filter(frames)}",
            )


def _reset_after_fin(report: Report) -> Iterator[Sighting]:
    for one in report.connections:
        teardown = one.teardown
        if teardown and teardown.outcome == "reset_after_fin":
            frames = tuple(reset.frame for reset in teardown.resets)
            yield Sighting(
                msg(
                    "Connection %(number)s: a reset follows the FIN; one end dropped its socket early.",
                    number=one.id,
                ),
                one.id,
                frames,
                f"{one.display_filter} && {frame_filter(frames)}",
            )


def _retransmissions(report: Report) -> Iterator[Sighting]:
    doubled = report.capture.duplicate_frames
    twice = frozenset(doubled.frames) if doubled else frozenset()
    for one in report.connections:
        phenomena = one.tcp_phenomena
        if phenomena is None:
            continue
        again = (phenomena.retransmission, phenomena.fast_retransmission, phenomena.spurious_retransmission)
        frames = sorted({frame for flagged in again for frame in flagged.frames} - twice)
        if frames:
            yield Sighting(
                msg_n(
                    "Connection %(number)s: %(count)s segment was sent again.",
                    "Connection %(number)s: %(count)s segments were sent again.",
                    len(frames),
                    number=one.id,
                ),
                one.id,
                tuple(frames),
                f"{one.display_filter} && {frame_filter(frames)}",
            )


def _zero_window(report: Report) -> Iterator[Sighting]:
    for one in report.connections:
        stalled = one.tcp_phenomena.zero_window if one.tcp_phenomena else None
        if stalled and stalled.count:
            yield Sighting(
                msg(
                    "Connection %(number)s: a receiver closed its window and made the sender wait.",
                    number=one.id,
                ),
                one.id,
                stalled.frames,
                f"{one.display_filter} && {frame_filter(stalled.frames)}",
            )


RULES: Final = (
    Rule("tcp.refused", "medium", "The service is not there, or a firewall rejects it.", _refused),
    Rule("tcp.unanswered", "medium", "The host is down, or a firewall drops the packets.", _unanswered),
    Rule("tcp.reset", "medium", "Data may be lost when a connection ends without FIN.", _reset),
    Rule(
        "tcp.reset_after_fin", "info", "Common behind proxies; data in flight may be lost.", _reset_after_fin
    ),
    Rule(
        "tcp.retransmission",
        "low",
        "Lost or late segments cost at least a round trip each.",
        _retransmissions,
    ),
    Rule("tcp.zero_window", "medium", "The receiving application does not read fast enough.", _zero_window),
)
