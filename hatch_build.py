"""What a wheel needs beside the package's own files: compiled message catalogs and the templates.

hatchling runs this as its build hook. By hand, for the clone, `python hatch_build.py` compiles every catalog
and `python hatch_build.py FILE.po …` these. Each `.mo` is written beside its `.po`, where `gettext` looks.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
LOCALE = Path("pcap_report", "locale")


class CatalogError(Exception):
    """A catalog that must not be shipped."""


def compile_catalog(po: Path) -> Path:
    """Compile one catalog and return the path of its `.mo`.

    Refused are a translation whose placeholders are not the message's, which would fail in the middle of a
    report, and an empty catalog, which would pass for a translation.
    """
    with po.open("rb") as source:
        catalog = read_po(source, locale=po.parts[-3], abort_invalid=True)
    if not any(message.id and message.string for message in catalog):
        raise CatalogError(f"{po}: no message is translated")
    problems = [
        f"{po}:{message.lineno}: {error}" for message in catalog for error in _checked(message).check(catalog)
    ]
    if problems:
        raise CatalogError("\n".join(problems))
    mo = po.with_suffix(".mo")
    with mo.open("wb") as target:
        write_mo(target, catalog)
    return mo


def _checked(message: Message) -> Message:
    """Return what is to be checked: one form of a language without plurals stands for the plural's form.

    Babel would hold it against the singular, which may have fewer placeholders.
    """
    match message.id, message.string:
        case (_, plural), (only,):
            return Message(plural, only, flags=message.flags, lineno=message.lineno)
    return message


def catalogs(root: Path) -> list[Path]:
    """List the catalogs below the project's root, in a fixed order."""
    return sorted((root / LOCALE).glob("*/LC_MESSAGES/*.po"))


class WheelContents(BuildHookInterface[Any]):
    """Adds what is not a file of the package in the clone."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before hatchling collects files; `artifacts` in pyproject.toml lets `.mo` past .gitignore."""
        for po in catalogs(Path(self.root)):
            compile_catalog(po)
        # An editable install reads the clone's own templates/: a copy beside it would go stale.
        if version != "editable":
            build_data["force_include"]["templates"] = "pcap_report/templates"


def main(arguments: list[str]) -> None:
    """Compile the catalogs named, or all of them."""
    try:
        for po in [Path(name) for name in arguments] or catalogs(ROOT):
            compile_catalog(po)
    except CatalogError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
