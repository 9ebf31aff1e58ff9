"""Checks of Suricata's own tests (``oracles/suricata``): how many events with such values there must be.

A check asks for a number of ``http``, ``tls``, ``dns`` or ``flow`` events; ours are counted the same way. A
check with a key that has no counterpart in our report counts as not covered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.agreement import names
from tests.agreement.comparison import Comparison
from tests.agreement.oracles.suricata_events import events_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.agreement.report_index import ReportIndex

_LINE: Final = re.compile(r"^(\s*)(?:- )?([\w.\[\]-]+):\s*(.*?)\s*(?:#.*)?$")
_NEWEST: Final = "min-version"
_OLD: Final = "lt-version"


@dataclass(slots=True)
class Check:
    """One check of a test: so many events with these values."""

    count: int | None = None
    wanted: dict[str, str] = field(default_factory=dict)
    outdated: bool = False


def compare(place: Path, index: ReportIndex, capture: str) -> list[Comparison]:
    """Compare the checks of every test that reads the capture."""
    comparison = Comparison(capture, "suricata")
    events = events_of(index)
    for path in sorted(place.rglob("test.yaml")):
        for check in checks(path.read_text("utf-8", "replace")):
            if check.count is None or check.outdated or not check.wanted:
                continue
            _compare_check(comparison, events, check, path.parent.name)
    return [comparison]


def checks(text: str) -> list[Check]:
    """Read the checks out of a test's YAML: only ``filter``, ``count`` and ``match`` matter."""
    found: list[Check] = []
    part = ""
    for line in text.splitlines():
        matched = _LINE.match(line)
        if not matched or line.lstrip().startswith("#"):
            continue
        _, key, value = matched.groups()
        if key in {"filter", "shell", "stats"}:
            found.append(Check())
            part = "" if key == "filter" else "other"
        elif not found or part == "other":
            continue
        elif key in {"match", "requires"} and not value:
            part = key
        elif key == "count" and part != "match":
            found[-1].count = int(value)
        elif part == "requires":
            found[-1].outdated = found[-1].outdated or key == _OLD
            part = "" if key in {_OLD, _NEWEST} else part
        elif part == "match":
            found[-1].wanted[key] = value.strip("\"'")
    return found


# Any: an event's values are compared as text
def _compare_check(
    comparison: Comparison, events: dict[str, list[dict[str, Any]]], check: Check, source: str
) -> None:
    wanted = dict(check.wanted)
    kind = wanted.pop("event_type", "dns" if any(key.startswith("dns.") for key in wanted) else "")
    where = f"{source}: {kind} {wanted}"
    candidates = events.get(kind)
    if candidates is None or not _answerable(candidates, wanted):
        comparison.lacking(f"{kind or 'other'} events", where, check.count)
        return
    if "tls.version" in wanted:
        wanted["tls.version"] = names.tls_version(wanted["tls.version"])
    matching = [
        event for event in candidates if all(str(event[key]) == value for key, value in wanted.items())
    ]
    fields = ", ".join(sorted(wanted)) or "number"
    comparison.check(f"{kind} by {fields}", where, len(matching), check.count)


def _answerable(candidates: list[dict[str, Any]], wanted: dict[str, str]) -> bool:
    return all(key in event for event in candidates for key in wanted) and (bool(candidates) or not wanted)
