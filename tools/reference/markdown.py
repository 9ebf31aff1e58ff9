"""What the pages are written with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LITERAL = re.compile(r"``([^`]+)``")
_ROLE = re.compile(r":\w+:`~?(?:[\w.]*\.)?(\w+)`")
_ACTS = re.compile(r"(?<!\\)([*<])(?![^`]*`(?:[^`]*`[^`]*`)*[^`]*$)")


def prose(text: str | None) -> str:
    """Return a docstring as Markdown: its literals and references as code, its lines as paragraphs."""
    paragraphs = [" ".join(one.split()) for one in (text or "").split("\n\n")]
    return "\n\n".join(_inline(one) for one in paragraphs if one)


def cell(text: str | None) -> str:
    """Return a text for a table's cell."""
    return _inline(" ".join((text or "").split())).replace("|", "\\|")


def code(text: str) -> str:
    """Return a text as it is, for a table's cell."""
    return f"`{text}`".replace("|", "\\|")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table."""
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows), ""]


def fenced(text: str, language: str = "text") -> list[str]:
    """Return the lines of a block of code."""
    return [f"```{language}", text.rstrip("\n"), "```", ""]


def slug(heading: str) -> str:
    """Return the anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _inline(text: str) -> str:
    return _ACTS.sub(r"\\\1", _ROLE.sub(r"`\1`", _LITERAL.sub(r"`\1`", text)))
