"""The elements of a page as plain data: what a typesetter is handed, in which no text can act.

It reads what `html_blocks` has written, which is a small and known set of elements; anything else in it
(buttons, links, values) is only its text.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any, Final

Node = dict[str, Any]
"""One block, ready for JSON; Any because its fields differ by kind."""

_STYLES: Final = {"strong": "b", "code": "c"}
_ASIDE: Final = frozenset(("proof", "df"))
"""What stands back: where a statement is proved."""
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3}
_SEEN: Final = "\u2060"
"""Keeps a button with its filter on a page; on paper there is no button."""


class Tree(HTMLParser):
    """Collects the blocks of a page.

    Attributes:
        blocks: in their order.
    """

    def __init__(self, body: str) -> None:
        super().__init__()
        self.blocks: list[Node] = []
        self._runs: list[list[str]] = []
        self._styles: list[str] = []
        self._lists: list[Node] = []
        self._table: Node = {}
        self.feed(body)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block or a style."""
        values = dict(attrs)
        if tag in _STYLES:
            self._styles.append(_STYLES[tag])
        elif tag == "span":
            self._styles.append("m" if values.get("class") in _ASIDE else "")
        elif tag in {*_HEADINGS, "p", "pre", "th", "td", "figcaption"}:
            self._runs = []
        elif tag == "ul":
            self._open_list()
        elif tag == "li":
            self._runs = []
            self._lists[-1]["items"].append({"runs": self._runs, "below": None})
        elif tag == "table":
            self._table = {"kind": "table", "head": [], "rows": [], "numbers": []}
            self.blocks.append(self._table)
        elif tag == "tr":
            self._table["rows"].append([])
        elif tag == "figure":
            self.blocks.append({"kind": "figure", "files": (values.get("data-files") or "").split()})
        if tag == "th":
            self._table["numbers"].append(values.get("class") == "n")

    def _open_list(self) -> None:
        new: Node = {"kind": "list", "items": []}
        if self._lists:
            self._lists[-1]["items"][-1]["below"] = new
        else:
            self.blocks.append(new)
        self._lists.append(new)

    def handle_endtag(self, tag: str) -> None:
        """Close a block or a style."""
        if tag in _STYLES or tag == "span":
            self._styles.pop()
        elif tag in _HEADINGS:
            self.blocks.append({"kind": "heading", "level": _HEADINGS[tag], "runs": self._runs})
        elif tag in {"p", "pre"}:
            self.blocks.append({"kind": "prose", "runs": self._runs})
        elif tag == "ul":
            self._lists.pop()
        elif tag == "th":
            self._table["head"].append(self._runs)
        elif tag == "td":
            self._table["rows"][-1].append(self._runs)
        elif tag == "table":
            self._table["rows"] = [row for row in self._table["rows"] if row]
        elif tag == "figcaption":
            self.blocks[-1]["caption"] = self._runs
        if tag in {*_HEADINGS, "p", "pre", "th", "td", "figcaption"}:
            self._runs = []

    def handle_data(self, data: str) -> None:
        """Add text in the style that is open."""
        text = data.replace(_SEEN, "")
        if text:
            self._runs.append(["".join(sorted(set(self._styles))), text])
