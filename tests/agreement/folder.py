"""A folder of captures with oracles: which captures there are, and what speaks of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_ORACLES = "oracles"
_NO_CAPTURES = frozenset((_ORACLES, "keys"))
_ENDINGS = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz", ".snoop", ".trace", ".dmp", ".dump")


@dataclass(frozen=True, slots=True)
class Capture:
    """A capture and its oracles.

    Attributes:
        path: the capture.
        oracles: what speaks of it, by kind: a file or a folder below ``oracles/KIND``.
    """

    path: Path
    oracles: dict[str, Path]


def captures_in(folder: Path) -> list[Capture]:
    """List the captures of a folder, with their oracles."""
    return [Capture(path, _oracles_of(folder, path.name)) for path in _capture_paths(folder)]


def _capture_paths(folder: Path) -> list[Path]:
    manifest = folder / "manifest.tsv"
    if manifest.is_file():
        lines = manifest.read_text("utf-8").splitlines()[1:]
        listed = [folder / line.split("\t", 1)[0] for line in lines if line.strip()]
        return [path for path in listed if path.is_file()]
    places = [
        place for place in sorted(folder.iterdir()) if place.is_dir() and place.name not in _NO_CAPTURES
    ]
    return [path for place in places for path in sorted(place.rglob("*")) if path.name.endswith(_ENDINGS)]


def _oracles_of(folder: Path, name: str) -> dict[str, Path]:
    found: dict[str, Path] = {}
    root = folder / _ORACLES
    if not root.is_dir():
        return found
    for kind in sorted(root.iterdir()):
        for place in (kind / name, kind / f"{name}.json"):
            if place.exists():
                found[kind.name] = place
    return found
