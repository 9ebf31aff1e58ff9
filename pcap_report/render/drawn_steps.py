"""A connection's steps as they are drawn: what two analyzers say of the same frames is one arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pcap_report.model.message import msg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.model.around import HttpExchange
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Step
    from pcap_report.model.message import Message

HttpLabels = dict[int, "Message"]
"""What a frame says in plain HTTP, by frame number."""


def drawn_steps(connection: Connection, http: HttpLabels) -> list[Step]:
    """Return the steps in order, each frame's arrow once, requests and statuses of plain HTTP added."""
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
        drawn.append(_with_http(step, http))
    return drawn


def _together(one: Step, other: Step) -> Step:
    style = other.style if one.style in {"normal", "ack"} else one.style
    phase = other.phase if one.phase == "app_data" else one.phase
    return replace(one, label=(*one.label, *other.label), style=style, phase=phase)


def _with_http(step: Step, http: HttpLabels) -> Step:
    if not http or not step.byte_count:
        return step
    labels = [http[frame] for frame in step.frames if frame in http]
    return replace(step, label=(*step.label, *labels[:3])) if labels else step


def http_labels(exchanges: Iterable[HttpExchange], number: int) -> HttpLabels:
    """Return what the frames of a connection say in plain HTTP: method and path, or the status."""
    labels: HttpLabels = {}
    for one in exchanges:
        if one.connection != number:
            continue
        if one.frame is not None and one.method is not None:
            labels[one.frame] = msg("%(method)s %(path)s", method=one.method, path=one.path)
        if one.response_frame is not None and one.status is not None:
            labels[one.response_frame] = msg("Status %(status)s", status=one.status)
    return labels
