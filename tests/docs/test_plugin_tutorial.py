"""The tutorial on analyzers shows the code of the package that the tests install."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "mqtt"
PAGE = (ROOT / "docs" / "plugin-tutorial.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(EXAMPLE.rglob("*.py")))


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda text: text.splitlines()[0].strip())
def test_its_code_is_that_of_the_package(snippet: str) -> None:
    assert snippet in SOURCE


def test_there_is_code() -> None:
    assert len(SNIPPETS) >= 8


def test_its_entry_point_is_that_of_the_package() -> None:
    [block] = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    shown = tomllib.loads(block)["project"]["entry-points"]
    assert (
        tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
        == shown
    )
