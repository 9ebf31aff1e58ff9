"""Two reports of one capture, value by value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES_OF_A_RECORD: Final = ("id", "frame", "what", "analyzer", "path", "name")
_PLACES: Final = re.compile(r"\[[^\]]*\]")
_TOLD: Final = re.compile(
    r"connections\[\]\.(claims|steps|key_frames)\b|(anatomy|claims|told|findings|traffic|not_visible|attempts)\b|capture\.missing_fields"
)
"""What is told of the facts, and follows from them: where a fact differs, these do too."""
MISSING: Final = "(nothing)"


class Difference(NamedTuple):
    """A value in which two reports are not the same.

    Attributes:
        question: which capture, and whether with keys.
        path: where in the report, the records of lists by their own names.
        reference: the value with the reference's tshark.
        found: the value with the other tshark.
    """

    question: str
    path: str
    reference: str
    found: str

    @property
    def kind(self) -> str:
        """The path without the names of records."""
        return _PLACES.sub("[]", self.path)


def differences(question: str, reference: object, found: object) -> list[Difference]:
    """Return every fact in which the reports differ."""
    ours, theirs = dict(_values("", reference)), dict(_values("", found))
    differing = [
        Difference(question, path, ours.get(path, MISSING), theirs.get(path, MISSING))
        for path in sorted(ours.keys() | theirs.keys())
        if ours.get(path, MISSING) != theirs.get(path, MISSING)
    ]
    return [one for one in differing if not _TOLD.match(one.kind)]


def _values(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _values(f"{path}.{name}" if path else name, inner)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for name, inner in zip(_names(value), value, strict=True):
            yield from _values(f"{path}[{name}]", inner)
    else:
        yield path, repr(value)


def _names(records: list[object]) -> list[str]:
    """Name the records of a list by what tells them apart, so that one more does not shift the others."""
    for key in _NAMES_OF_A_RECORD:
        names = [str(one.get(key)) for one in records if isinstance(one, dict)]
        if len(set(names)) == len(records) and "None" not in names:
            return names
    return [str(place) for place in range(len(records))]
