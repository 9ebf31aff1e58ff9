"""What the TCP handshake's record says: its statements and its arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.filters import frame_filter, in_stream
from pcap_report.analyzers.proof import arrow, claim, note
from pcap_report.model.message import Message, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.evidence import Claim, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.tcp import SynSegment, TcpHandshake

PHASE: Final = "tcp_handshake"
MSS: Final = "tcp.options.mss_val"
WINDOW_SCALE: Final = "tcp.options.wscale.shift"

_IS_SYN: Final = "tcp.flags.syn == 1 && tcp.flags.ack == 0"
_IS_SYN_ACK: Final = "tcp.flags.syn == 1 && tcp.flags.ack == 1"
_IS_ACK: Final = "tcp.flags.syn == 0 && tcp.flags.ack == 1"


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
    answer, ack = result.syn_ack, result.ack
    if answer:
        label = msg("SYN+ACK %(options)s", options=options_text(answer))
        yield arrow(flow, PHASE, "server", [answer.frame], answer.time_s, label)
    if ack:
        label = msg("ACK %(options)s", options=f"Seq={ack.seq} Ack={ack.ack}")
        yield arrow(flow, PHASE, "client", [ack.frame], ack.time_s, label)
    if ack and result.outcome == "complete":
        yield note(PHASE, ack.frame, ack.time_s, msg("TCP connection established"))


def claims(flow: Flow, result: TcpHandshake) -> Sequence[Claim]:
    """Return the statements: the three segments, what went wrong, the round trip, unequal sizes."""
    return [
        *_segment_claims(flow, result),
        *_trouble_claims(flow, result),
        *_round_trip_claims(flow, result),
        *_size_claims(flow, result),
    ]


def _segment_claims(flow: Flow, result: TcpHandshake) -> Iterator[Claim]:
    if result.syn:
        text = msg(
            "SYN: the client asks for a connection and announces %(options)s.",
            options=options_text(result.syn, ", "),
        )
        yield _options_claim(flow, "tcp_handshake.syn", result.syn, text, _IS_SYN)
    if result.syn_ack:
        text = msg(
            "SYN+ACK: the server accepts, confirms the client's SYN (Ack=%(ack)s) and announces %(options)s.",
            ack=result.syn_ack.ack,
            options=options_text(result.syn_ack, ", "),
        )
        yield _options_claim(flow, "tcp_handshake.syn_ack", result.syn_ack, text, _IS_SYN_ACK)
    if result.ack:
        ack = result.ack
        yield claim(
            "tcp_handshake.ack",
            msg(
                "ACK: the client confirms the server's SYN (Seq=%(seq)s, Ack=%(ack)s); the connection"
                " is established.",
                seq=ack.seq,
                ack=ack.ack,
            ),
            [ack.frame],
            in_stream(flow.number, _IS_ACK, frame_filter([ack.frame])),
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
            msg_n(
                "The client repeats its SYN %(count)s time.",
                "The client repeats its SYN %(count)s times.",
                len(result.syn_retries),
            ),
            result.syn_retries,
            in_stream(flow.number, _IS_SYN, frame_filter(result.syn_retries)),
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


def _size_claims(flow: Flow, result: TcpHandshake) -> Iterator[Claim]:
    syn, answer = result.syn, result.syn_ack
    if syn is None or answer is None or None in (syn.mss, answer.mss) or syn.mss == answer.mss:
        return
    frames = [syn.frame, answer.frame]
    yield claim(
        "tcp_handshake.mss",
        msg(
            "The two ends announce different maximum segment sizes: the client %(client)s bytes,"
            " the server %(server)s bytes.",
            client=syn.mss,
            server=answer.mss,
        ),
        frames,
        in_stream(flow.number, "tcp.flags.syn == 1", frame_filter(frames)),
        [(syn.frame, MSS, syn.mss), (answer.frame, MSS, answer.mss)],
    )


def options_text(segment: SynSegment, joint: str = " ") -> str:
    """Write a SYN's numbers as Wireshark's Info column does: ``Seq=0 MSS=1460 Win=64240 WS=128``."""
    parts = [f"Seq={segment.seq}"]
    if segment.ack is not None:
        parts.append(f"Ack={segment.ack}")
    if segment.mss is not None:
        parts.append(f"MSS={segment.mss}")
    parts.append(f"Win={segment.window}")
    if segment.window_scale is not None:
        parts.append(f"WS={1 << segment.window_scale}")
    if segment.sack_permitted:
        parts.append("SACK_PERM")
    if segment.timestamps:
        parts.append("TSval")
    return joint.join(parts)
