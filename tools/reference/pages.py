"""All pages that are written from the code, by their place; a test holds them to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.dependencies.licences import licences_page
from tools.reference.analyzers import analyzers_page
from tools.reference.command_line import command_line_page
from tools.reference.differences import differences_page
from tools.reference.files import configuration_page, expectations_page
from tools.reference.json_paths import json_page

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).resolve().parents[2]


def pages() -> dict[str, Callable[[], str]]:
    """Return what writes each page."""
    from pcap_report.checks.expectations import expectations_schema
    from pcap_report.cli.rule_page import rule_page
    from pcap_report.render.json_report import pretty_json, render_schema

    return {
        "docs/reference/command-line.md": command_line_page,
        "docs/reference/json-paths.md": json_page,
        "docs/reference/analyzers.md": analyzers_page,
        "docs/reference/expectations-file.md": expectations_page,
        "docs/reference/configuration.md": configuration_page,
        "docs/reference/differences.md": differences_page,
        "docs/rules.md": rule_page,
        "docs/licences.md": licences_page,
        "docs/report.schema.json": render_schema,
        "docs/expectations.schema.json": lambda: pretty_json(expectations_schema()),
    }
