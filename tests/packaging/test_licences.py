"""What is installed with the program is known, and under licences that go with ours."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.dependencies.graph import ROOT, blocks, needed
from tools.dependencies.licences import PERMISSIVE, UnknownLicenceError, licence_of

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("extra", ["", *PROJECT["optional-dependencies"]])
def test_what_pyproject_asks_for_is_listed(extra: str) -> None:
    asked = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    assert {canonicalize_name(Requirement(line).name) for line in asked} <= set(needed())


def test_what_comes_along_is_listed_and_what_only_we_work_with_is_not() -> None:
    assert {"lxml": "", "cffi": "", "starlette": "mcp"}.items() <= needed().items()
    assert set(needed()) <= set(blocks())
    assert {"pytest", "mypy", "sphinx", "scapy"}.isdisjoint(needed())


@pytest.mark.parametrize("name", needed())
def test_a_licence_asks_for_nothing_but_to_be_named(name: str) -> None:
    assert set(re.split(r" (?:OR|AND) ", licence_of(name))) <= PERMISSIVE


def test_a_licence_that_nobody_read_is_not_guessed() -> None:
    with pytest.raises(UnknownLicenceError, match="not installed"):
        licence_of("no-such-package")
    with pytest.raises(UnknownLicenceError, match="read its licence file"):
        licence_of("scapy")  # GPL-2.0-only
