"""The modules that run for every packet may be compiled; here it is decided whether they are used.

Python prefers a compiled module to the source beside it. Compiled modules know how each other's objects lie
in memory, so that all of them are used or none: none when the source of one has changed since, or when
``PCAP_REPORT_PURE`` is set, as for debuggers, coverage and fuzzers, which see nothing of compiled code.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

MANIFEST: Final = Path(__file__).with_name("compiled.txt")
"""What was compiled, a line for each source: its stamp and its path. Not there when nothing was."""
PURE: Final = "PCAP_REPORT_PURE"
INSTALLED: Final = "-"
"""The stamp of a source that came together with its compiled form, in a wheel."""


def stamp(source: Path) -> str:
    """Return what changes when a source does: its size and its time."""
    status = source.stat()
    return f"{status.st_size}:{status.st_mtime_ns}"


class _Sources:
    """Finds the sources of modules that there are compiled forms of.

    It has no base of importlib.abc, which every start would have to import, for milliseconds.
    """

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module's source; None where that is nothing special."""
        if fullname not in self.names or not path:
            return None
        return FileFinder(path[0], (SourceFileLoader, SOURCE_SUFFIXES)).find_spec(fullname)


def choose() -> None:
    """Decide whether compiled modules are used; called before the first of them is imported."""
    stamps = _stamps()
    if stamps and why_not(stamps):
        names = frozenset(source.removesuffix(".py").replace("/", ".") for source in stamps)
        sys.meta_path.insert(0, _Sources(names))


def why_not(stamps: dict[str, str] | None = None) -> str:
    """Say why compiled modules are not used; "" when they are."""
    stamps = _stamps() if stamps is None else stamps
    if not stamps:
        return "nothing is compiled"
    if os.environ.get(PURE):
        return f"{PURE} is set"
    root = MANIFEST.parent.parent
    for source, expected in stamps.items():
        if expected != INSTALLED and stamp(root / source) != expected:
            return f"{source} has changed since"
    return ""


def documentation(name: str, kind: str = "") -> str:
    """Return the docstring of a module, or of a class in it: of what is compiled, the source knows it.

    Args:
        name: the module's.
        kind: the class's; "" for the module's own.
    """
    import ast
    import inspect
    from importlib import import_module

    module = import_module(name)
    found: str | None = inspect.getdoc(getattr(module, kind) if kind else module)
    if found or Path(module.__file__ or ".py").suffix == ".py":
        return found or ""
    folder, _, last = name.rpartition(".")
    source = Path(import_module(folder).__path__[0], f"{last}.py")
    tree = ast.parse(source.read_text(encoding="utf-8"))
    nodes = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == kind)
    return ast.get_docstring(next(nodes) if kind else tree) or ""


def _stamps() -> dict[str, str]:
    try:
        lines = MANIFEST.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return {source: stamp for stamp, _, source in (line.partition(" ") for line in lines)}
