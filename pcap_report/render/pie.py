"""A pie for Markdown: the few shares that one can tell apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg, msg_n
from pcap_report.render.phrases import Phrases
from pcap_report.render.safe import mermaid_text
from pcap_report.render.svg.traffic_bars import protocol_bytes

if TYPE_CHECKING:
    from pcap_report.model.report import Report

_SLICES: Final = 6
_LEAST: Final = 0.02
"""A smaller part of the whole is a line, and its label lies on its neighbour's."""
_NAME: Final = re.compile(r"[\w.-]{1,40}", re.ASCII)


def protocol_pie(report: Report, language: str) -> str | None:
    """Draw what the bytes of a capture belong to, as Mermaid; None for less than two slices."""
    sizes = protocol_bytes(report.capture.protocols)
    whole = max(sum(sizes.values()), 1)
    ranked = [
        (name, size)
        for name, size in sorted(sizes.items(), key=lambda one: (-one[1], one[0]))
        if _NAME.fullmatch(name) and size >= _LEAST * whole
    ][:_SLICES]
    phrases = Phrases(language, mermaid_text, tabular=True)
    rest = whole - sum(size for _, size in ranked)
    others = len(sizes) - len(ranked)
    if rest >= _LEAST * whole:
        ranked.append((phrases.say(msg_n("%(count)s more", "%(count)s more", others)), rest))
    if len(ranked) < 2:
        return None
    title = phrases.say(msg("Bytes by protocol"))
    slices = [f'    "{name}" : {size}' for name, size in ranked]
    return "\n".join(["pie showData", f"    title {title}", *slices, ""])
