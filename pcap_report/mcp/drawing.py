"""Sequence diagrams that fit a budget: as many steps as there is room for, and a cursor for the next."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec.structs import replace

from pcap_report.engine.groups import group_connections
from pcap_report.errors import CouldNotTellError
from pcap_report.mcp import answers
from pcap_report.mcp.budget import begin, cost, cursor_at, require_budget, too_small
from pcap_report.render.diagrams import Diagrams
from pcap_report.render.overview import LINES, how_many_fit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pcap_report.mcp.analysis import Analysis
    from pcap_report.mcp.arguments import OfDiagram
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Step

_SHORTEST: Final = 8
"""Tokens of the shortest step."""
_STEPS: Final = 48
_ARROWS: Final = 40
"""Steps and arrows that one drawing shows without leaving any out."""


def connection_diagram(analysis: Analysis, one: Connection, asked: OfDiagram) -> dict[str, Any]:
    """Draw a connection from the step of the cursor on."""
    diagrams = Diagrams(asked.language)
    key = f"diagram {analysis.key} {one.id} {asked.language}"
    ends = _after_arrows(one.steps)

    def draw(first: int, last: int) -> str | None:
        return diagrams.whole(one, one.steps[first:last])

    def ends_from(first: int) -> Sequence[int]:
        place = bisect_right(ends, first)
        near = [end for end in ends[place : place + _ARROWS] if end <= first + _STEPS]
        return near or ends[place : place + 1]

    return _drawn(draw, ends_from, len(one.steps), asked, key)


def overview(analysis: Analysis, asked: OfDiagram) -> dict[str, Any]:
    """Draw a line per connection; of many, those that one drawing can tell together."""
    diagrams = Diagrams(asked.language)
    report = analysis.report
    key = f"overview {analysis.key} {asked.language}"

    def draw(first: int, last: int) -> str | None:
        shown = report.connections[first:last]
        part = replace(report, connections=shown, groups=group_connections(shown))
        return diagrams.overview(part, least=1)

    def ends_from(first: int) -> Sequence[int]:
        fitting = how_many_fit(report.connections[first : first + LINES])
        return range(first + 1, first + fitting + 1)

    return _drawn(draw, ends_from, len(report.connections), asked, key)


def _after_arrows(steps: Sequence[Step]) -> list[int]:
    """Return where a drawing may end: behind an arrow, for a drawing without one says nothing."""
    ends = [place for place, step in enumerate(steps, 1) if step.kind == "arrow"]
    return [*ends[:-1], len(steps)] if ends else []


def _drawn(
    draw: Callable[[int, int], str | None],
    ends_from: Callable[[int], Sequence[int]],
    count: int,
    asked: OfDiagram,
    key: str,
) -> dict[str, Any]:
    """Draw as many steps as fit, and one at least.

    Raises:
        CouldNotTellError: there is nothing to draw.
        UsageError: the budget is too small for one step.
    """
    require_budget(asked.budget)
    first = begin(asked.cursor, key, count)
    ends = ends_from(first)
    if not ends:
        raise _nothing(asked)
    shown = min(len(ends), max(1, asked.budget // _SHORTEST))
    answer = _answer(draw, first, ends[shown - 1], count, asked, key)
    while (needed := cost(answer)) > asked.budget and shown > 1:
        shown = max(1, shown * asked.budget * 9 // (needed * 10))
        answer = _answer(draw, first, ends[shown - 1], count, asked, key)
    if needed > asked.budget:
        raise too_small(asked.budget, needed)
    return answer


def _nothing(asked: OfDiagram) -> CouldNotTellError:
    return CouldNotTellError(
        f"There is nothing to draw of {asked.capture}", "list_connections lists what is in it."
    )


def _answer(  # noqa: PLR0913 - what is drawn, and where
    draw: Callable[[int, int], str | None], first: int, last: int, count: int, asked: OfDiagram, key: str
) -> dict[str, Any]:
    text = draw(first, last)
    if text is None:
        raise _nothing(asked)
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
