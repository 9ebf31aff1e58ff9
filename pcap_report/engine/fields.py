"""Which fields the bulk pass asks tshark for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.engine import anatomy
from pcap_report.flow import datagrams, orientation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.analyzers.registry import AnalyzerKind


def declared_fields(kinds: Sequence[AnalyzerKind]) -> list[str]:
    """Return every field that these analyzers, and the engine itself, read besides the core ones."""
    fields = [field for kind in kinds for field in kind.fields]
    return [*fields, *anatomy.FIELDS, *orientation.FIELDS, *datagrams.FIELDS]
