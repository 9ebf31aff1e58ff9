"""How a language sets its sentences: which marks it writes, and where it leaves no space.

Chinese (clreq, https://www.w3.org/TR/clreq/) has full-width marks with no space beside them, writes one
sentence right behind the other, and lists with 、. Templates are written once for all languages, with spaces,
commas and stops between the sentences that they put together: :func:`typeset` sets what they wrote in the
language's own way. Code, drawings and strangers' texts are not touched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


def typeset(text: str, language: str) -> str:
    """Set the lines of a rendered profile as a language sets them.

    Args:
        text: lines of Markdown, or of the inline HTML that becomes a page.
        language: one of the languages of the catalogs.
    """
    if language != "zh" or _MASKS.search(text):
        return text
    kept: list[str] = []

    def mask(found: re.Match[str]) -> str:
        kept.append(found[0])
        return _TAG if found["tag"] else _SOLID

    lines = _SET_APART.sub(mask, text).split("\n")
    masked = "\n".join(_joined([_set(line.rstrip()) for line in lines]))
    back: Iterator[str] = iter(kept)
    return _MASKS.sub(lambda _: next(back), masked)


# Not ours to set: fenced blocks, code spans, drawings, code, buttons, entities; tags are looked through.
_SET_APART: Final = re.compile(
    r"(?ms)^```.*?^```$|(?<!`)(?P<fence>`+)(?!`)[^\n]*?(?<!`)(?P=fence)(?!`)"
    r"|<svg\b.*?</svg>|<code\b.*?</code>|<button\b.*?</button>|&\#?\w+;"
    r"|(?P<tag></?[a-z][^<>\n]*>)"
)
# Private use: no text that a sink let through holds them.
_SOLID: Final = "\ue000"
_TAG: Final = "\ue001"
_MASKS: Final = re.compile(f"[{_SOLID}{_TAG}]")

_HAN: Final = "\u3400-\u9fff\uf900-\ufaff"
_CLOSING: Final = "，。、；：？！）”"
_OPENING: Final = "（“"
_WIDE: Final = {",": "，", ";": "；", ":": "：", ".": "。", "?": "？", "!": "！"}
_T: Final = f"{_TAG}*"
_ANY_HAN: Final = re.compile(f"[{_HAN}]")
_ROW: Final = re.compile(r"\s*(?:\||#|\x02)")
_BLOCK: Final = re.compile(r"\s*(?:[-|#>\x02]|\d+\.\s|$)|.*\x02")

_BOLD_MARK: Final = re.compile(r"([:.])\*\*(?=[ \n]|$)")
_BETWEEN: Final = re.compile(
    f"(?<=[{_HAN}{_CLOSING}{_SOLID}\\d])({_T})([,;:])({_T})(?: +|$)"
    f"|([,;:])({_T}) +(?={_T}[{_HAN}{_OPENING}{_SOLID}])"
)
_STOP: Final = re.compile(rf"(?<=[{_HAN}{_CLOSING}{_SOLID}\w)])({_T})\.({_T})(?= |$)")
_PAREN: Final = re.compile(rf"(?P<before>[^\s(\[\]]?)(?P<tags>{_T})(?P<space> *{_T})\((?P<inner>[^()\n]*)\)")
_AFTER_MARK: Final = re.compile(f"(?<=[{_CLOSING}{_OPENING}])({_T}) +(?![|\\s]|$)")
_BEFORE_MARK: Final = re.compile(f"(?<=[^\\s|#>-]) +({_T})(?=[{_CLOSING}{_OPENING}])")
_BETWEEN_HAN: Final = re.compile(f"(?<=[{_HAN}])({_T}) +({_T})(?=[{_HAN}])")


def _set(line: str) -> str:
    if not _ANY_HAN.search(line):
        return line
    line = _BOLD_MARK.sub(lambda found: f"**{_WIDE[found[1]]}", line)
    line = _PAREN.sub(_wide_paren, line)
    line = _BETWEEN.sub(_wide_mark, line)
    if not _ROW.match(line):
        line = _STOP.sub(r"\1。\2", line)
    for pattern, kept in ((_AFTER_MARK, r"\1"), (_BEFORE_MARK, r"\1"), (_BETWEEN_HAN, r"\1\2")):
        line = pattern.sub(kept, line)
    return line


def _wide_mark(found: re.Match[str]) -> str:
    before, mark, after, other, behind = found.groups()
    return f"{before}{_WIDE[mark]}{after}" if mark else f"{_WIDE[other]}{behind}"


def _wide_paren(found: re.Match[str]) -> str:
    inner, before = found["inner"], found["before"]
    if not (_ANY_HAN.search(inner) or (before and re.match(f"[{_HAN}{_CLOSING}]", before))):
        return found[0]
    return f"{before}{found['tags']}{found['space']}（{inner}）"


def _joined(lines: list[str]) -> Iterator[str]:
    """Put lines of one paragraph together: a line break would be shown as a space."""
    whole = ""
    for at, line in enumerate(lines):
        if at and _goes_on(whole, line):
            whole += line.lstrip()
        else:
            if at:
                yield whole
            whole = line
    yield whole


_ENDS_WIDE: Final = re.compile(f"[{_HAN}{_CLOSING}]{_T}$")


def _goes_on(before: str, line: str) -> bool:
    return bool(_ENDS_WIDE.search(before)) and not (_BLOCK.match(line) or _ROW.match(before) or _fence(line))


def _fence(line: str) -> bool:
    """Tell whether a line is a fenced block: masked, it is one character."""
    return line.strip() == _SOLID
