"""Compare two reports leaf by leaf: what a saved one states with what its capture says now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.report import Report

ABSENT: Final = "absent"
"""Stands for a list's element or a key that only one of the two has."""

_KEYED: Final = {
    "connections": ("id",),
    "attempts": ("analyzer",),
    "claims": ("id",),
    "findings": ("id", "connection"),
}
"""Lists whose elements are found by what they are and not by where they stand."""

Leaf = tuple[str, Any, Any]
"""Path, what is stated, what is found; Any because JSON's values are of any type."""


def facts_of(report: Report) -> dict[str, Any]:
    """Return a report as JSON's own types."""
    facts: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(report))
    return facts


def differences(stated: Any, found: Any, path: str = "") -> Iterator[Leaf]:  # noqa: ANN401 - any JSON value
    """Yield every place where two JSON values differ."""
    if isinstance(stated, dict) and isinstance(found, dict):
        for key in dict.fromkeys((*stated, *found)):
            at = f"{path}.{key}" if path else key
            yield from differences(stated.get(key, ABSENT), found.get(key, ABSENT), at)
    elif isinstance(stated, list) and isinstance(found, list):
        yield from _in_lists(stated, found, path)
    elif type(stated) is not type(found) or stated != found:
        yield path, stated, found


def count_leaves(value: Any) -> int:  # noqa: ANN401 - any JSON value
    """Count the values in a JSON value."""
    if isinstance(value, dict):
        return sum(map(count_leaves, value.values()))
    if isinstance(value, list):
        return sum(map(count_leaves, value))
    return 1


def _in_lists(stated: list[Any], found: list[Any], path: str) -> Iterator[Leaf]:
    keys = _KEYED.get(path.rpartition(".")[2])
    if keys and _keyed(stated, keys) and _keyed(found, keys):
        yield from _by_key(stated, found, path, keys)
        return
    for place in range(max(len(stated), len(found))):
        one = stated[place] if place < len(stated) else ABSENT
        other = found[place] if place < len(found) else ABSENT
        yield from differences(one, other, f"{path}[{place}]")


def _by_key(stated: list[Any], found: list[Any], path: str, keys: tuple[str, ...]) -> Iterator[Leaf]:
    ours = {_name(one, keys): one for one in stated}
    theirs = {_name(one, keys): one for one in found}
    for name in dict.fromkeys((*ours, *theirs)):
        yield from differences(ours.get(name, ABSENT), theirs.get(name, ABSENT), f"{path}[{name}]")
    if list(ours) != list(theirs) and set(ours) == set(theirs):
        yield f"{path} (order)", list(ours), list(theirs)


def _keyed(values: list[Any], keys: tuple[str, ...]) -> bool:
    """Tell whether every element has a key of its own."""
    if not all(isinstance(one, dict) and all(key in one for key in keys) for one in values):
        return False
    return len({_name(one, keys) for one in values}) == len(values)


def _name(value: dict[str, Any], keys: tuple[str, ...]) -> str:
    return "/".join(str(value[key]) for key in keys)
