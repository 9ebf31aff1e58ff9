"""Sequence diagrams that fit a budget: as many steps as there is room for, and a cursor for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from pcap_report.engine.groups import group_connections
from pcap_report.errors import CouldNotTellError
from pcap_report.mcp import answers
from pcap_report.mcp.budget import begin, cursor_at, require_budget, tokens
from pcap_report.render.diagrams import Diagrams

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.mcp.analyses import Analysis
    from pcap_report.mcp.arguments import OfDiagram
    from pcap_report.model.connection import Connection


def connection_diagram(analysis: Analysis, one: Connection, asked: OfDiagram) -> dict[str, Any]:
    """Draw a connection from the step of the cursor on."""
    diagrams = Diagrams(asked.language)
    key = f"diagram {analysis.key} {one.id} {asked.language}"

    def draw(first: int, last: int) -> str | None:
        return diagrams.whole(one, one.steps[first:last])

    return _drawn(draw, len(one.steps), asked, key)


def overview(analysis: Analysis, asked: OfDiagram) -> dict[str, Any]:
    """Draw a line per connection."""
    diagrams = Diagrams(asked.language)
    report = analysis.report
    key = f"overview {analysis.key} {asked.language}"

    def draw(first: int, last: int) -> str | None:
        shown = report.connections[first:last]
        return diagrams.overview(replace(report, connections=shown, groups=group_connections(shown)))

    return _drawn(draw, len(report.connections), asked, key)


def _drawn(draw: Callable[[int, int], str | None], count: int, asked: OfDiagram, key: str) -> dict[str, Any]:
    """Draw as many steps as fit, and one at least."""
    require_budget(asked.budget)
    first = begin(asked.cursor, key, count)
    last = min(count, first + asked.budget // 8)  # no step is shorter
    text = draw(first, last)
    while text is not None and tokens(text) > asked.budget and last - first > 1:
        last = first + max(1, (last - first) * asked.budget * 9 // (tokens(text) * 10))
        text = draw(first, last)
    if text is None:
        raise CouldNotTellError(
            f"There is nothing to draw of {asked.capture}", "list_connections lists what is in it."
        )
    answer: dict[str, Any] = msgspec.to_builtins(
        answers.Diagram(
            capture=asked.capture,
            mermaid=text,
            steps_shown=last - first,
            steps_in_all=count,
            connection=asked.connection,
        )
    )
    if last < count:
        answer["left_out"] = {"steps": count - last}
        answer["cursor"] = cursor_at(last, key)
    return answer
