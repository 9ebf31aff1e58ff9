"""The lock: complete, hashed, and free of the machine that made it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# A pin is `name==version ; marker \` with its hashes on lines of their own below it.
PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)", re.MULTILINE)


def _declared() -> list[Requirement]:
    groups = PYPROJECT["dependency-groups"]
    declared = [
        *PYPROJECT["project"]["dependencies"],
        *PYPROJECT["build-system"]["requires"],
        *groups["build"],
        *(entry for entry in groups["dev"] if isinstance(entry, str)),
    ]
    return [Requirement(line) for line in declared]


def _pins() -> dict[str, list[str]]:
    pins: dict[str, list[str]] = {}
    for match in PIN.finditer(LOCK):
        pins.setdefault(match["name"], []).append(match["version"])
    return pins


@pytest.mark.parametrize("requirement", _declared(), ids=str)
def test_every_declared_dependency_is_pinned_within_its_bounds(requirement: Requirement) -> None:
    versions = _pins().get(canonicalize_name(requirement.name), [])
    assert versions, f"{requirement} is not locked: run `make lock`"
    assert all(requirement.specifier.contains(version, prereleases=True) for version in versions)


def test_every_pin_has_hashes() -> None:
    blocks = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(PIN.findall(LOCK))
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_none_names_an_index_a_host_or_a_path(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert re.findall(r".*(?:://|--index|--extra-index|--find-links|--trusted-host| @ ).*", text) == []
