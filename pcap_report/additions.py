"""What analyzers from elsewhere bring besides facts: a part of the report, and translations.

It stands below the analyzers and below the renderers, because a saved report renders without any analyzer,
and what is installed must be found then, too.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pcap_report.model.message import Message

ENTRY_POINT_GROUP: Final = "pcap_report.analyzers"
"""Installed packages register their analyzers here."""


@dataclass(frozen=True)
class Addition:
    """What one analyzer brings.

    Attributes:
        analyzer: its id.
        heading: of its part of the report; None for the id.
        section: the Jinja template of that part.
        catalogs: folder with ``<language>/LC_MESSAGES/*.mo``.
    """

    analyzer: str
    heading: Message | None
    section: Path | None
    catalogs: Path | None


_of_files: dict[str, Addition] = {}


def add_from_file(kind: type, folder: Path) -> None:
    """Note what an analyzer of a single file brings, which lies beside it."""
    addition = _addition(kind, folder)
    _of_files[addition.analyzer] = addition


def additions() -> dict[str, Addition]:
    """Return what there is, by the analyzer's id."""
    return _of_packages() | _of_files


def catalog_folders() -> tuple[Path, ...]:
    """List the folders of translations."""
    return tuple(dict.fromkeys(one.catalogs for one in additions().values() if one.catalogs))


@cache
def _of_packages() -> dict[str, Addition]:
    """Ask the packages that are installed; one that cannot be loaded is told of where it is to run."""
    found: dict[str, Addition] = {}
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        try:
            kind = entry.load()
            source = sys.modules[kind.__module__].__file__
            addition = _addition(kind, Path(source or "").parent)
        except Exception:  # noqa: S112 - `analyzers.plugins` says what is wrong with it
            continue
        found[addition.analyzer] = addition
    return found


def _addition(kind: type, folder: Path) -> Addition:
    section, catalogs = getattr(kind, "section", ""), getattr(kind, "catalogs", "")
    return Addition(
        analyzer=getattr(kind, "id", ""),
        heading=getattr(kind, "heading", None),
        section=folder / section if section else None,
        catalogs=folder / catalogs if catalogs else None,
    )
