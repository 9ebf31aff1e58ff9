"""How wide a text is, and how it is broken into lines that fit.

There is no font at hand when a report is written, and readers have different ones. The widths are those of
DejaVu Sans, the widest of the fonts that the pictures name: in the others a text is a little narrower.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from unicodedata import category, east_asian_width

from pcap_report.render.line_breaks import broken_lines
from pcap_report.render.safe import columns, ellipsize
from pcap_report.render.visible import visible_within

_LONGEST: Final = 600
"""Columns of a text that are looked at; nothing longer fits into any picture."""
BOLD: Final = 1.2
"""A bold letter against a plain one."""
# Thousandths of the font size, from the space to the tilde.
_ASCII: Final = (
    *(318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337),
    *(636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531),
    *(1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787),
    *(603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500),
    *(500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612),
    *(635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838),
)
_KNOWN: Final = {"–": 500, "—": 1000, "…": 1000, "·": 318, "→": 838, "×": 838, "µ": 636}
_WIDE: Final = 1000
_LETTER: Final = 720
_CAPITAL: Final = 980
# Of other scripts only a guess: texts with them are told how wide to be.
_FLOWING: Final = ((0x0590, 0x08FF, 620), (0x0900, 0x0DFF, 760), (0x1_F000, 0x1_FAFF, 1300))
_OTHER: Final = 1000
# Alphabets whose letters are no wider than measured here in the fonts that people have.
_USUAL: Final = ((0x00A1, 0x0233), (0x0386, 0x0481))


@dataclass(frozen=True)
class Font:
    """Size in pixels, and weight."""

    size: float
    bold: bool = False

    def width(self, text: str) -> float:
        """Measure a text, in pixels."""
        return sum(map(_advance, text)) * self.size * (BOLD if self.bold else 1) / 1000


@lru_cache(maxsize=4096)
def _advance(char: str) -> int:
    code = ord(char)
    if 32 <= code < 127:
        return _ASCII[code - 32]
    if char in _KNOWN:
        return _KNOWN[char]
    if category(char) in {"Mn", "Me"}:
        return 0
    if is_ideograph(char):
        return _WIDE
    if _is_usual(code):
        return _CAPITAL if char.isupper() else _LETTER
    return next((width for first, last, width in _FLOWING if first <= code <= last), _OTHER)


def is_ideograph(char: str) -> bool:
    """Tell whether a character fills a square, as Chinese ones do; pictures are wider still."""
    return east_asian_width(char) in {"W", "F"} and ord(char) < 0x1_F000


def _is_usual(code: int) -> bool:
    return any(first <= code <= last for first, last in _USUAL)


def is_certain(text: str) -> bool:
    """Tell whether the width of a text is known, whatever the font."""
    return text.isascii() or all(
        char in _KNOWN or ord(char) < 127 or is_ideograph(char) or _is_usual(ord(char)) for char in text
    )


@dataclass(frozen=True)
class Fitted:
    """A text in lines; `whole` is all of it where something was cut."""

    lines: tuple[str, ...]
    whole: str | None = None


def fitted(text: str, font: Font, room: float, most: int = 1) -> Fitted:
    """Break a text into lines no wider than the room; what the last line cannot hold is cut in its middle.

    Args:
        text: any string; it is made visible first.
        font: what it is written in.
        room: pixels.
        most: lines.
    """
    shown = visible_within(text, _LONGEST)
    lines = list(broken_lines(shown, font.width, room))
    if len(lines) <= most:
        return Fitted(tuple(lines))
    rest = " ".join(lines[most - 1 :]) if " " in shown else "".join(lines[most - 1 :])
    return Fitted((*lines[: most - 1], _cut(rest, font, room)), shown)


def _cut(text: str, font: Font, room: float) -> str:
    limit = columns(text)
    while limit > 1:
        text = ellipsize(text, limit)
        wide = font.width(text)
        if wide <= room:
            return text
        limit = min(limit - 1, int(limit * room / wide))
    return "…"
