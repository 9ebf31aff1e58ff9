"""The drawing of a packed frame for Markdown: a Mermaid flowchart, box inside box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.model.message import Message
from pcap_report.render.envelopes import lines
from pcap_report.render.phrases import Phrases
from pcap_report.render.safe import mermaid_label, mermaid_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.render.envelopes import Envelope


def nested_boxes(envelopes: Sequence[Envelope], language: str) -> str | None:
    """Draw the layers, the outermost around all others; None for less than two."""
    if len(envelopes) < 2:
        return None
    phrases = Phrases(language, mermaid_text, tabular=True)
    written = ["flowchart TB"]
    *around, innermost = envelopes
    for depth, one in enumerate(around, 1):
        written.append(f'{"    " * depth}subgraph l{depth}["{_label(one, phrases)}"]')
    depth = len(around) + 1
    written.append(f'{"    " * depth}l{depth}["{_label(innermost, phrases)}"]')
    written += [f"{'    ' * (depth - at)}end" for at in range(1, depth)]
    return "\n".join([*written, ""])


def _label(envelope: Envelope, phrases: Phrases) -> str:
    parts = (phrases.say(one) if isinstance(one, Message) else mermaid_text(one) for one in lines(envelope))
    return mermaid_label([" · ".join(parts)])
