"""Mermaid's own parsers, to ask what they understood: Mermaid accepts many texts that it then shows wrong.

Each version runs in V8 without a browser: `browser.js` is the little it asks of one, `reader.js` reads the
result.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

HERE = Path(__file__).parent
BUNDLES = {
    "10.9.8": HERE / "node_modules/mermaid-10/dist/mermaid.min.js",
    "11.17.2": HERE / "node_modules/mermaid-11/dist/mermaid.tiny.js",
    "12.3.0": HERE / "node_modules/mermaid-12/dist/mermaid.min.js",
}
TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Message:
    """An arrow of a sequence diagram; `kind` is the arrow as one writes it (``->>``)."""

    source: str
    target: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note over one participant or two."""

    over: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A loop, a rect, an alt or one of its elses; a rect's text is its colour."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """What Mermaid understood; texts are what a reader sees: entities decoded, ``<br/>`` as a newline."""

    type: str = ""
    actors: tuple[tuple[str, str], ...] = ()
    messages: tuple[Message, ...] = ()
    notes: tuple[Note, ...] = ()
    blocks: tuple[Block, ...] = ()
    sections: tuple[tuple[str, float], ...] = ()
    """Slices of a pie."""
    tasks: tuple[tuple[str, int, int], ...] = ()
    """Bars of a gantt chart, with start and end in milliseconds."""
    title: str = ""
    accessible_title: str = ""
    accessible_description: str = ""
    config: tuple[str, ...] = ()
    """The settings that the source changed, by a directive or a front matter."""
    error: str | None = None
    """Why Mermaid refused it; then everything else is empty."""


class MermaidParser:
    """One version of Mermaid in a V8 of its own."""

    def __init__(self, version: str) -> None:
        from py_mini_racer import MiniRacer

        self.version = version
        self._v8: MiniRacer = MiniRacer()
        for script in (HERE / "browser.js", BUNDLES[version], HERE / "reader.js"):
            self._v8.eval(script.read_text(encoding="utf-8"))

    def parse(self, source: str) -> Diagram:
        """Parse the source of one diagram; a refusal is a `Diagram` with an `error`."""
        promise: Any = self._v8.eval(f"read({json.dumps(source)})")  # what it evaluates to is not typed
        return _diagram(json.loads(promise.get(timeout=TIMEOUT_S)))


@cache
def mermaid_parser(version: str) -> MermaidParser:
    """Load a version once in this process: it takes a third of a second."""
    return MermaidParser(version)


def mermaid_blocks(markdown: str) -> list[str]:
    """Read the sources of the fenced Mermaid blocks of a Markdown document, in order (CommonMark, 4.5)."""
    fences = (token for token in MarkdownIt("commonmark").parse(markdown) if token.type == "fence")
    return [fence.content for fence in fences if fence.info.split()[:1] == ["mermaid"]]


def _diagram(found: dict[str, Any]) -> Diagram:
    tuples = {
        "actors": _rows(found, "actors"),
        "sections": _rows(found, "sections"),
        "tasks": _rows(found, "tasks"),
        "messages": tuple(Message(*message) for message in found.get("messages", ())),
        "notes": tuple(Note(tuple(over), text) for over, text in found.get("notes", ())),
        "blocks": tuple(Block(*block) for block in found.get("blocks", ())),
        "config": tuple(found.get("config", ())),
    }
    return Diagram(**{**found, **tuples})


def _rows(found: dict[str, Any], name: str) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(row) for row in found.get(name, ()))
