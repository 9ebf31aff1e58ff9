"""docs/reference/expectations-file.md and configuration.md: the files that people write."""

from __future__ import annotations

import dataclasses
import inspect
import re
from typing import Final

from tools.reference.json_paths import kind_of
from tools.reference.markdown import cell, prose, table

_EXPECTATIONS: Final = """\
# The file of `check --expect`

Every key, from [its schema](../expectations.schema.json). [What must hold of a capture](../expectations.md)
explains the file by examples.
"""
_CONFIGURATION: Final = """\
# pcap-report.toml and the environment

The file is looked for beside the capture and above; in a `pyproject.toml` the same keys stand below
`[tool.pcap-report]`. [Templates](../templates.md) says which file counts, [rules](../rules.md) what its
rules may say.
"""
_RULE_KEYS: Final = {
    "rules": "Rules of yours: a list of tables.",
    "settings": "By rule: `severity`, `enabled`, thresholds.",
    "accept": "Findings that are known: `rule`, `server`, `reason`.",
}
_ENVIRONMENT: Final = {
    "PCAP_REPORT_PURE": "Run the sources of compiled modules: debuggers see nothing of compiled code.",
    "PCAP_REPORT_TSHARK": "The tshark to run, in the place of the one on the search path.",
    "NO_COLOR": "No colours.",
}
"""What the program reads; a test looks for each in its source."""


def expectations_page() -> str:
    """Write the page on the expectations file."""
    from pcap_report.checks.expectations import expectations_schema

    lines = [_EXPECTATIONS]
    for name, schema in expectations_schema()["$defs"].items():
        needed = schema.get("required", [])
        rows = [
            (f"`{key}`", kind_of(one), "yes" if key in needed else "", cell(one.get("description")))
            for key, one in schema.get("properties", {}).items()
        ]
        lines += [f"## {name}", "", prose(schema.get("description")), ""]
        lines += table(("key", "type", "needed", "meaning"), rows)
    return "\n".join(lines).rstrip() + "\n"


def configuration_page() -> str:
    """Write the page on the configuration file and on environment variables."""
    from pcap_report.cli.configuration import KEYS, RULE_KEYS, Wishes

    meanings = dict(re.findall(r"^ +(\w+): (.+)$", inspect.getdoc(Wishes) or "", re.MULTILINE))
    assert {one.name for one in dataclasses.fields(Wishes)} == set(KEYS)
    rows = [(f"`{key}`", cell(meanings[key])) for key in KEYS]
    rows += [(f"`{key}`", cell(_RULE_KEYS[key])) for key in RULE_KEYS]
    lines = [_CONFIGURATION, *table(("key", "meaning"), rows), "## Environment variables", ""]
    lines += table(
        ("variable", "meaning"), [(f"`{name}`", cell(text)) for name, text in _ENVIRONMENT.items()]
    )
    return "\n".join(lines).rstrip() + "\n"


def environment_variables() -> tuple[str, ...]:
    """Return the variables that the page names."""
    return tuple(_ENVIRONMENT)
