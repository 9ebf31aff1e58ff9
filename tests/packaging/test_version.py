"""The version stands in one place."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pcap_report

ROOT = Path(__file__).resolve().parents[2]


def test_the_installed_version_is_the_package_s_own() -> None:
    assert version("pcap-report") == pcap_report.__version__


def test_pyproject_does_not_repeat_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" not in project
    assert "version" in project["dynamic"]


def test_no_other_module_repeats_it() -> None:
    literal = re.compile(rf"""["']{re.escape(pcap_report.__version__)}["']""")
    sources = (ROOT / "pcap_report").rglob("*.py")
    assert [path.name for path in sources if literal.search(path.read_text(encoding="utf-8"))] == [
        "__init__.py"
    ]
