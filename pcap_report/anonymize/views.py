"""A written output as its readers may see it: escapes of every format undone."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNSEEN: Final = re.compile("[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_BACKSLASHED: Final = re.compile(
    r"\\(?:x([0-9A-Fa-f]{2})|u\{?([0-9A-Fa-f]{4}|[0-9A-Fa-f]{1,6}(?=\}))\}?|U([0-9A-Fa-f]{8})|([0-7]{3})|(\d{3})|([^\w\s]))"
)
_MERMAID: Final = re.compile(r"#(\d{1,7});")
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PUNYCODE: Final = re.compile(r"\bxn--([A-Za-z0-9-]{1,80})", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<[^<>]{1,2000}>")
_LIMIT: Final = 0x110000


def views(text: str) -> Iterator[str]:
    """Yield the text itself, then with its escapes undone, then without its markup; none of them twice."""
    seen = {text}
    yield text
    for _ in range(3):
        text = _undone(text)
        for view in (text, _MARKUP.sub("", text)):
            if view not in seen:
                seen.add(view)
                yield view


def _undone(text: str) -> str:
    text = _UNSEEN.sub("", text)
    text = html.unescape(text)
    text = _MERMAID.sub(lambda found: _character(int(found[1])), text)
    text = _BACKSLASHED.sub(_unescaped, text)
    text = _PERCENT.sub(lambda found: unquote_to_bytes(found[0]).decode("utf-8", "replace"), text)
    return _PUNYCODE.sub(_unicode, text)


def _unescaped(found: re.Match[str]) -> str:
    for group, base in ((1, 16), (2, 16), (3, 16), (4, 8), (5, 10)):
        if found[group]:
            return _character(int(found[group], base))
    return found[6]


def _character(number: int) -> str:
    return chr(number) if 0 < number < _LIMIT and not 0xD800 <= number < 0xE000 else "\ufffd"


def _unicode(found: re.Match[str]) -> str:
    try:
        return found[1].encode("ascii").decode("punycode")
    except UnicodeError:
        return found[0]
