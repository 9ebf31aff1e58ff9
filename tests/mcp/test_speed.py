"""Once a capture has been analyzed, every tool that reads it answers at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import anyio

from pcap_report.mcp.bench import Bench
from pcap_report.mcp.roots import Roots
from pcap_report.mcp.tools import TOOLS
from tests.mcp.test_tools import READING

if TYPE_CHECKING:
    from pathlib import Path

_WITHIN_S = 0.010
_TRIES = 20


def test_every_tool_answers_within_ten_milliseconds(folder: Path) -> None:
    bench = Bench.of(Roots([folder]), allow_capture=False)
    tools = {one.name: one for one in TOOLS}

    async def tell(_: int) -> None:
        pass

    async def quickest(name: str, arguments: dict[str, object]) -> float:
        """The quickest of several tries: what the tool itself needs, on a machine that does other things."""
        times = []
        for _ in range(_TRIES):
            begun = time.perf_counter()
            await tools[name].answer(bench, arguments, tell)
            times.append(time.perf_counter() - begun)
        return min(times)

    async def whole() -> dict[str, float]:
        for name, arguments in READING:
            await tools[name].answer(bench, arguments, tell)
        return {f"{name} {arguments}": await quickest(name, arguments) for name, arguments in READING}

    slow = {name: seconds for name, seconds in anyio.run(whole).items() if seconds > _WITHIN_S}
    assert slow == {}
