"""The pages that are written from the code say what the code says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from typer.main import get_command

from pcap_report.cli.app import app
from tools.reference.files import environment_variables
from tools.reference.json_paths import paths_of
from tools.reference.pages import ROOT, pages

if TYPE_CHECKING:
    from collections.abc import Callable

REFERENCE = ROOT / "docs" / "reference"


@pytest.mark.parametrize(("place", "make"), pages().items(), ids=pages())
def test_a_page_is_current(place: str, make: Callable[[], str]) -> None:
    assert (ROOT / place).read_text(encoding="utf-8") == make(), "make reference"


def test_every_option_of_every_command_is_there() -> None:
    page = (REFERENCE / "command-line.md").read_text(encoding="utf-8")
    for name, one in get_command(app).commands.items():  # type: ignore[attr-defined]
        section = page.partition(f"\n## pcap-report {name}\n")[2].partition("\n## ")[0]
        options = [option for parameter in one.params for option in parameter.opts if option.startswith("--")]
        assert options
        for option in options:
            assert re.search(rf"`[^`]*{option}\b", section), f"{name} {option}"


def test_every_path_of_the_schema_is_there() -> None:
    definitions = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))["$defs"]
    paths = paths_of(definitions)
    for known in (
        "capture.sha256",
        "connections[].tcp_handshake.syn.window_scale",
        "connections[].app_data.bursts[].frames",
        "dns[].answers",
        "findings[].display_filter",
        "attempts[].status",
    ):
        assert known in paths
    page = (REFERENCE / "json-paths.md").read_text(encoding="utf-8")
    for name, record in definitions.items():
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert section, name
        for field in record.get("properties", {}):
            assert f"| `{field}` |" in section, f"{name}.{field}"


@pytest.mark.parametrize("variable", environment_variables())
def test_environment_variables_are_read(variable: str) -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "pcap_report").rglob("*.py"))
    assert any(f'"{variable}"' in source for source in sources)
