"""Read pages again: which elements with which attributes, apart from the drawings."""

from __future__ import annotations

from html.parser import HTMLParser

SVG_TAGS = {"svg", "title", "desc", "g", "rect", "path", "text", "tspan"}
VOID = {"meta", "br", "hr", "img", "input", "link"}


class Reading(HTMLParser):
    """Collects what a parser sees.

    Attributes:
        structure: elements outside of drawings, each with the names of its attributes; without the buttons
            beside filters, which only filters of ours have.
        drawn: names of the elements inside drawings.
        values: the values of attributes, by name.
        said: text outside of drawings.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.structure: list[str] = []
        self.drawn: set[str] = set()
        self.values: dict[str, list[str]] = {}
        self.said: list[str] = []
        self.open: list[str] = []
        self._in_drawing = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.values.setdefault(name, []).append(value or "")
        if tag not in VOID:
            self.open.append(tag)
        if tag == "svg":
            self._in_drawing += 1
        if self._in_drawing:
            self.drawn.add(tag)
        elif ("class", "cp") not in attrs:
            names = sorted(name for name, _ in attrs if tag != "code")
            self.structure.append(" ".join((tag, *names)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "svg":
            self._in_drawing -= 1

    def handle_data(self, data: str) -> None:
        if not self._in_drawing:
            self.said.append(data)
