"""Read Zeek's logs: tab-separated with ``#fields``, cut to some columns with or without a header, or JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, str]
"""A line of a log: column to text. Unset columns (``-``) are absent; ``(empty)`` is ""."""

_CUT: Final = re.compile(r"zeek-cut\s+(?:-\S+\s+)*([\w. ]+?)\s*<\s*(\w+)\.log")
_NAME: Final = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")
_KNOWN: Final = frozenset(("ts", "uid", "id.orig_h", "history", "service", "fingerprint", "host"))
_KINDS: Final = {"ssl-all": "ssl", "ssl-out": "ssl", "conn-all": "conn", "manager.x509": "x509"}
_TRAILING: Final = re.compile(r"-(?:\d+|all|out|limited)$")


@dataclass(frozen=True, slots=True)
class ZeekTest:
    """The logs of one of Zeek's own tests.

    Attributes:
        name: the test's name.
        logs: rows by kind of log: ``conn``, ``ssl``, ``dns`` … each with the file it stands in.
        alone: the capture is the only one that the test reads.
        command: how Zeek was called.
    """

    name: str
    logs: dict[str, list[tuple[str, list[Row]]]]
    alone: bool
    command: str


def read_test(folder: Path) -> ZeekTest:
    """Read the logs of a test."""
    about = folder / "cmd.txt"
    command = about.read_text("utf-8", "replace") if about.is_file() else ""
    logs: dict[str, list[tuple[str, list[Row]]]] = {}
    for path in sorted(folder.iterdir()):
        if ".log" in path.name:
            kind = kind_of(path.name)
            logs.setdefault(kind, []).append((path.name, read_log(path, _cut_columns(command, kind))))
    return ZeekTest(folder.name, logs, "single trace in the test: False" not in command, command)


def kind_of(name: str) -> str:
    """Tell which log a file holds: ``conn-2.log``, ``ssl-all.log`` and ``conn.log.cut`` too."""
    stem = name.partition(".log")[0]
    stem = _KINDS.get(stem, stem)
    return _TRAILING.sub("", stem).rpartition(".")[2]


def _cut_columns(command: str, kind: str) -> list[str]:
    """Return the columns of a log that was cut without a header, from the command that cut it."""
    found = [columns.split() for columns, log in _CUT.findall(command) if log == kind]
    return found[0] if len(found) == 1 else []


def read_log(path: Path, columns: list[str]) -> list[Row]:
    """Read a log.

    Args:
        path: the file.
        columns: its columns, where the file does not say.
    """
    rows: list[Row] = []
    fields = columns
    separator = "\t"
    for line in path.read_text("utf-8", "replace").splitlines():
        if line.startswith("#separator"):
            separator = line.split(" ", 1)[1].encode("ascii").decode("unicode_escape")
        elif line.startswith("#fields"):
            fields = line.split(separator)[1:]
        elif line.startswith("#") or not line.strip():
            continue
        elif line.startswith("{"):
            rows.append(_from_json(line))
        elif _is_header(line):
            fields = line.split(separator)
        elif fields:
            rows.append(_row(fields, line.split(separator)))
    return rows


def _is_header(line: str) -> bool:
    """``zeek-cut -m`` writes the names of the columns as the first line."""
    names = line.split("\t")
    return bool(_KNOWN & set(names)) and all(map(_NAME.match, names))


def _row(fields: list[str], values: list[str]) -> Row:
    pairs = zip(fields, values, strict=False)
    return {field: _unescaped(value) for field, value in pairs if value != "-"}


def _unescaped(value: str) -> str:
    return "" if value == "(empty)" else value


def _from_json(line: str) -> Row:
    def text(value: object) -> str:
        if isinstance(value, bool):
            return "T" if value else "F"
        return ",".join(map(text, value)) if isinstance(value, list) else str(value)

    return {field: text(value) for field, value in json.loads(line).items() if value is not None}


def end(row: Row, side: str) -> tuple[str, int] | None:
    """Return one end of the row's connection, ``orig`` or ``resp``; None where the columns were cut."""
    address, port = row.get(f"id.{side}_h"), row.get(f"id.{side}_p")
    return (address, int(port)) if address and port else None


def listed(row: Row, field: str) -> list[str] | None:
    """Return the items of a set or vector column; None where the column is absent."""
    value = row.get(field)
    if value is None:
        return None
    return [item.replace("\\x2c", ",") for item in value.split(",")] if value else []


def items(row: Row, field: str) -> list[str]:
    """Return the items of a set or vector column; none where it is absent."""
    return listed(row, field) or []
