"""How a user had the rules of a report changed: what was re-rated, switched off, accepted or added."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pcap_report.model.evidence import Severity
from pcap_report.model.flow import Transport


class RuleChange(Struct, frozen=True):
    """A rule as the user wants it."""

    rule: str
    """Its id."""
    severity: Severity | None = None
    """Instead of the rule's own; None for that."""
    enabled: bool = True
    thresholds: dict[str, float] = {}
    """Instead of the rule's own, by name."""
    findings: int = 0
    """Findings of the report whose severity is the user's; of a rule that is off, those that are left out."""


class Acceptance(Struct, frozen=True):
    """Findings that the user knows and accepts: they are left out of the report and counted here."""

    rule: str
    """Id of a rule; may hold ``*``."""
    reason: str
    """The user's own words."""
    connection: int | None = None
    """Only in this connection."""
    server: str | None = None
    """Only in connections to servers with such an address or name; may hold ``*``."""
    findings: int = 0
    """How many findings of the capture it left out."""


class UserRule(Struct, frozen=True):
    """A rule of the user's, over the report's own values."""

    id: str
    severity: Severity
    when: str
    """An expression in CEL: where it is true, the rule has found something."""
    summary: str
    """What it has found, in the user's own words."""
    each: Literal["connection", "dns", "http", "report"] = "connection"
    """What the expression is asked of: every connection, look-up, request, or the whole report."""
    frames: str | None = None
    """An expression in CEL that gives the frames to look at."""
    why: str = ""
    next: str = ""


class NotEvaluated(Struct, frozen=True):
    """A rule of the user's that had no answer in some places: nothing is known there."""

    rule: str
    times: int
    message: str
    """Why, the first time."""


class KnownFindings(Struct, frozen=True):
    """Findings of a rule about a server that the baseline has: so many of them are left out of the report."""

    rule: str
    protocol: Transport | None = None
    """Of the connections that they speak of; None for the whole capture."""
    server: str | None = None
    """The server's first name, or its address where it has none."""
    port: int | None = None
    before: int = 0
    """How many the baseline has."""
    findings: int = 0
    """How many findings of this capture are left out; fewer than before where some are gone."""


class Judging(Struct, frozen=True):
    """What the user changed about the rules, and what came of it."""

    changes: tuple[RuleChange, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    rules: tuple[UserRule, ...] = ()
    not_evaluated: tuple[NotEvaluated, ...] = ()
    baseline: str | None = None
    """Name of the capture or saved report whose findings are known; None where nothing was."""
    known: tuple[KnownFindings, ...] = ()
    """What the baseline has, also what this capture has no more."""
