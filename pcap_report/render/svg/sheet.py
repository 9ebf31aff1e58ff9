"""What a picture is drawn for: where it will stand, how wide, in which language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from pcap_report.render.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.model.message import Message
    from pcap_report.render.quantities import Quantities

WIDE: Final = 820
NARROW: Final = 360
_NARROW_BELOW: Final = 560

Medium = Literal["page", "file", "paper"]
"""``page``: inline in HTML that has `page_style()`; ``file``: a file of its own, light or dark as its reader
likes; ``paper``: light, without variables and media queries, for a PDF."""


@dataclass(frozen=True)
class Sheet:
    """What to draw on.

    Attributes:
        prefix: begins every id in the picture: another one for each picture of a page.
        language: of the words and numbers.
        medium: where the picture will stand.
        width: pixels; below 560 texts stand above what they name instead of beside it.
        link: makes the address behind an arrow out of its first frame's number; None for no links.
    """

    prefix: str
    language: str = "en"
    medium: Medium = "page"
    width: int = WIDE
    link: Callable[[int], str] | None = None

    @property
    def narrow(self) -> bool:
        """Tell whether it is to be read on a phone."""
        return self.width < _NARROW_BELOW

    @cached_property
    def phrases(self) -> Phrases:
        """Say things for pictures: strangers' texts stay as they are until they are drawn."""
        return Phrases(self.language, str, tabular=True)

    @property
    def quantities(self) -> Quantities:
        """Write numbers for pictures."""
        return self.phrases.quantities

    def say(self, message: Message) -> str:
        """Translate a message."""
        return self.phrases.say(message)


def both_widths(draw: Callable[[Sheet], str], sheet: Sheet) -> str:
    """Draw a picture twice for a page, whose style shows the one that suits the window."""
    wide = draw(sheet)
    if not wide:
        return ""
    narrow = draw(replace(sheet, width=NARROW, prefix=f"{sheet.prefix}-n"))
    return f'<div class="pr-wide">{wide}</div><div class="pr-narrow">{narrow}</div>'
