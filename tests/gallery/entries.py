"""All that lies in the gallery and can be compared: the same on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.gallery.index import index
from tests.gallery.pictures import pictures
from tests.gallery.reports import reports

if TYPE_CHECKING:
    from collections.abc import Callable

UNCOMPARED: Final = frozenset(("pictures/page.png", "pictures/brief.pdf"))
"""Made with a browser and with the fonts that there are."""


def entries() -> dict[str, Callable[[], str]]:
    """Return, by its place in the gallery, what makes each file."""
    return {"README.md": index} | pictures() | reports()
