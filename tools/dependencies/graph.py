"""Which packages of the lock the program needs at run time, on any system and any Python."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parents[2]
_PIN: Final = re.compile(r"^(?P<name>[a-z0-9.-]+)==")
_PARENT: Final = re.compile(r"^    #(?: via)?\s+(?P<name>[a-z0-9.-]+)$")


def blocks() -> dict[str, str]:
    """Return the lock's entries by name, with their hashes; a package with several versions has them all."""
    lock = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for block in re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]:
        match = _PIN.match(block)
        assert match, block.splitlines()[0]
        found[match["name"]] = found.get(match["name"], "") + block
    return found


def needed() -> dict[str, str]:
    """Return the packages needed at run time, by name, each with the extra that asks for it ("" for none)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    children = _children()
    found: dict[str, str] = {}
    for extra, lines in {"": project["dependencies"], **project["optional-dependencies"]}.items():
        waiting: list[str] = [canonicalize_name(Requirement(line).name) for line in lines]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = extra
                waiting += children.get(name, [])
    return dict(sorted(found.items()))


def _children() -> dict[str, list[str]]:
    """Read the lock's notes: below each package stands what it came with ("via")."""
    children: dict[str, list[str]] = {}
    for name, block in blocks().items():
        for line in block.splitlines():
            match = _PARENT.match(line)
            if match and match["name"] != name:
                children.setdefault(match["name"], []).append(name)
    return children
