"""A connection's steps as they are drawn: what two analyzers say of the same frames is one arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.model.message import msg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.model.around import HttpExchange
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Step
    from pcap_report.model.message import Message
    from pcap_report.model.rpc import RpcMessage

FrameLabels = dict[int, list["Message"]]
"""What frames say in HTTP and JSON-RPC, by frame number."""
_LABELS_SHOWN: Final = 4


def drawn_steps(connection: Connection, said: FrameLabels) -> list[Step]:
    """Return the steps in order, each frame's arrow once, what is said in HTTP and JSON-RPC added."""
    handshake = connection.tcp_handshake
    refused = handshake is not None and handshake.outcome == "refused"
    places: dict[tuple[tuple[int, ...], str | None], int] = {}
    drawn: list[Step] = []
    for step in connection.steps:
        if refused and step.phase == "teardown":
            continue  # the RST stands among the opening's steps already
        key = (step.frames, step.direction)
        if step.kind == "arrow" and key in places:
            drawn[places[key]] = _together(drawn[places[key]], step)
            continue
        if step.kind == "arrow":
            places[key] = len(drawn)
        drawn.append(_with_labels(step, said))
    return drawn


def _together(one: Step, other: Step) -> Step:
    style = other.style if one.style in {"normal", "ack"} else one.style
    phase = other.phase if one.phase == "app_data" else one.phase
    return replace(one, label=(*one.label, *other.label), style=style, phase=phase)


def _with_labels(step: Step, said: FrameLabels) -> Step:
    if not said or not step.byte_count:
        return step
    labels = [label for frame in step.frames for label in said.get(frame, ())]
    return replace(step, label=(*step.label, *labels[:_LABELS_SHOWN])) if labels else step


def frame_labels(exchanges: Iterable[HttpExchange], connection: Connection) -> FrameLabels:
    """Return what the frames of a connection say: method and path or the status, and JSON-RPC.

    What was read behind encryption or in a body is marked ``●``, what was inferred from a log ``≈``.
    """
    labels: FrameLabels = {}
    for one in exchanges:
        if one.connection != connection.id:
            continue
        if one.frame is not None and one.method is not None:
            labels.setdefault(one.frame, []).append(_request(one))
        if one.response_frame is not None and one.status is not None:
            labels.setdefault(one.response_frame, []).append(_status(one))
    for message in connection.rpc.messages if connection.rpc else ():
        label = rpc_label(message)
        if label is not None and message.frames:
            labels.setdefault(message.frames[-1], []).append(label)
    return labels


def _request(one: HttpExchange) -> Message:
    if one.decrypted:
        return msg("● %(method)s %(path)s", method=one.method, path=one.path)
    return msg("%(method)s %(path)s", method=one.method, path=one.path)


def _status(one: HttpExchange) -> Message:
    if one.decrypted:
        return msg("● Status %(status)s", status=one.status)
    return msg("Status %(status)s", status=one.status)


def rpc_label(one: RpcMessage) -> Message | None:
    """Name a JSON-RPC message in a few words, with the mark that tells read from inferred."""
    read = one.basis == "read"
    what = f"{one.method or '?'} {one.tool}" if one.tool else one.method or "?"
    match one.kind:
        case "request":
            if read:
                return msg("● JSON-RPC %(rpc)s (id %(rpc_id)s)", rpc=what, rpc_id=one.id)
            return msg("≈ JSON-RPC %(rpc)s (id %(rpc_id)s)", rpc=what, rpc_id=one.id)
        case "notification":
            return msg("● JSON-RPC %(rpc)s", rpc=what) if read else msg("≈ JSON-RPC %(rpc)s", rpc=what)
        case "result":
            if read:
                return msg("● JSON-RPC result of %(rpc)s (id %(rpc_id)s)", rpc=what, rpc_id=one.id)
            return msg("≈ JSON-RPC result of %(rpc)s (id %(rpc_id)s)", rpc=what, rpc_id=one.id)
        case "error":
            if read:
                return msg(
                    "● JSON-RPC error %(code)s for %(rpc)s (id %(rpc_id)s)",
                    code=one.error_code,
                    rpc=what,
                    rpc_id=one.id,
                )
            return msg(
                "≈ JSON-RPC error %(code)s for %(rpc)s (id %(rpc_id)s)",
                code=one.error_code,
                rpc=what,
                rpc_id=one.id,
            )
        case _:
            return None
