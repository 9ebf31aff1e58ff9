"""Make any text visible on one line, and cut it to columns: the step before every escaping."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import category, east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PLAIN = re.compile(r"[ -\[\]-~]*")
_ASCII_ODD = re.compile(r"[^ -\[\]-~]")
_UNIT = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)|.", re.DOTALL)
_SHORT = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_MARKS = frozenset({"Mn", "Me"})
_MARKS_IN_A_ROW = 2
# Printable by category, yet nothing is seen: fillers, blanks, variation selectors (see Default_Ignorable).
_BLANK = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0x16FE4, 0x1D159}
    | {*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000)}
)


def from_bytes(raw: bytes) -> str:
    r"""Read bytes off the wire as UTF-8; a byte that is not UTF-8 becomes the four characters ``\xNN``.

    Never yields a lone surrogate: those cannot be written to JSON or to a file.
    """
    return raw.decode("utf-8", "backslashreplace")


def visible(text: str) -> str:
    r"""Show all of a text on one line: what cannot be seen as ``\n``, ``\xNN``, ``\uNNNN`` or ``\UNNNNNNNN``.

    A backslash is doubled, so that the notation can be read back. More than two combining marks in a row are
    written out as well: a stack of them covers the neighbouring lines.
    """
    if _PLAIN.fullmatch(text):
        return text
    if text.isascii():
        return _ASCII_ODD.sub(lambda odd: _shown(odd[0]), text)
    return "".join(_shown_with_marks(text))


def _shown_with_marks(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        marks = marks + 1 if _is_mark(char) else 0
        yield _notation(char) if marks > _MARKS_IN_A_ROW else _shown(char)


@lru_cache(maxsize=8192)
def _is_mark(char: str) -> bool:
    return category(char) in _MARKS and ord(char) not in _BLANK


@lru_cache(maxsize=8192)
def _shown(char: str) -> str:
    hidden = category(char) in _HIDDEN_CATEGORIES or ord(char) in _BLANK or char == "\\"
    return _notation(char) if hidden and char != " " else char


def _notation(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def columns(text: str) -> int:
    """Count the columns of a text in a fixed-width font (UAX #11: wide characters 2, combining marks 0)."""
    return len(text) if text.isascii() else sum(map(_width, text))


@lru_cache(maxsize=8192)
def _width(char: str) -> int:
    if category(char) in _MARKS:
        return 0
    return 2 if east_asian_width(char) in {"W", "F"} else 1


def ellipsize(text: str, limit: int) -> str:
    r"""Cut a visible text in the middle to `limit` columns: the end of a name says whose it is.

    An escape such as ``\u202e`` is kept or dropped whole, and a mark stays with its letter.
    """
    if columns(text) <= limit:
        return text
    room = max(limit - 1, 0)
    tail_room = room // 3
    units = _units(text)
    head = _fitting(units, room - tail_room)
    tail = _fitting(reversed(units), tail_room)
    return "".join([*head, "…", *reversed(tail)])


def _units(text: str) -> list[str]:
    units: list[str] = []
    for unit in _UNIT.findall(text):
        if units and columns(unit) == 0:
            units[-1] += unit
        else:
            units.append(unit)
    return units


def _fitting(units: Iterable[str], room: int) -> list[str]:
    taken: list[str] = []
    for unit in units:
        room -= columns(unit)
        if room < 0:
            break
        taken.append(unit)
    return taken


def visible_within(text: str, limit: int) -> str:
    """Make a text visible and cut it to `limit` columns, in a time that does not grow with the text."""
    if len(text) > 8 * limit > 0:  # a megabyte: only its ends are looked at, and they alone fill the limit
        text = text[: 4 * limit] + text[-4 * limit :]
    return ellipsize(visible(text), limit)


def shortened(text: str, limit: int = 56) -> str:
    """Leave out the middle of a text that would be too wide once it is visible; the rest stays as it is.

    It is for sentences that are made visible as a whole later. Blanks become ``-``.
    """
    if len(text) > 8 * limit:
        text = text[: 4 * limit] + text[-4 * limit :]
    if columns(visible(text)) <= limit:
        return text if text.strip(" ") else "-"
    room = limit - 1
    head = _fitting_raw(text, room - room // 3)
    tail = _fitting_raw(text[::-1], room // 3)
    return f"{head}…{tail[::-1]}"


def _fitting_raw(text: str, room: int) -> str:
    used = 0
    for place, shown in enumerate(_shown_with_marks(text)):  # a third mark in a row is written out
        used += columns(shown)
        if used > room:
            return text[:place]
    return text
