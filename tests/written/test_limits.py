"""Files that a user writes have limits, too: each is told with its place, and none ends in a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.errors import UsageError
from pcap_report.written.expressions import ExpressionError, compiled
from pcap_report.written.yaml_file import read_yaml

if TYPE_CHECKING:
    from pathlib import Path


def refused(folder: Path, text: str) -> str:
    file = folder / "written.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_yaml(file)
    return caught.value.message.removeprefix(str(file))


@pytest.mark.parametrize(("depth", "place"), [(30, None), (31, ":1:34"), (400_000, ":1:34")])
def test_nested_lists(tmp_path: Path, depth: int, place: str | None) -> None:
    text = f"a: {'[' * depth}{']' * depth}\n"
    if place is None:
        (tmp_path / "written.yaml").write_text(text, encoding="utf-8")
        assert read_yaml(tmp_path / "written.yaml").values["a"] is not None
        return
    said = refused(tmp_path, text)
    assert said.startswith(place)
    assert said.endswith("this is nested too deeply")


def test_a_large_file(tmp_path: Path) -> None:
    assert refused(tmp_path, f"# {'x' * 1_000_000}\n") == " is larger than 1 MB"


def test_an_anchor(tmp_path: Path) -> None:
    assert refused(tmp_path, "a: &b [1]\nc: *b\n") == ":1:4: aliases and anchors are not read here"


def test_a_date_is_what_was_written(tmp_path: Path) -> None:
    file = tmp_path / "written.yaml"
    file.write_text("a: 2026-01-31\nb: 0x10\n", encoding="utf-8")
    assert read_yaml(file).values == {"a": "2026-01-31", "b": 16}


def test_a_long_expression() -> None:
    with pytest.raises(ExpressionError, match="longer than 4000 characters"):
        compiled(" + ".join(["1"] * 2000))
