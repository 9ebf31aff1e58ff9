"""Analyzers from elsewhere: installed packages (entry points) and single files (``--plugin``)."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Final, TypeGuard

from pcap_report.additions import ENTRY_POINT_GROUP, add_from_file
from pcap_report.analyzers.base import CaptureAnalyzer, ConnectionAnalyzer
from pcap_report.analyzers.declared import attribute_fault
from pcap_report.analyzers.registry import BUILT_IN, AnalyzerKind
from pcap_report.errors import UsageError
from pcap_report.model.connection import Connection
from pcap_report.model.report import Report

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

_RESERVED: Final = {*Connection.__struct_fields__, *Report.__struct_fields__} - {kind.id for kind in BUILT_IN}
"""Other keys of the JSON report."""


def installed_analyzers() -> list[AnalyzerKind]:
    """Load the analyzers that installed packages register.

    Raises:
        UsageError: one of them cannot be loaded, or is no analyzer.
    """
    found: list[AnalyzerKind] = []
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        try:
            kind = entry.load()
        except Exception as error:  # a plugin may fail in any way; its name must be told
            message = f"The analyzer {entry.name} of an installed package cannot be loaded: {error}"
            raise UsageError(message) from error
        found.append(_checked(kind, entry.name))
    return found


def analyzers_in_file(path: Path) -> list[AnalyzerKind]:
    """Load the analyzers that a Python file defines.

    Raises:
        UsageError: the file is missing, does not run, or defines none.
    """
    module = _run(path)
    derived = [value for value in vars(module).values() if _is_analyzer(value, module)]
    kinds = [kind for kind in derived if not _undefined(kind)]
    if not kinds:
        undefined = f": {derived[-1].__name__} is none yet, {_undefined(derived[-1])}" if derived else ""
        message = f"{path} defines no analyzer{undefined}"
        raise UsageError(message, "Derive a class from pcap_report.analyzers.base.ConnectionAnalyzer.")
    checked = [_checked(kind, path.name) for kind in kinds]
    for kind in checked:
        add_from_file(kind, path.parent)
    return checked


def available_analyzers(plugin_files: tuple[Path, ...] = ()) -> tuple[AnalyzerKind, ...]:
    """Return the built-in analyzers, then those from elsewhere.

    Raises:
        UsageError: a plugin cannot be loaded, or two analyzers have the same id.
    """
    found = [*BUILT_IN, *installed_analyzers()]
    for path in plugin_files:
        found += analyzers_in_file(path)
    seen: set[tuple[str, str]] = set()
    for kind in found:
        ids = _ids(kind)
        if not seen.isdisjoint(ids):
            raise UsageError(f"Two analyzers have the id {kind.id}")
        seen |= ids
    return tuple(found)


def _ids(kind: AnalyzerKind) -> set[tuple[str, str]]:
    """The id on each transport; readers of the same fact over different transports share one."""
    if issubclass(kind, ConnectionAnalyzer):
        return {(kind.id, transport) for transport in kind.transports}
    return {(kind.id, "")}


def _run(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"pcap_report_plugin_{path.stem}", path)
    if specification is None or specification.loader is None or not path.is_file():
        raise UsageError(f"There is no Python file {path}")
    module = importlib.util.module_from_spec(specification)
    sys.modules[module.__name__] = module  # dataclasses and the like look their own module up
    try:
        specification.loader.exec_module(module)
    except Exception as error:  # a plugin may fail in any way; its name must be told
        raise UsageError(f"{path} does not run: {type(error).__name__}: {error}") from error
    return module


def _is_analyzer(value: object, module: ModuleType) -> TypeGuard[AnalyzerKind]:
    return (
        inspect.isclass(value)
        and issubclass(value, ConnectionAnalyzer | CaptureAnalyzer)
        and value.__module__ == module.__name__
    )


def _undefined(kind: type) -> str:
    """Say what an analyzer must define and this class does not; "" where it defines all."""
    undefined = [
        name
        for base in (ConnectionAnalyzer, CaptureAnalyzer)
        if issubclass(kind, base)
        for name in ("on_packet", "result")
        if getattr(kind, name) is getattr(base, name)
    ]
    return f"it does not define {', '.join(undefined)}" if undefined else ""


def _checked(kind: object, origin: str) -> AnalyzerKind:
    """Return a class as the analyzer that it is.

    Raises:
        UsageError: it is none, or what it says of itself cannot be.
    """
    is_kind = inspect.isclass(kind) and issubclass(kind, ConnectionAnalyzer | CaptureAnalyzer)
    name = getattr(kind, "id", "")
    if not is_kind or not isinstance(name, str) or not name:
        raise UsageError(f"{origin} is no analyzer with an id")
    if name in _RESERVED:
        message = f"The analyzer {origin} cannot have the id {name}"
        raise UsageError(message, "Begin it with a word of yours and a dot, such as example.mqtt")
    undefined = _undefined(kind)  # type: ignore[arg-type]  # the first lines made sure of it
    if undefined:
        raise UsageError(f"The analyzer {name} of {origin} cannot be used: {undefined}")
    fault = attribute_fault(kind)  # type: ignore[arg-type]  # the first lines made sure of it
    if fault is not None:
        raise UsageError(f"The analyzer {name} of {origin} cannot be used: {fault.what}", fault.hint)
    return kind  # type: ignore[return-value]  # the first lines made sure of it
