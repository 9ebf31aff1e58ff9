"""Where a text may be broken: at spaces, between Chinese characters, and elsewhere only in need.

A number and its unit stay on one line, however the text came by them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A Chinese line begins with no closing mark and ends with no opening one (clreq, 3.1.3).
_OPENING: Final = "（“《「"
_CLOSING: Final = "，。、；：？！）”》」"
_WORD: Final = "[!-\\[\\]-~\u00a1-\u1fff\u2013\u2014\u2026]+"
"""Letters of alphabets and the punctuation among them; Chinese breaks between any two characters."""
_UNIT: Final = r"(?:(?:µs|ms|s|min|h|d|[kMG]?B|%)(?!\w)|毫秒|微秒|秒|分|小时|天|字节)"
_HELD: Final = rf"(?<=\d) {_UNIT}(?: \d+ {_UNIT})?"
"""What stays on the line of a number: its unit, as in 5.6 kB, and the smaller one in 2 min 5 s."""
_HELD_WORD: Final = re.compile(rf"[^ ]+(?:{_HELD}[^ ]*)*")
_TOKENS: Final = re.compile(
    rf"[{_OPENING}]*(?:\\(?:x[0-9a-f]{{2}}|u[0-9a-f]{{4}}|U[0-9a-f]{{8}}|.)"
    rf"|{_WORD}(?:{_HELD}(?:{_WORD})?)*|[^ ])[{_CLOSING}]*| +",
    re.DOTALL,
)
_BREAKABLE: Final = re.compile(r"[^-/.,:;=&?_+]*[-/.,:;=&?_+]?")


def held_words(text: str) -> list[str]:
    """Return the words of a text, each number with its unit as one."""
    return _HELD_WORD.findall(text)


def broken_lines(text: str, width: Callable[[str], float], room: float) -> Iterator[str]:
    """Break a text into lines, at least one; spaces at a break are left out.

    Args:
        text: one line, made visible before.
        width: measures a text.
        room: as wide as a line may be, measured in the same way.
    """
    line = ""
    for token in _tokens(text, width, room):
        if line and width(line + token.rstrip()) > room:
            yield line.rstrip()
            line = token.lstrip()
        else:
            line += token
    yield line.rstrip()


def _tokens(text: str, width: Callable[[str], float], room: float) -> Iterator[str]:
    for token in _TOKENS.findall(text):
        if width(token) <= room:
            yield token
        else:
            yield from _pieces(token, width, room)


def _pieces(word: str, width: Callable[[str], float], room: float) -> Iterator[str]:
    """Break a word that no line can hold: behind punctuation, and where there is none, anywhere."""
    for piece in _BREAKABLE.findall(word):
        if width(piece) <= room:
            yield piece
        else:
            yield from piece
