"""Rules about TCP: connections that did not come about, broke, or lost segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.capture import frames_seen_before
from pcap_report.model.message import msg, msg_n
from pcap_report.rules.base import Limits, Rule, Sighting, Threshold, seen_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report


def _refused(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        handshake = one.tcp_handshake
        if handshake and handshake.outcome == "refused" and handshake.refused_frame:
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s was refused by port %(port)s.", number=one.id, port=one.server.port
                ),
                (handshake.refused_frame,),
            )


def _unanswered(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        handshake = one.tcp_handshake
        if handshake and handshake.outcome == "unanswered" and handshake.syn:
            frames = (handshake.syn.frame, *handshake.syn_retries)
            yield seen_in(
                one,
                msg_n(
                    "Connection %(number)s was never answered: %(count)s SYN went out.",
                    "Connection %(number)s was never answered: %(count)s SYNs went out.",
                    len(frames),
                    number=one.id,
                ),
                frames,
            )


def _reset(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        teardown = one.teardown
        refused = one.tcp_handshake is not None and one.tcp_handshake.outcome == "refused"
        if teardown and teardown.outcome == "reset" and teardown.resets and not refused:
            frames = tuple(reset.frame for reset in teardown.resets)
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s was cut off by a reset from the %(side_term)s.",
                    number=one.id,
                    side_term=teardown.resets[0].sender,
                ),
                frames,
            )


def _reset_after_fin(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        teardown = one.teardown
        if teardown and teardown.outcome == "reset_after_fin":
            frames = tuple(reset.frame for reset in teardown.resets)
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s: a reset follows the FIN; one end dropped its socket early.",
                    number=one.id,
                ),
                frames,
            )


def _retransmissions(report: Report, _: Limits) -> Iterator[Sighting]:
    """Wireshark flags fast and spurious ones as retransmissions, too."""
    twice = frames_seen_before(report.capture)
    for one in report.connections:
        phenomena = one.tcp_phenomena
        if phenomena is None:
            continue
        again = phenomena.retransmission
        frames = sorted(set(again.frames) - twice)
        unlisted = again.count - len(again.frames)
        if frames:
            yield seen_in(
                one,
                msg_n(
                    "Connection %(number)s: %(count)s segment was sent again.",
                    "Connection %(number)s: %(count)s segments were sent again.",
                    len(frames) + unlisted,
                    number=one.id,
                ),
                tuple(frames),
            )


def _zero_window(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        stalled = one.tcp_phenomena.zero_window if one.tcp_phenomena else None
        if stalled and stalled.count:
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s: a receiver closed its window and made the sender wait.",
                    number=one.id,
                ),
                stalled.frames,
            )


def _loss(report: Report, limits: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        performance = one.tcp_performance
        if performance is None or one.tcp_phenomena is None:
            continue
        segments = performance.client.segments + performance.server.segments
        if not segments:
            continue
        again = one.tcp_phenomena.retransmission
        # a SYN or a FIN that is sent again carries no data
        count = performance.client.retransmitted + performance.server.retransmitted
        if again.corrected_count is not None:
            count = min(count, again.corrected_count)
        if count < limits["segments"]:
            continue
        percent = 100 * count / segments
        if percent >= limits["rate_percent"]:
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s: %(again_percent)s of the segments with data were sent again.",
                    number=one.id,
                    again_percent=round(percent, 1),
                ),
                again.frames,
            )


def _slow_handshake(report: Report, limits: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        handshake = one.tcp_handshake
        if handshake and handshake.rtt_ms is not None and handshake.rtt_ms >= limits["rtt_ms"]:
            steps = (handshake.syn, handshake.syn_ack, handshake.ack)
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s: the TCP handshake took %(rtt_ms)s.",
                    number=one.id,
                    rtt_ms=handshake.rtt_ms,
                ),
                (step.frame for step in steps if step),
            )


def _half_closed(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        teardown = one.teardown
        both_recorded = one.client_packets and one.server_packets
        if teardown and teardown.outcome == "half_closed" and teardown.fins and both_recorded:
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s: only the %(side_term)s said that it was done.",
                    number=one.id,
                    side_term=teardown.fins[0].sender,
                ),
                (fin.frame for fin in teardown.fins),
            )


def _small_mss(report: Report, limits: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        handshake = one.tcp_handshake
        opening = (handshake.syn, handshake.syn_ack) if handshake else ()
        small = [syn for syn in opening if syn and syn.mss is not None and syn.mss < limits["mss_bytes"]]
        if small:
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s: one end takes segments of %(size_bytes)s at most.",
                    number=one.id,
                    size_bytes=min(syn.mss for syn in small if syn.mss is not None),
                ),
                (syn.frame for syn in small),
            )


def _slow_server(report: Report, limits: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        waiting = one.tcp_performance.waiting if one.tcp_performance else None
        slow = waiting and waiting.longest == "server" and waiting.server_think_ms >= limits["waited_ms"]
        if waiting and slow:
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s: the server thought for %(server_ms)s, and the network took"
                    " %(network_ms)s.",
                    number=one.id,
                    server_ms=waiting.server_think_ms,
                    network_ms=waiting.network_ms,
                ),
                _longest_wait(one),
            )


def _longest_wait(one: Connection) -> tuple[int, ...]:
    """The last frame of the request that waited longest, and the first of its answer."""
    data = one.app_data
    answered = [
        exchange
        for exchange in (data.exchanges if data else ())
        if exchange.latency_ms is not None and exchange.responses
    ]
    if data is None or not answered:
        return ()
    longest = max(answered, key=lambda exchange: exchange.latency_ms or 0)
    places = (longest.request, longest.responses[0])
    if max(places) >= len(data.bursts):
        return ()
    asked, answer = (data.bursts[place].frames for place in places)
    return (*asked[-1:], *answer[:1])


RULES: Final = (
    Rule("tcp.refused", "medium", msg("The service is not there, or a firewall rejects it."), _refused),
    Rule("tcp.unanswered", "medium", msg("The host is down, or a firewall drops the packets."), _unanswered),
    Rule("tcp.reset", "medium", msg("Data may be lost when a connection ends without FIN."), _reset),
    Rule(
        "tcp.reset_after_fin",
        "info",
        msg("Common behind proxies; data in flight may be lost."),
        _reset_after_fin,
    ),
    Rule(
        "tcp.retransmission",
        "low",
        msg("Lost or late segments cost at least a round trip each."),
        _retransmissions,
    ),
    Rule(
        "tcp.loss",
        "medium",
        msg("From a few per cent of loss on, TCP slows down to a fraction of what the path could carry."),
        _loss,
        (
            Threshold("rate_percent", 2.0, msg("share of segments with data that were sent again")),
            Threshold("segments", 5, msg("segments sent again, below which nothing is said")),
        ),
    ),
    Rule(
        "tcp.zero_window", "medium", msg("The receiving application does not read fast enough."), _zero_window
    ),
    Rule(
        "tcp.slow_handshake",
        "low",
        msg("Every connection and every exchange on it pays this round trip at least once."),
        _slow_handshake,
        (Threshold("rtt_ms", 300, msg("from the SYN that was answered to the ACK")),),
    ),
    Rule(
        "tcp.half_closed",
        "info",
        msg("A side that never closes keeps its socket, and may have been cut off or have hung."),
        _half_closed,
    ),
    Rule(
        "tcp.small_mss",
        "low",
        msg("Small segments cost throughput, and a very small limit hints at a tunnel or a wrong setting."),
        _small_mss,
        (Threshold("mss_bytes", 536, msg("least MSS that is not remarked on (RFC 9293, 3.7.1)")),),
    ),
    Rule(
        "tcp.slow_server",
        "low",
        msg("The application is what makes people wait, not the network."),
        _slow_server,
        (Threshold("waited_ms", 1000, msg("time that the server thought, summed over its answers")),),
    ),
)
