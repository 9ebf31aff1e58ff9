"""What comes out of a verification: a verdict on everything that a report states."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from pcap_report.verify.statements import Kind

Verdict = Literal["proved", "refuted", "not_provable"]


class Proof(Struct, frozen=True):
    """The verdict on a statement about frames."""

    verdict: Verdict
    kind: Kind
    id: str
    connection: int | None
    """None for the whole capture."""
    text: str
    frames: tuple[int, ...]
    display_filter: str
    reasons: tuple[str, ...] = ()
    """Why it is not proved; empty where it is."""


class Difference(Struct, frozen=True):
    """A fact of the report that a new analysis of the capture does not find again."""

    verdict: Verdict
    path: str
    """Where it stands in the report; connections by their id: ``connections[3].tcp_handshake.syn.mss``."""
    stated: Any
    """What the report says; Any because facts are of many types."""
    found: Any
    """What the capture says now."""


class Verification(Struct, frozen=True):
    """The verdict on a whole report."""

    verdict: Verdict
    """The worst of all."""
    proved: int
    """Statements that are proved."""
    refuted: int
    """Statements and facts that are refuted."""
    not_provable: int
    """Statements and facts of which tshark could not tell."""
    facts_compared: int
    """Values of the report that were compared with those of a new analysis; 0 when there was none."""
    statements: tuple[Proof, ...]
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()
    """What a reader should know besides: another tshark, another file name."""
