"""The captures that statements are held against, where they are there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
_ENDINGS: Final = (".pcap", ".pcapng", ".gz", ".snoop")


def shared(folder: str) -> list[Path]:
    """The captures of a shared folder; none where it is missing, as on another machine."""
    place = os.environ.get(f"PCAP_REPORT_{folder.upper()}")
    return _in(Path(place) if place else ROOT.parent / "shared" / folder)


def samples() -> list[Path]:
    return _in(ROOT / "samples")


def _in(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix in _ENDINGS)
    return sorted(path for path in found if "oracles" not in path.parts)
