"""Every tool, every budget: what a walk through all pages must hold to.

``python -m tests.mcp.budgets CAPTURE…`` walks through the answers about many captures (``make mcp-budgets``).
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio
from jsonschema import Draft202012Validator

from pcap_report.errors import PcapReportError, UsageError
from pcap_report.mcp.bench import Bench
from pcap_report.mcp.budget import LEAST, tokens
from pcap_report.mcp.roots import Roots
from pcap_report.mcp.tools import TOOLS, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Question = tuple[str, dict[str, Any]]

BUDGETS: Final = (LEAST, 200, 2000, 100_000)
_PAGES: Final = 60
_NEEDED: Final = re.compile(r"a budget of (\d+) or more")
_NULL: Final = re.compile(r'(?<!\\)":null')
"""What is unknown is absent, as the schemas say."""
_SECTIONS: Final = frozenset(
    (
        "problems",
        "connections",
        "dns_queries",
        "http_requests",
        "statements",
        "protocols",
        "not_visible",
        "calls",
        "steps",
        "fields",
        "differences",
    )
)
_ASK: Final = {one.name: one for one in TOOLS}
_SCHEMAS: Final = {one.name: Draft202012Validator(schema_of(one.gives)) for one in TOOLS}


async def tell_nobody(_: int) -> None:
    """Say nothing of the progress."""


async def hold_to_budgets(bench: Bench, capture: str) -> int:
    """Walk through the answers of every tool about a capture; return how many pages there were."""
    pages = 0
    for tool, arguments in await _questions(bench, capture):
        whole = await _walked(bench, tool, arguments, 100_000)
        pages += len(whole)
        for budget in BUDGETS[:-1]:
            found = await _walked(bench, tool, arguments, budget)
            pages += len(found)
            if len(found) < _PAGES and len(whole) < _PAGES:
                assert _items(found) == _items(whole), (tool, arguments, budget)
    return pages


async def _questions(bench: Bench, capture: str) -> list[Question]:
    first = await _ASK["analyze_capture"].answer(bench, {"capture": capture, "budget": 100_000}, tell_nobody)
    numbers = [one["id"] for one in first.get("connections", [])][:3]
    frames = {1, first["totals"]["packets"]} - {0}
    return list(_about(capture, numbers, frames))


def _about(capture: str, numbers: list[int], frames: set[int]) -> Iterator[Question]:
    yield "analyze_capture", {"capture": capture}
    yield "get_findings", {"capture": capture, "language": "zh"}
    yield "compare_captures", {"before": capture, "after": capture}
    for frame in sorted(frames):
        yield "explain_frame", {"capture": capture, "frame": frame}
    if numbers:
        yield "list_connections", {"capture": capture}
        yield "get_diagram", {"capture": capture}
    for number in numbers:
        yield "get_connection", {"capture": capture, "connection": number, "language": "es"}
        yield "get_diagram", {"capture": capture, "connection": number}


async def _walked(bench: Bench, tool: str, arguments: dict[str, Any], budget: int) -> list[dict[str, Any]]:
    """Return all pages; each fits, or an error says what would."""
    pages: list[dict[str, Any]] = []
    cursor: str | None = None
    while len(pages) < _PAGES:
        room = budget
        asked = {**arguments, "budget": room, "cursor": cursor}
        try:
            page = await _ASK[tool].answer(bench, asked, tell_nobody)
        except UsageError as error:
            needed = _NEEDED.search(error.hint or "")
            assert needed, (tool, arguments, budget, error.message, error.hint)
            room = int(needed[1])
            assert room > budget
            page = await _ASK[tool].answer(bench, {**asked, "budget": room}, tell_nobody)
        except PcapReportError as error:
            assert error.hint
            return pages
        text = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
        _SCHEMAS[tool].validate(json.loads(text))  # an MCP client refuses what is otherwise
        assert not _NULL.search(text), (tool, arguments, text)
        size = tokens(text)
        assert size <= room, (tool, arguments, budget, size)
        assert set(page) - {"capture", "left_out", "cursor"}, (tool, arguments, page)
        pages.append(page)
        cursor = page.get("cursor")
        if cursor is None:
            return pages
        assert sum(page["left_out"].values()) > 0
    return pages


def _items(pages: list[dict[str, Any]]) -> Counter[str]:
    """Count the items of all pages; of a diagram its steps."""
    found: Counter[str] = Counter()
    for page in pages:
        found["steps of a diagram"] += page.get("steps_shown", 0)
        for name in _SECTIONS & set(page):
            if isinstance(page[name], list):
                found.update(f"{name} {json.dumps(one)}" for one in page[name])
    return found


async def _all(captures: list[Path]) -> None:
    for path in captures:
        bench = Bench.of(Roots([path.parent]), allow_capture=False)
        try:
            pages = await hold_to_budgets(bench, path.name)
            sys.stdout.write(f"{path.name}: {pages} pages\n")
        except PcapReportError as error:
            sys.stdout.write(f"{path.name}: {error.message}\n")
        finally:
            bench.close()
        sys.stdout.flush()


if __name__ == "__main__":
    anyio.run(_all, [Path(one).resolve() for one in sys.argv[1:]])
