"""What stands where: Diátaxis' four kinds of documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "Begin": (
        "/README",
        "tutorial",
        "gallery/README",
        "/samples/README",
    ),
    "How to": (
        "capture",
        "verify",
        "expectations",
        "ci",
        "batch",
        "scale",
        "decryption",
        "anonymize",
        "templates",
        "mcp",
        "plugins",
        "plugin-tutorial",
        "/examples/mqtt/README",
    ),
    "Reference": (
        "reference/command-line",
        "json",
        "reference/json-paths",
        "reference/analyzers",
        "rules",
        "reference/expectations-file",
        "reference/configuration",
        "api",
        "exit-codes",
        "licences",
        "/CHANGELOG",
    ),
    "Explanation": (
        "derivation",
        "limits",
        "security",
        "bench",
        "reference/differences",
        "design-notes",
        "/CONTRIBUTING",
    ),
}
"""Headings of the site's menu, and below each its pages, as seen from docs/."""


def _tree(heading: str, pages: tuple[str, ...]) -> str:
    return "\n".join(["", "```{toctree}", ":hidden:", f":caption: {heading}", "", *pages, "```", ""])


def navigation() -> str:
    """Return what is added to the index when the site is built; a page without a place comes last."""
    placed = {page for pages in PARTS.values() for page in pages} | {"index"}
    others = tuple(sorted({path.stem for path in DOCS.glob("*.md")} - placed))
    parts = PARTS | ({"More": others} if others else {})
    return "".join(_tree(heading, pages) for heading, pages in parts.items())
