"""What the TCP handshake's record says: its statements and its arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.filters import frame_filter, in_stream
from pcap_report.analyzers.proof import arrow, claim, note
from pcap_report.analyzers.tcp_handshake_sizes import MSS, WINDOW_SCALE, options_text, size_claims
from pcap_report.model.message import Message, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.evidence import Claim, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.tcp import AckSegment, SynSegment, TcpHandshake

PHASE: Final = "tcp_handshake"

_IS_SYN: Final = "tcp.flags.syn == 1 && tcp.flags.ack == 0"
_IS_SYN_ACK: Final = "tcp.flags.syn == 1 && tcp.flags.ack == 1"
_IS_ACK: Final = "tcp.flags.syn == 0 && tcp.flags.ack == 1"
_HAS_ACK: Final = "tcp.flags.ack == 1"

_OPENINGS: Final[dict[str | None, Message]] = {
    "simultaneous": msg("Simultaneous open: both ends send a SYN, and each acknowledges the other's."),
    "split": msg(
        "Split handshake: the server answers the SYN with a SYN of its own, and it is the client that sends"
        " the SYN+ACK."
    ),
}


def steps(flow: Flow, result: TcpHandshake) -> Sequence[Step]:
    """Return the arrows of the handshake, and a note where it is complete."""
    return [*_syn_steps(flow, result), *_answer_steps(flow, result)]


def _syn_steps(flow: Flow, result: TcpHandshake) -> Iterator[Step]:
    syn = result.syn
    if syn is None:
        return
    label = msg("SYN %(options)s", options=options_text(syn))
    yield arrow(flow, PHASE, "client", [syn.frame], syn.time_s, label)
    if result.syn_retries:
        label = msg_n("SYN again, %(count)s time", "SYN again, %(count)s times", len(result.syn_retries))
        yield arrow(flow, PHASE, "client", result.syn_retries, syn.time_s, label, style="retransmission")
    if result.refused_frame:
        label = msg("RST: nobody listens on this port")
        yield arrow(flow, PHASE, "server", [result.refused_frame], syn.time_s, label, style="refused")


def _answer_steps(flow: Flow, result: TcpHandshake) -> Iterator[Step]:
    answer, ack, server_syn = result.syn_ack, result.ack, result.server_syn
    if server_syn:
        label = msg("SYN %(options)s", options=options_text(server_syn))
        yield arrow(flow, PHASE, "server", [server_syn.frame], server_syn.time_s, label)
    if answer:
        label = msg("SYN+ACK %(options)s", options=options_text(answer))
        yield arrow(flow, PHASE, answer.sender, [answer.frame], answer.time_s, label)
        again, others = result.repeated_syn_acks, result.other_syn_acks
        if again:
            label = msg_n("SYN+ACK again, %(count)s time", "SYN+ACK again, %(count)s times", len(again))
            yield arrow(flow, PHASE, answer.sender, again, answer.time_s, label, style="retransmission")
        if others:
            label = msg("SYN+ACK that begins at another number")
            yield arrow(flow, PHASE, answer.sender, others, answer.time_s, label)
    if ack:
        label = msg("ACK %(options)s", options=f"Seq={ack.seq} Ack={ack.ack}")
        yield arrow(flow, PHASE, ack.sender, [ack.frame], ack.time_s, label)
    if ack and result.outcome == "complete":
        yield note(PHASE, ack.frame, ack.time_s, msg("TCP connection established"))


def claims(flow: Flow, result: TcpHandshake) -> Sequence[Claim]:
    """Return the statements: the segments, what went wrong, the round trip, unequal sizes and scales."""
    return [
        *_segment_claims(flow, result),
        *_trouble_claims(flow, result),
        *_round_trip_claims(flow, result),
        *size_claims(flow, result),
    ]


def _segment_claims(flow: Flow, result: TcpHandshake) -> Iterator[Claim]:
    if result.syn:
        text = msg(
            "SYN: the client asks for a connection and announces %(options)s.",
            options=options_text(result.syn, ", "),
        )
        yield _options_claim(flow, "tcp_handshake.syn", result.syn, text, _IS_SYN)
    if result.server_syn:
        text = msg(
            "SYN: the server sends a SYN of its own, which acknowledges nothing, and announces %(options)s.",
            options=options_text(result.server_syn, ", "),
        )
        yield _options_claim(flow, "tcp_handshake.server_syn", result.server_syn, text, _IS_SYN)
    if result.syn_ack:
        yield _options_claim(
            flow, "tcp_handshake.syn_ack", result.syn_ack, _syn_ack_text(result.syn_ack), _IS_SYN_ACK
        )
    if result.ack:
        # of two ends that open at once, the second SYN+ACK may be the ACK
        yield _ack_claim(flow, result.ack, _HAS_ACK if result.server_syn else _IS_ACK)
    if result.opening in _OPENINGS and result.outcome == "complete":
        segments = (result.syn, result.server_syn, result.syn_ack, result.ack)
        frames = [segment.frame for segment in segments if segment]
        yield claim(
            "tcp_handshake.opening",
            _OPENINGS[result.opening],
            frames,
            in_stream(flow.number, frame_filter(frames)),
        )


def _syn_ack_text(answer: SynSegment) -> Message:
    if answer.sender == "client":
        return msg(
            "SYN+ACK: the client confirms the server's SYN (Ack=%(ack)s) and announces %(options)s.",
            ack=answer.ack,
            options=options_text(answer, ", "),
        )
    return msg(
        "SYN+ACK: the server accepts, confirms the client's SYN (Ack=%(ack)s) and announces %(options)s.",
        ack=answer.ack,
        options=options_text(answer, ", "),
    )


def _ack_claim(flow: Flow, ack: AckSegment, kind: str) -> Claim:
    if ack.sender == "client":
        text = msg(
            "ACK: the client confirms the server's SYN (Seq=%(seq)s, Ack=%(ack)s); the connection is"
            " established.",
            seq=ack.seq,
            ack=ack.ack,
        )
    else:
        text = msg(
            "ACK: the server confirms the client's SYN (Seq=%(seq)s, Ack=%(ack)s); the connection is"
            " established.",
            seq=ack.seq,
            ack=ack.ack,
        )
    return claim(
        "tcp_handshake.ack",
        text,
        [ack.frame],
        in_stream(flow.number, kind, frame_filter([ack.frame])),
        [(ack.frame, "tcp.seq", ack.seq), (ack.frame, "tcp.ack", ack.ack)],
    )


def _options_claim(flow: Flow, name: str, segment: SynSegment, text: Message, kind: str) -> Claim:
    stated = (
        ("tcp.seq", segment.seq),
        ("tcp.window_size_value", segment.window),
        (MSS, segment.mss),
        ("tcp.ack", segment.ack),
        (WINDOW_SCALE, segment.window_scale),
    )
    values = [(segment.frame, field, value) for field, value in stated if value is not None]
    return claim(
        name,
        text,
        [segment.frame],
        in_stream(flow.number, kind, frame_filter([segment.frame])),
        values,
    )


def _trouble_claims(flow: Flow, result: TcpHandshake) -> Iterator[Claim]:
    if result.syn_retries:
        yield claim(
            "tcp_handshake.retries",
            _retries_text(result),
            result.syn_retries,
            in_stream(flow.number, _IS_SYN, frame_filter(result.syn_retries)),
        )
    again, others = result.repeated_syn_acks, result.other_syn_acks
    if again:
        yield claim(
            "tcp_handshake.syn_ack_retries",
            msg_n(
                "The SYN+ACK is repeated %(count)s time.",
                "The SYN+ACK is repeated %(count)s times.",
                len(again),
            ),
            again,
            in_stream(flow.number, _IS_SYN_ACK, frame_filter(again)),
        )
    if others:
        yield claim(
            "tcp_handshake.other_syn_acks",
            msg_n(
                "%(count)s further SYN+ACK begins at another sequence number: that is no repetition. Either"
                " the server forgot its first answer, or somebody else answers, too.",
                "%(count)s further SYN+ACKs begin at other sequence numbers: these are no repetitions. Either"
                " the server forgot its first answer, or somebody else answers, too.",
                len(others),
            ),
            others,
            in_stream(flow.number, _IS_SYN_ACK, frame_filter(others)),
        )
    if result.outcome == "refused" and result.refused_frame:
        yield claim(
            "tcp_handshake.refused",
            msg("The server refuses the connection: it answers the SYN with RST."),
            [result.refused_frame],
            in_stream(flow.number, "tcp.flags.reset == 1", frame_filter([result.refused_frame])),
        )
    if result.outcome == "unanswered" and result.syn:
        frames = [result.syn.frame, *result.syn_retries]
        yield claim(
            "tcp_handshake.unanswered",
            msg("No answer to the SYN is in the capture."),
            frames,
            in_stream(flow.number, _IS_SYN, frame_filter(frames)),
        )


def _retries_text(result: TcpHandshake) -> Message:
    """Say how long the client waited; what was captured out of order, or at one moment, tells nothing."""
    waits = result.syn_retry_waits_ms
    if min(waits) <= 0:
        return msg_n(
            "The client repeats its SYN %(count)s time.",
            "The client repeats its SYN %(count)s times.",
            len(waits),
        )
    return msg_n(
        "The client repeats its SYN %(count)s time, after %(first_ms)s without an answer.",
        "The client repeats its SYN %(count)s times: the first time after %(first_ms)s without an answer, the"
        " last time %(last_ms)s after the SYN before it.",
        len(waits),
        first_ms=waits[0],
        last_ms=waits[-1],
    )


def _round_trip_claims(flow: Flow, result: TcpHandshake) -> Iterator[Claim]:
    if result.outcome != "complete" or result.ack is None or result.rtt_ms is None:
        return
    frames = [_answered_syn(result), result.ack.frame]
    yield claim(
        "tcp_handshake.rtt",
        msg("From the SYN to the ACK that completes the handshake: %(rtt_ms)s.", rtt_ms=result.rtt_ms),
        frames,
        in_stream(flow.number, frame_filter(frames)),
    )


def _answered_syn(result: TcpHandshake) -> int:
    """The frame of the latest SYN before the SYN+ACK: round trips are counted from it."""
    assert result.syn is not None  # there is a round-trip time
    assert result.syn_ack is not None
    before = [frame for frame in result.syn_retries if frame < result.syn_ack.frame]
    return before[-1] if before else result.syn.frame
