"""Read what users write about rules: in a rules file (YAML), or in ``pcap-report.toml``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from pcap_report.model.around import DnsLookup, HttpExchange
from pcap_report.model.connection import Connection
from pcap_report.model.evidence import SEVERITIES
from pcap_report.model.judging import Acceptance, Judging, RuleChange, UserRule
from pcap_report.model.report import Report
from pcap_report.written.expressions import require_expression
from pcap_report.written.yaml_file import read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.written.yaml_file import Place, Written

Thresholds = Mapping[str, tuple[str, ...]]
"""The thresholds of every rule that there is, by its id."""

_ID: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_ASKED: Final[dict[str, frozenset[str]]] = {
    "connection": frozenset(Connection.__struct_fields__),
    "dns": frozenset(DnsLookup.__struct_fields__),
    "http": frozenset(HttpExchange.__struct_fields__),
    "report": frozenset(Report.__struct_fields__),
}


class AcceptanceWritten(Struct, forbid_unknown_fields=True, frozen=True):
    """Findings that are known and accepted."""

    rule: str
    reason: str
    connection: int | None = None
    server: str | None = None


class UserRuleWritten(UserRule, forbid_unknown_fields=True, frozen=True):
    """A rule of the user's."""


class RulesFile(Struct, forbid_unknown_fields=True, frozen=True):
    """A rules file."""

    rules: list[UserRuleWritten] = []
    settings: dict[str, dict[str, str | int | float | bool]] = {}
    accept: list[AcceptanceWritten] = []


def read_rules(path: Path, known: Thresholds) -> Judging:
    """Read a rules file.

    Raises:
        UsageError: it makes no sense; with line and column.
    """
    written = read_yaml(path)
    return judging_of(written, known)


def judging_of(written: Written, known: Thresholds) -> Judging:
    """Return what a file says about rules.

    Raises:
        UsageError: it makes no sense; with line and column.
    """
    file = written.convert(RulesFile)
    seen: set[str] = set()
    for at, rule in enumerate(file.rules):
        place: Place = ("rules", at)
        if not _ID.fullmatch(rule.id):
            written.wrong((*place, "id"), f"{rule.id} is no id", "Write one such as team.old_tls")
        if rule.id in known or rule.id in seen:
            written.wrong((*place, "id"), f"there is a rule {rule.id} already")
        seen.add(rule.id)
        for key in ("when", "frames"):
            if (text := getattr(rule, key)) is not None:
                require_expression(text, (*place, key), _ASKED[rule.each], written)
    names = {**known, **dict.fromkeys(seen, ())}
    changes = tuple(_change(name, table, names, written) for name, table in file.settings.items())
    for at, one in enumerate(file.accept):
        if "*" not in one.rule:
            _require_rule(one.rule, ("accept", at, "rule"), names, written)
        if not one.reason.strip():
            written.wrong(("accept", at, "reason"), "what is accepted needs a reason")
    return Judging(
        changes,
        tuple(Acceptance(one.rule, one.reason, one.connection, one.server) for one in file.accept),
        tuple(UserRule(*(getattr(rule, name) for name in UserRule.__struct_fields__)) for rule in file.rules),
    )


def joined(one: Judging | None, other: Judging | None) -> Judging | None:
    """Put two files together; of two settings of a rule the second one holds."""
    if one is None or other is None:
        return one or other
    changes = {change.rule: change for change in (*one.changes, *other.changes)}
    return Judging(tuple(changes.values()), one.accepted + other.accepted, one.rules + other.rules)


def _require_rule(name: str, place: Place, names: Thresholds, written: Written) -> None:
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        written.wrong(place, f"there is no rule {name}", f"{meant}See which there are: pcap-report rules")


def _change(name: str, table: dict[str, Any], names: Thresholds, written: Written) -> RuleChange:
    place: Place = ("settings", name)
    _require_rule(name, place, names, written)
    thresholds: dict[str, float] = {}
    for key, value in table.items():
        here = (*place, key)
        if key == "severity" and value not in SEVERITIES:
            written.wrong(here, f"{value} is no severity", f"There are: {', '.join(SEVERITIES)}")
        if key == "enabled" and not isinstance(value, bool):
            written.wrong(here, "enabled is true or false")
        if key in {"severity", "enabled"}:
            continue
        if key not in names[name]:
            valid = ", ".join(("severity", "enabled", *names[name]))
            written.wrong(here, f"there is no key {key}", f"The keys of {name} are: {valid}")
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            written.wrong(here, f"{key} is a number from 0 on")
        thresholds[key] = float(value)
    return RuleChange(name, table.get("severity"), table.get("enabled", True), thresholds)
