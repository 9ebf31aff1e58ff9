"""The sequence diagrams of a report as Mermaid: the same lists that ladders are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.render.conversation import Conversation, nat_diagram
from pcap_report.render.mermaid import sequence_diagram
from pcap_report.render.overview import overview_diagram
from pcap_report.render.phrases import Phrases
from pcap_report.render.safe import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Phase, Step
    from pcap_report.model.report import Report
    from pcap_report.render.sequence import SequenceDiagram


class Diagrams:
    """Draws in one language; every drawing is None where it would hold no arrow."""

    def __init__(self, language: str) -> None:
        self._phrases = Phrases(language, shortened, tabular=True)

    def whole(self, connection: Connection, steps: Sequence[Step]) -> str | None:
        """Draw a connection from its first step to its last, its phases tinted and named."""
        return _written(Conversation(connection, self._phrases).whole(steps))

    def phase(self, connection: Connection, steps: Sequence[Step], *phases: Phase) -> str | None:
        """Draw some phases of a connection."""
        return _written(Conversation(connection, self._phrases).phase(steps, *phases))

    def nat(self, connection: Connection) -> str | None:
        """Draw what happens to a packet of a private client on its way to a public server."""
        return _written(nat_diagram(connection, self._phrases))

    def overview(self, report: Report, least: int = 2) -> str | None:
        """Draw a line per connection, for so many of them at least."""
        return _written(overview_diagram(report.connections, report.groups, self._phrases, least))


def _written(diagram: SequenceDiagram | None) -> str | None:
    return None if diagram is None else sequence_diagram(diagram)
