"""Mermaid sequence diagrams for the versions 10.7 to 12.3, from parts that are safe already.

Participants have ids of ours, so that no name can be a keyword; every text passes through `safe` before it
comes here. What is drawn, and how much of it, is decided in `diagrams`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pcap_report.render.safe import columns, mermaid_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LABEL_COLUMNS: Final = 56
"""A longer line makes the picture wider than a page."""
UNITS: Final = 12_000
"""UTF-16 units of one diagram; Mermaid refuses 50,000, and GitLab asks for a click far earlier."""

Head = Literal["normal", "open", "cross"]
_ARROWS: Final[dict[tuple[Head, bool], str]] = {
    ("normal", False): "->>",
    ("normal", True): "-->>",
    ("open", False): "-)",
    ("open", True): "--)",
    ("cross", False): "-x",
    ("cross", True): "--x",
}
_ENTITY = re.compile(r"#\d+;")


@dataclass(frozen=True)
class Participant:
    """A lifeline; `lines` are safe for Mermaid."""

    id: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Arrow:
    """A message; `back` draws it dashed: the answer's direction."""

    source: str
    target: str
    lines: tuple[str, ...]
    head: Head = "normal"
    back: bool = False


@dataclass(frozen=True)
class Note:
    """A note over one participant or two."""

    over: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Shade:
    """What follows, up to the next one, lies on a tinted background."""

    tint: str
    """``red, green, blue``."""


Item = Arrow | Note | Shade


def sequence_diagram(participants: Sequence[Participant], items: Iterable[Item]) -> str:
    """Write a diagram."""
    lines = ["sequenceDiagram"]
    lines += [f"    participant {one.id} as {mermaid_label(one.lines)}" for one in participants]
    return "\n".join([*lines, *_body(items), ""])


def _body(items: Iterable[Item]) -> Iterator[str]:
    shaded = False
    for item in items:
        if isinstance(item, Shade):
            if shaded:
                yield "    end"
            yield f"    rect rgba({item.tint}, .12)"
            shaded = True
            continue
        yield ("        " if shaded else "    ") + _line(item)
    if shaded:
        yield "    end"


def _line(item: Arrow | Note) -> str:
    label = mermaid_label(_wrapped(item.lines))
    if isinstance(item, Note):
        return f"Note over {','.join(item.over)}: {label}"
    return f"{item.source}{_ARROWS[item.head, item.back]}{item.target}: {label}"


def _wrapped(lines: Iterable[str]) -> Iterator[str]:
    """Break lines at spaces where they are too long; an entity counts as the one character it shows."""
    for line in lines:
        current = ""
        for word in line.split(" "):
            longer = f"{current} {word}" if current else word
            if current and columns(_ENTITY.sub("x", longer)) > LABEL_COLUMNS:
                yield current
                current = word
            else:
                current = longer
        yield current
