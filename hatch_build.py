"""What a wheel needs beside the package's own files: compiled message catalogs and the templates.

With `PCAP_REPORT_COMPILE=1` the modules that run for every packet are compiled, too (tools/compile.py); the
wheel is then one for this Python and this kind of machine.

hatchling runs this as its build hook. By hand, for the clone, `python hatch_build.py` compiles every catalog
and `python hatch_build.py FILE.po …` these. Each `.mo` is written beside its `.po`, where `gettext` looks.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
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


def _is_to_be_compiled() -> bool:
    return os.environ.get("PCAP_REPORT_COMPILE") == "1"


def catalogs(root: Path) -> list[Path]:
    """List the catalogs below the project's root, in a fixed order."""
    return sorted((root / LOCALE).glob("*/LC_MESSAGES/*.po"))


class WheelContents(BuildHookInterface[Any]):
    """Adds what is not a file of the package in the clone."""

    PLUGIN_NAME = "custom"
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before hatchling collects files; `artifacts` in pyproject.toml lets `.mo` past .gitignore."""
        for po in catalogs(Path(self.root)):
            compile_catalog(po)
        # An editable install reads the clone's own templates/: a copy beside it would go stale.
        if version != "editable":
            build_data["force_include"]["templates"] = "pcap_report/templates"
            if _is_to_be_compiled():
                self._compile(build_data)

    def _compile(self, build_data: dict[str, Any]) -> None:
        """Compile into a folder, and take in all that comes out."""
        self._folder = tempfile.TemporaryDirectory(prefix="pcap-report-build-")
        into = Path(self._folder.name)
        compiler = Path(self.root, "tools", "compile.py")
        subprocess.run([sys.executable, str(compiler), "--into", str(into)], check=True)  # noqa: S603 - our own
        for path in sorted(into.rglob("*")):
            if path.is_file():
                build_data["force_include"][str(path)] = path.relative_to(into).as_posix()
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def dependencies(self) -> list[str]:
        """Say what the build needs besides: nothing, unless something is compiled."""
        return ["mypy>=1.13", "setuptools>=77"] if _is_to_be_compiled() else []

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was compiled: it is in the wheel now."""
        if self._folder is not None:
            self._folder.cleanup()


def main(arguments: list[str]) -> None:
    """Compile the catalogs named, or all of them."""
    try:
        for po in [Path(name) for name in arguments] or catalogs(ROOT):
            compile_catalog(po)
    except CatalogError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
