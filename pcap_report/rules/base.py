"""What a rule is: an opinion about facts of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from pcap_report.model.evidence import Finding, Severity
from pcap_report.model.filters import frame_filter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pcap_report.model.connection import Connection
    from pcap_report.model.message import Message
    from pcap_report.model.report import Report

Limits: TypeAlias = Mapping[str, float]
"""The thresholds of a rule, by name, as they are set for this run."""

_FRAMES_NAMED: Final = 1000
NO_FRAME: Final = "frame.number == 0"
"""The filter of a finding that speaks of what is not in the capture: it selects nothing.

``!frame`` would select the blocks of a pcapng file that are no packets, such as journal entries.
"""


@dataclass(frozen=True)
class Sighting:
    """A place where a rule applies.

    Attributes:
        message: what was seen.
        connection: in which connection; None for the whole capture.
        frames: which frames show it; empty for what no frame shows.
        display_filter: selects these frames.
    """

    message: Message
    connection: int | None
    frames: tuple[int, ...]
    display_filter: str


@dataclass(frozen=True)
class Threshold:
    """A number that a rule compares with, and that a user can change.

    Attributes:
        name: its name in settings, with the unit at its end.
        value: what holds when nobody says otherwise.
        meaning: what it is.
    """

    name: str
    value: float
    meaning: Message


@dataclass(frozen=True)
class Rule:
    """A judgement.

    Attributes:
        id: stable name, in the report and on the command line.
        severity: how bad it is by default.
        why: why it matters, in one sentence.
        look: yields every place in a report where the rule applies, by its thresholds.
        thresholds: the numbers that decide.
    """

    id: str
    severity: Severity
    why: Message
    look: Callable[[Report, Limits], Iterable[Sighting]]
    thresholds: tuple[Threshold, ...] = ()

    def findings(self, report: Report, limits: Limits | None = None) -> list[Finding]:
        """Return the findings of this rule, with thresholds of the user's in the place of its own."""
        own = {one.name: one.value for one in self.thresholds}
        return [
            Finding(
                self.id,
                self.severity,
                "",
                sighting.connection,
                sighting.frames,
                sighting.display_filter,
                sighting.message,
            )
            for sighting in self.look(report, {**own, **(limits or {})})
        ]


def seen_in(connection: Connection, message: Message, frames: Iterable[int]) -> Sighting:
    """Make a sighting in frames of a connection; of very many frames the first ones are named."""
    named = tuple(sorted(set(frames)))[:_FRAMES_NAMED]
    shown = f"{connection.display_filter} && {frame_filter(named)}" if named else NO_FRAME
    return Sighting(message, connection.id, named, shown)


def seen(message: Message, frames: Iterable[int]) -> Sighting:
    """Make a sighting in frames of the capture; of very many frames the first ones are named."""
    named = tuple(sorted(set(frames)))[:_FRAMES_NAMED]
    return Sighting(message, None, named, frame_filter(named) if named else NO_FRAME)
