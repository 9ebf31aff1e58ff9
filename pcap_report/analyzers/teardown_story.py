"""What the teardown's record says: its statements and its arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.filters import frame_filter, in_stream
from pcap_report.analyzers.proof import arrow, claim, note, sent_by
from pcap_report.model.message import Message, msg
from pcap_report.model.tcp import TcpHandshake

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.evidence import Claim, Side, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.tcp import Teardown


_ENDINGS: Final[dict[str, Message]] = {
    "orderly": msg("Orderly close"),
    "half_closed": msg("Half closed: only one side sent FIN"),
    "reset": msg("Connection reset"),
    "reset_after_fin": msg("FIN, then RST"),
}


def steps(flow: Flow, result: Teardown) -> Sequence[Step]:
    """Return the arrows of the close, and a note on how it ended; a refusal is the handshake's to tell."""
    handshake = flow.facts.get("tcp_handshake")
    if isinstance(handshake, TcpHandshake) and handshake.outcome == "refused" and not result.fins:
        return ()
    return [*_fin_steps(flow, result), *_reset_steps(flow, result), *_end_steps(flow, result)]


def _fin_steps(flow: Flow, result: Teardown) -> Iterator[Step]:
    drawn = {fin.frame for fin in result.fins}
    for fin in result.fins:
        label = msg("FIN, ACK %(numbers)s", numbers=f"Seq={fin.seq} Ack={fin.ack}")
        yield arrow(flow, "teardown", fin.sender, [fin.frame], fin.time_s, label)
    for fin in result.fins:
        if fin.acked_in and fin.acked_in not in drawn:
            drawn.add(fin.acked_in)
            other: Side = "server" if fin.sender == "client" else "client"
            label = msg("ACK of the FIN %(numbers)s", numbers=f"Ack={fin.acked_with}")
            yield arrow(flow, "teardown", other, [fin.acked_in], fin.time_s, label)


def _reset_steps(flow: Flow, result: Teardown) -> Iterator[Step]:
    for side in ("client", "server"):
        resets = [reset for reset in result.resets if reset.sender == side]
        if resets:
            frames = [reset.frame for reset in resets]
            sender: Side = resets[0].sender
            yield arrow(flow, "teardown", sender, frames, resets[0].time_s, msg("RST"), style="reset")


def _end_steps(flow: Flow, result: Teardown) -> Iterator[Step]:
    text = _ENDINGS.get(result.outcome)
    if result.outcome == "half_closed" and _is_one_sided(flow):
        text = msg("FIN of the only side that was recorded")
    frames = [fin.frame for fin in result.fins] + [reset.frame for reset in result.resets]
    frames += [fin.acked_in for fin in result.fins if fin.acked_in is not None]
    if text and frames:
        time_s = flow.seconds(flow.last_ns)
        yield note("teardown", max(frames), time_s, text)


def claims(flow: Flow, result: Teardown) -> Sequence[Claim]:
    """Return the statements: each FIN with its acknowledgement, resets, the outcome."""
    return [*_fin_claims(flow, result), *_reset_claims(flow, result), *_outcome_claims(flow, result)]


def _fin_claims(flow: Flow, result: Teardown) -> Iterator[Claim]:
    stream = flow.number
    for fin in result.fins:
        yield claim(
            f"teardown.fin.{fin.sender}",
            msg(
                "FIN: the %(sender_term)s has nothing more to send (Seq=%(seq)s, Ack=%(ack)s).",
                sender_term=fin.sender,
                seq=fin.seq,
                ack=fin.ack,
            ),
            [fin.frame],
            in_stream(stream, sent_by(flow, fin.sender), "tcp.flags.fin == 1", frame_filter([fin.frame])),
            [(fin.frame, "tcp.ack", fin.ack)],
        )
        if fin.acked_in is not None:
            other: Side = "server" if fin.sender == "client" else "client"
            yield claim(
                f"teardown.fin_ack.{fin.sender}",
                msg(
                    "The %(sender_term)s's FIN is acknowledged with Ack=%(ack)s, which is %(seq)s + 1: a"
                    " FIN takes one sequence number.",
                    sender_term=fin.sender,
                    ack=fin.acked_with,
                    seq=fin.seq,
                ),
                [fin.acked_in],
                in_stream(stream, sent_by(flow, other), "tcp.flags.ack == 1", frame_filter([fin.acked_in])),
                [(fin.acked_in, "tcp.ack", fin.acked_with)],
            )


def _reset_claims(flow: Flow, result: Teardown) -> Iterator[Claim]:
    sides: tuple[Side, ...] = ("client", "server")
    for side in sides:
        frames = [reset.frame for reset in result.resets if reset.sender == side]
        if frames:
            yield claim(
                f"teardown.reset.{side}",
                msg("RST from the %(sender_term)s: it gives the connection up at once.", sender_term=side),
                frames,
                in_stream(
                    flow.number,
                    sent_by(flow, side),
                    "tcp.flags.reset == 1",
                    frame_filter(frames),
                ),
            )


def _outcome_claims(flow: Flow, result: Teardown) -> Iterator[Claim]:
    frames = [fin.frame for fin in result.fins] + [reset.frame for reset in result.resets]
    if frames:
        yield claim(
            "teardown.outcome",
            _outcome_message(flow, result),
            frames,
            in_stream(
                flow.number,
                "(tcp.flags.fin == 1 || tcp.flags.reset == 1)",
                frame_filter(frames),
            ),
        )


def _is_one_sided(flow: Flow) -> bool:
    """Tell whether one side's packets are not in the capture: nothing is known of its FIN."""
    return not (flow.client_packets and flow.server_packets)


def _outcome_message(flow: Flow, result: Teardown) -> Message:
    initiator = result.initiator
    if result.outcome == "orderly":
        if initiator == "both" and any(fin.acked_in is None for fin in result.fins):
            return msg("Both sides close at the same time: a FIN from each side and no reset.")
        if initiator == "both":
            return msg(
                "Both sides close at the same time, in an orderly way: a FIN from each, both acknowledged."
            )
        return msg(
            "Orderly close, begun by the %(initiator_term)s: a FIN from each side and no reset.",
            initiator_term=initiator,
        )
    if result.outcome == "half_closed" and _is_one_sided(flow):
        return msg(
            "The %(initiator_term)s sends FIN; whether the other side does too cannot be known, because none"
            " of its packets were recorded.",
            initiator_term=initiator,
        )
    if result.outcome == "half_closed":
        return msg(
            "Half closed: only the %(initiator_term)s sent FIN before the capture ends.",
            initiator_term=initiator,
        )
    if result.outcome == "reset_after_fin":
        return msg("The close begins with FIN and ends with RST.")
    return msg(
        "The %(initiator_term)s resets the connection; there is no FIN before it.", initiator_term=initiator
    )
