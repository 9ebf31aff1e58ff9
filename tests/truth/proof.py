"""Ask tshark again whether statements are true, as ``pcap-report verify`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pcap_report.capture.tshark import find_tshark
from pcap_report.verify.asking import doubts
from pcap_report.verify.statements import Statement, statements_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Disproof", "Statement", "disproofs", "statements_of"]


class Disproof(NamedTuple):
    """A statement that tshark does not confirm."""

    name: str
    display_filter: str
    reason: str


def disproofs(program: str, capture: Path, statements: Sequence[Statement]) -> list[Disproof]:
    """Return the statements that tshark does not confirm, with the reason."""
    tshark = find_tshark()
    assert program == tshark.path
    answers = doubts(tshark, capture, statements)
    return [
        Disproof(
            one.name if one.connection is None else f"[{one.connection}] {one.name}",
            one.display_filter,
            doubt.reason,
        )
        for one, said in zip(statements, answers, strict=True)
        for doubt in said
    ]
