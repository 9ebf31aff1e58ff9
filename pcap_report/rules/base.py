"""What a rule is: an opinion about facts of the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcap_report.model.evidence import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pcap_report.model.message import Message
    from pcap_report.model.report import Report


@dataclass(frozen=True)
class Sighting:
    """A place where a rule applies."""

    message: Message
    connection: int | None
    frames: tuple[int, ...]
    display_filter: str


@dataclass(frozen=True)
class Rule:
    """A judgement.

    Attributes:
        id: stable name, in the report and on the command line.
        severity: how bad it is by default.
        why: why it matters, in one English sentence.
        look: yields every place in a report where the rule applies.
    """

    id: str
    severity: Severity
    why: str
    look: Callable[[Report], Iterable[Sighting]]

    def findings(self, report: Report) -> list[Finding]:
        """Return the findings of this rule."""
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
            for sighting in self.look(report)
        ]
