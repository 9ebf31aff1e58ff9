"""A ladder in several pictures, none higher than a page; each names the lifelines and the phase again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pcap_report.render.sequence import Arrow, Band
from pcap_report.render.svg.ladder import Ladder, ladder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.render.sequence import Item, SequenceDiagram
    from pcap_report.render.svg.sheet import Sheet

_AROUND: Final = 64
"""Pixels that a part needs besides its items: the name of its phase, and the ends of bands and picture."""


def ladder_pages(diagram: SequenceDiagram, sheet: Sheet, height: float) -> list[str]:
    """Draw a sequence diagram in pictures of at most that height; no picture where it has no arrow.

    Args:
        diagram: what to draw.
        sheet: what for; the second picture's ids begin with its prefix and ``-2``.
        height: pixels; an item that is higher alone has a picture of its own.
    """
    if not any(isinstance(item, Arrow) for item in diagram.items):
        return []
    whole = Ladder(diagram, sheet)
    drawn = whole.picture()
    if whole.bottoms[-1] + _AROUND <= height:
        return [drawn]
    pages: list[str] = []
    for items in _parts(diagram.items, whole, height - whole.top - _AROUND):
        name = f"{sheet.prefix}-{len(pages) + 1}" if pages else sheet.prefix
        pages.append(ladder(replace(diagram, items=tuple(items)), replace(sheet, prefix=name)))
    return [page for page in pages if page]


def _parts(items: Sequence[Item], whole: Ladder, room: float) -> Iterator[list[Item]]:
    """Cut between items, not behind the name of a phase; what goes on begins with its name again."""
    part: list[Item] = []
    phase: Band | None = None
    begins = whole.top
    tops = [whole.top, *whole.bottoms]
    for item, top, bottom in zip(items, tops, whole.bottoms, strict=False):
        if bottom - begins > room and any(isinstance(one, Arrow) for one in part):
            held = [part.pop()] if isinstance(part[-1], Band) else []
            yield part
            part = held or ([phase] if phase and not isinstance(item, Band) else [])
            begins = top
        if isinstance(item, Band):
            phase = item
        part.append(item)
    yield part
