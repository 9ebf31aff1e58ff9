"""Write the gallery anew, and take out of it what no longer belongs there: ``make gallery``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.gallery.entries import UNCOMPARED, entries
from tests.gallery.paper import page_picture, paper
from tests.gallery.reports import GALLERY

if TYPE_CHECKING:
    from pathlib import Path


def write() -> None:
    """Write all of it."""
    made = entries()
    for old in GALLERY.rglob("*"):
        if old.is_file() and old.relative_to(GALLERY).as_posix() not in made.keys() | UNCOMPARED:
            old.unlink()
    changed = [place for place, make in made.items() if _written(GALLERY / place, make())]
    if changed or not all((GALLERY / place).is_file() for place in UNCOMPARED):
        _photograph()


def _written(target: Path, text: str) -> bool:
    """Write a file, and tell whether it is another one now."""
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return True


def _photograph() -> None:
    """Make what differs every time, only where something has changed."""
    (GALLERY / "pictures/brief.pdf").write_bytes(paper())
    picture = page_picture()
    if picture is None:
        sys.stderr.write("No Chromium here: pictures/page.png stays as it is.\n")
    else:
        (GALLERY / "pictures/page.png").write_bytes(picture)


if __name__ == "__main__":
    write()
