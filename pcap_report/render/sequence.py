"""A sequence diagram before it is drawn: who takes part and what happens, for every kind of output.

All texts are plain, as they are said or as packets hold them: whoever draws makes them visible and escapes
them for its sink. `conversation` makes diagrams out of connections, `overview` one out of a capture;
`svg.ladder`, `mermaid` and `terminal_ladder` draw them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.evidence import Phase, StepStyle

Role = Literal["client", "server", "between"]
"""Whose lifeline it is; ``between`` stands for a device on the path."""


@dataclass(frozen=True)
class Lifeline:
    """One that takes part; the first of its lines says what it is, the others where."""

    role: Role
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Arrow:
    """A message from one lifeline to another.

    Attributes:
        source: place of the sender in the diagram's lifelines.
        target: place of the receiver.
        frames: the numbers of its frames; empty for one that is in no capture.
        frames_text: the same as a reader sees them, ``76–79, 82``.
        lines: what is said; the first line is the headline.
        style: how it is drawn.
        time_s: seconds since the first packet of the capture.
    """

    source: int
    target: int
    frames: tuple[int, ...]
    frames_text: str
    lines: tuple[str, ...]
    style: StepStyle = "normal"
    time_s: float | None = None


@dataclass(frozen=True)
class Note:
    """A remark.

    Attributes:
        lines: what is said.
        over: places of the two lifelines that it is about; None for all.
    """

    lines: tuple[str, ...]
    over: tuple[int, int] | None = None


@dataclass(frozen=True)
class Band:
    """What follows, up to the next band, belongs to this phase."""

    phase: Phase
    title: str


@dataclass(frozen=True)
class Omission:
    """Here arrows are left out; the text counts them."""

    text: str


Item = Arrow | Note | Band | Omission


@dataclass(frozen=True)
class SequenceDiagram:
    """A whole diagram; lifelines stand from left to right, items from top to bottom."""

    title: str
    description: str
    lifelines: tuple[Lifeline, ...]
    items: Sequence[Item]
