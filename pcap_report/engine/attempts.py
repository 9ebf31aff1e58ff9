"""Keep a failing analyzer from ending the report: it becomes a row, and the others go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.model.evidence import Attempt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.analyzers.base import Analyzer
    from pcap_report.analyzers.registry import AnalyzerKind


class Attempts:
    """How each analyzer fares."""

    def __init__(self, available: Sequence[AnalyzerKind], running: Sequence[AnalyzerKind]) -> None:
        self._available = available
        self._running = {kind.id for kind in running}
        self.messages: dict[str, str] = {}
        """The first failure of each analyzer that failed."""

    def also(self, kinds: Sequence[AnalyzerKind]) -> None:
        """Add analyzers that run because there is something for them."""
        self._available = [*self._available, *kinds]
        self._running |= {kind.id for kind in kinds}

    def failed(self, analyzer: Analyzer | AnalyzerKind, error: Exception) -> None:
        """Note a failure; the first one of an analyzer is told."""
        self.note(analyzer.id, f"{type(error).__name__}: {error}"[:500])

    def note(self, name: str, message: str) -> None:
        """Note a failure by the analyzer's id."""
        self.messages.setdefault(name, message)

    def rows(self) -> tuple[Attempt, ...]:
        """Return a row for every analyzer that there is."""
        return tuple(self._row(name) for name in dict.fromkeys(kind.id for kind in self._available))

    def _row(self, name: str) -> Attempt:
        if name in self.messages:
            return Attempt(name, "failed", self.messages[name])
        if name not in self._running:
            return Attempt(name, "skipped", "not asked for")
        return Attempt(name, "completed")
