"""The one door for strings out of packets: one function for each place that text can land in.

A capture is written by strangers: a host name may hold Markdown, HTML, Mermaid, terminal escapes,
bidirectional overrides or a megabyte of noise. Every function here first makes the text visible on one line,
then cuts it to its limit, then escapes it for its sink. All of them are total: no string makes them raise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from pcap_report.render.visible import columns, ellipsize, from_bytes, shortened, visible, visible_within

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "columns",
    "display_filter_string",
    "ellipsize",
    "from_bytes",
    "html_text",
    "markdown_code",
    "markdown_text",
    "mermaid_label",
    "mermaid_text",
    "shortened",
    "terminal_text",
    "visible",
]

MERMAID_LIMIT = 56
"""Columns of a Mermaid label: beyond them a diagram grows wider than a page."""
MARKDOWN_LIMIT = 120
TERMINAL_LIMIT = 120
HTML_LIMIT = 2_000

_TICKS = re.compile(r"`+")
_SPACES = re.compile(r" {2,}")


def terminal_text(text: str, limit: int = TERMINAL_LIMIT) -> str:
    """Text for a terminal: no control character is left. Hand it to Rich as `Text`, never as markup."""
    return visible_within(text, limit)


def html_text(text: str, limit: int = HTML_LIMIT) -> Markup:
    """Text for HTML or SVG, as content or in a quoted attribute; Jinja2 does not escape it a second time."""
    return escape(visible_within(text, limit))


def markdown_code(text: str, limit: int = MARKDOWN_LIMIT, *, table: bool = False) -> str:
    r"""Inline code (CommonMark 0.31, 6.1): the safe way to show a stranger's text in Markdown.

    The fence is the shortest run of backticks that the text does not hold: cmark knows no fence above 80. The
    caller keeps other backticks off both ends.

    Args:
        text: any string; an empty one shows as ``""``, blanks show as ``\x20``.
        limit: columns.
        table: whether it stands in a table cell, where a pipe needs a backslash (GFM, 4.10).
    """
    shown = visible_within(text, limit) or '""'
    if shown.isspace():
        shown = ellipsize("\\x20" * len(shown), max(limit, 5))
    runs = {len(run) for run in _TICKS.findall(shown)}
    fence = "`" * next(length for length in range(1, len(runs) + 2) if length not in runs)
    padding = " " if "`" in (shown[0], shown[-1]) or shown[0] == shown[-1] == " " else ""
    content = shown.replace("|", "\\|") if table else shown
    return f"{fence}{padding}{content}{padding}{fence}"


_MARKDOWN = {ord(char): f"&#{ord(char)};" for char in "!\"#$%&'()*+-./:;<=>?@[\\]^_`{|}~"}
_EDGES = re.compile(r"^ +| +$")
"""Four blanks in front would be a code block (CommonMark 0.31, 4.4), two at the end a line break (6.7)."""
_AUTOLINK = re.compile(r":(?=//)|(?<=www)\.|@|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)


def markdown_text(text: str, limit: int = MARKDOWN_LIMIT, *, autolinks: bool = False) -> str:
    r"""Plain text for Markdown, all punctuation as entities; only for the few places that cannot hold code.

    Entities do not stop every autolink (GFM, 6.9): GitHub looks for ``a@b`` after it has decoded them, others
    for ``http://`` and ``www.`` too, and ``@name`` is a mention. So the character that would start one is
    shown as ``\x3a``, ``\x2e`` or ``\x40``.

    Args:
        text: any string; an empty one stays empty.
        limit: columns.
        autolinks: leave them alone, for what the user of this program typed, not for what a packet held.
    """
    shown = visible_within(text, limit)
    if not autolinks:
        shown = _AUTOLINK.sub(lambda found: f"\\x{ord(found[0]):02x}", shown)
    return _EDGES.sub(lambda blanks: "&#32;" * len(blanks[0]), shown.translate(_MARKDOWN))


# Mermaid reads an entity as `#59;`. U+FB02 and the pilcrow are its own placeholders for one while it parses.
_MERMAID = {ord(char): f"#{ord(char)};" for char in ';#%"<>&{}\\@$`\ufb02\u00b6'}
# Before it parses, Mermaid drops the last `;` of a line like `style a:#b;`; a leading `wrap:` is an order.
_COLON_ACTS = re.compile(r"style|classdef|^(?:<br/>|\s)*:?\s*(?:no)?wrap\s*:", re.IGNORECASE)


def mermaid_text(text: str, limit: int = MERMAID_LIMIT, *, colon: bool = True) -> str:
    """Text for a message, a note or a participant's alias of a Mermaid diagram, 10.7 to 12.3.

    Runs of spaces become one, as Mermaid draws them; an empty text becomes ``-``.

    Args:
        text: any string.
        limit: columns, before the escaping.
        colon: whether a colon may stand as it is; not in a gantt chart or a timeline, where it ends the name.
    """
    shown = _SPACES.sub(" ", visible_within(text, limit)).strip(" ") or "-"
    escaped = shown.translate(_MERMAID)
    return escaped if colon and not _COLON_ACTS.search(escaped) else escaped.replace(":", "#58;")


def mermaid_label(parts: Iterable[str]) -> str:
    """Join parts that are safe already, our own words or `mermaid_text`, as the lines of one label.

    The parts share a line of source, so a colon of one is escaped where another makes it act. Empty parts are
    left out.
    """
    label = "<br/>".join(part for part in parts if part)
    return label.replace(":", "#58;") if _COLON_ACTS.search(label) else label


# `$` would start a macro, inside quotes too; the rest of ASCII is literal in every version since 3.6.
_FILTER_LITERAL = re.compile(r"[ !#%-\[\]-~]*")


def display_filter_string(text: str) -> str:
    r"""Quote a text, whole, as a string of a Wireshark display filter (wireshark-filter(4), "String Values").

    What is not printable ASCII is written as its UTF-8 bytes, ``\xNN``, which tshark 3.6 and newer read.
    """
    if _FILTER_LITERAL.fullmatch(text):
        return f'"{text}"'
    return f'"{"".join(map(_filter_char, text))}"'


def _filter_char(char: str) -> str:
    if char in {'"', "\\"}:
        return f"\\{char}"
    if _FILTER_LITERAL.fullmatch(char):
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
