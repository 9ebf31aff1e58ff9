"""Short hands for claims and steps, so that analyzers read as statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.model.evidence import Claim, Direction, FieldValue, Phase, Side, Step, StepStyle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.model.flow import Flow
    from pcap_report.model.message import Message


def claim(
    name: str,
    message: Message,
    frames: Iterable[int],
    display_filter: str,
    values: Sequence[tuple[int, str, object]] = (),
) -> Claim:
    """Make a claim; its text is filled in when the report's language is known.

    Args:
        name: its id.
        message: the statement.
        frames: the frames it speaks of, in any order.
        display_filter: selects exactly these frames.
        values: frame, tshark field and value for each value that is stated.
    """
    proof = tuple(FieldValue(frame, field, str(value)) for frame, field, value in values)
    return Claim(name, "", tuple(sorted(set(frames))), display_filter, message, proof)


def arrow(  # noqa: PLR0913 - a step has that many sides
    flow: Flow,
    phase: Phase,
    side: Side,
    frames: Sequence[int],
    time_s: float,
    *label: Message,
    style: StepStyle = "normal",
    byte_count: int = 0,
) -> Step:
    """Make an arrow that starts at the given side; a time that the flow has marked is preferred."""
    assert flow.basis is not None  # steps are made after the end, when every flow has its ends
    time_s = flow.times.get(frames[0], time_s) if frames else time_s
    return Step("arrow", phase, tuple(frames), time_s, label, direction_of(side), style, byte_count)


def note(phase: Phase, frame: int, time_s: float, *label: Message) -> Step:
    """Make a note over both ends, to stand after a frame."""
    return Step("note", phase, (frame,), time_s, label)


def direction_of(side: Side) -> Direction:
    """Return which way packets of a side go."""
    return "client_to_server" if side == "client" else "server_to_client"


def sent_by(flow: Flow, side: Side) -> str:
    """Return the condition that a side sent a segment, as far as ports tell."""
    return f"tcp.srcport == {(flow.client if side == 'client' else flow.server)[1]}"


def side_of(from_client: bool) -> Side:
    """Name the side that sent a packet."""
    return "client" if from_client else "server"
