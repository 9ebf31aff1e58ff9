"""Sequence diagrams as Mermaid, for the versions 10.7 to 12.3.

Participants have ids of ours, so that no name can be a keyword; every text passes through `safe` here. What
is drawn, and how much of it, is decided in `conversation` and `overview`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from pcap_report.render.line_breaks import held_words
from pcap_report.render.safe import columns, mermaid_label, mermaid_text
from pcap_report.render.sequence import Arrow, Band, Note, Omission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcap_report.model.evidence import Phase, StepStyle
    from pcap_report.render.sequence import Lifeline, SequenceDiagram

LABEL_COLUMNS: Final = 56
"""A longer line makes the picture wider than a page."""
_LINE: Final = 400
"""Columns of a whole line of a label, before it is wrapped."""
_NAME: Final = 32
_ADDRESS: Final = 64
"""Columns of a lifeline's lines; the last one is its address."""

Head = Literal["normal", "open", "cross"]
_ARROWS: Final[dict[tuple[Head, bool], str]] = {
    ("normal", False): "->>",
    ("normal", True): "-->>",
    ("open", False): "-)",
    ("open", True): "--)",
    ("cross", False): "-x",
    ("cross", True): "--x",
}
"""By head, and by whether it goes back to the client, which is drawn dashed."""
_HEADS: Final[dict[StepStyle, Head]] = {
    "ack": "open",
    "retransmission": "open",
    "reset": "cross",
    "refused": "cross",
}
_TINTS: Final[dict[Phase, str]] = {
    "tcp_handshake": "0, 110, 220",
    "tls_handshake": "140, 80, 220",
    "app_data": "0, 150, 90",
    "teardown": "220, 110, 0",
}
_ENTITY = re.compile(r"#\d+;")


def sequence_diagram(diagram: SequenceDiagram) -> str:
    """Write a diagram."""
    participants = [
        f"    participant {_id(place)} as {_alias(one)}" for place, one in enumerate(diagram.lifelines)
    ]
    return "\n".join(["sequenceDiagram", *participants, *_body(diagram), ""])


def _alias(lifeline: Lifeline) -> str:
    *first, last = lifeline.lines
    return mermaid_label([*(mermaid_text(one, _NAME) for one in first), mermaid_text(last, _ADDRESS)])


def _id(place: int) -> str:
    return f"p{place + 1}"


def _body(diagram: SequenceDiagram) -> Iterator[str]:
    everything = (0, len(diagram.lifelines) - 1)
    shaded = False
    for item in diagram.items:
        if isinstance(item, Band):
            if shaded:
                yield "    end"
            yield f"    rect rgba({_TINTS[item.phase]}, .12)"
            shaded = True
        indent = "        " if shaded else "    "
        if isinstance(item, Arrow):
            yield indent + _message(item, diagram)
        elif isinstance(item, Note):
            yield indent + _note(item.lines, item.over or everything)
        else:
            yield indent + _note((item.text if isinstance(item, Omission) else item.title,), everything)
    if shaded:
        yield "    end"


def _message(item: Arrow, diagram: SequenceDiagram) -> str:
    first, *rest = item.lines or ("",)
    frames = f"[{item.frames_text}] " if item.frames_text else ""
    ends = diagram.lifelines[item.source], diagram.lifelines[item.target]
    back = ends[0].role == "server" or ends[1].role == "client"
    arrow = _ARROWS[_HEADS.get(item.style, "normal"), back]
    return f"{_id(item.source)}{arrow}{_id(item.target)}: {_label((frames + first, *rest))}"


def _note(lines: Iterable[str], over: tuple[int, int]) -> str:
    places = ",".join(dict.fromkeys(map(_id, over)))
    return f"Note over {places}: {_label(lines)}"


def _label(lines: Iterable[str]) -> str:
    return mermaid_label(_wrapped(mermaid_text(line, _LINE) for line in lines))


def _wrapped(lines: Iterable[str]) -> Iterator[str]:
    """Break lines at spaces where they are too long; an entity counts as the one character it shows."""
    for line in lines:
        current = ""
        for word in held_words(line):
            longer = f"{current} {word}" if current else word
            if current and columns(_ENTITY.sub("x", longer)) > LABEL_COLUMNS:
                yield current
                current = word
            else:
                current = longer
        yield current
