"""Lines into elements: headings, paragraphs, lists, tables and quotations around inline HTML.

The lines are ours: templates write them, and what they print was made inert by the HTML sink, so no value can
open a list, a table cell or a heading. Lines that are elements already (headings with their anchors, figures)
pass as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pcap_report.render.html_table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

ELEMENT: Final = "\x02"
"""Begins a line that is an element already; no value can hold it."""
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_CODE: Final = re.compile(r"`([^`]+)`")
_BULLET: Final = re.compile(r"( *)- (.*)")
_HEADING: Final = re.compile(r"(#{1,6}) (.*)")


def html_of(text: str) -> str:
    """Put the elements around the lines of a rendered profile."""
    lines = [line.rstrip() for line in text.split("\n")]
    return "\n".join(_blocks(lines))


def _blocks(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif line.startswith(ELEMENT):
            yield line.replace(ELEMENT, "")
            at += 1
        elif heading := _HEADING.fullmatch(line):
            level = len(heading[1])
            yield f"<h{level}>{_inline(heading[2])}</h{level}>"
            at += 1
        elif line.startswith("```"):
            end = next((i for i in range(at + 1, len(lines)) if lines[i].startswith("```")), len(lines))
            yield "<pre><code>{}</code></pre>".format("\n".join(lines[at + 1 : end]))
            at = end + 1
        else:
            end = _end(lines, at)
            yield _block(lines[at:end])
            at = end


def _kind(line: str) -> str:
    if line.startswith("|"):
        return "table"
    if _BULLET.fullmatch(line):
        return "list"
    return "quote" if line.startswith("> ") else "prose"


def _end(lines: list[str], at: int) -> int:
    """Find where a block ends: a list goes on over blank lines, other blocks do not."""
    kind = _kind(lines[at])
    end = at + 1
    while end < len(lines):
        line = lines[end]
        if not line.strip():
            after = next((one for one in lines[end:] if one.strip()), "")
            if kind != "list" or after.startswith(ELEMENT) or _kind(after) != "list":
                break
        elif line.startswith((ELEMENT, "#", "```")) or not _goes_on(kind, _kind(line)):
            break
        end += 1
    return end


def _goes_on(kind: str, next_kind: str) -> bool:
    return next_kind == kind or (kind, next_kind) == ("list", "prose")


def _block(lines: list[str]) -> str:
    kind = _kind(lines[0])
    if kind == "table":
        return table([_inline(line) for line in lines])
    if kind == "list":
        return _list(lines)
    if kind == "quote":
        return f"<blockquote><p>{_inline(' '.join(line[2:] for line in lines))}</p></blockquote>"
    return f"<p>{_inline(' '.join(line.strip() for line in lines))}</p>"


def _list(lines: list[str]) -> str:
    """Write a list of bullets; those that stand further right belong to the bullet above them."""
    parts: list[str] = []
    depth = 0
    for line in filter(str.strip, lines):
        bullet = _BULLET.fullmatch(line)
        if bullet is None:
            parts.append(f" {_inline(line.strip())}")
            continue
        new = len(bullet[1]) // 2 + 1
        new = min(new, depth + 1)
        parts.append("<ul>" if new > depth else "</li></ul>" * (depth - new) + "</li>")
        parts.append(f"<li>{_inline(bullet[2])}")
        depth = new
    return "".join(parts) + "</li></ul>" * depth


def _inline(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<strong>\1</strong>", text))
