"""Once a capture has been analyzed, every tool that reads it answers at once, whatever it is asked."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from pcap_report.mcp.arguments import OfCapture
from pcap_report.mcp.bench import Bench
from pcap_report.mcp.roots import Roots
from pcap_report.mcp.server import McpServer
from pcap_report.mcp.tools import TOOLS, schema_of
from pcap_report.mcp.warming import warm_up
from tests.mcp.latency import percentile, questions
from tests.mcp.service import Service, answered

if TYPE_CHECKING:
    from pathlib import Path

    from mcp import Client

LOSSY = "lossy-three-connections.pcapng"
_WITHIN_S = 0.010
_EVER_S = 0.040
_CALLS = 30
_CLIENT_WITHIN_S = 0.5
"""Seconds that half of the calls take at most, on a machine that does many other things."""
_ACKNOWLEDGED_S = 0.035


def test_no_question_costs_more_than_ten_milliseconds(folder: Path) -> None:
    """Processor time of the whole process: what a tool needs, however busy the machine is."""
    warm_up()
    bench = Bench.of(Roots([folder]), allow_capture=False)
    tools = {one.name: one for one in TOOLS}

    async def ask(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return await tools[name].answer(bench, arguments, _tell_nobody)

    async def whole() -> dict[str, list[float]]:
        spent: defaultdict[str, list[float]] = defaultdict(list)
        for name, arguments in await questions(ask, LOSSY, _CALLS):
            begun = time.process_time()
            await ask(name, arguments)
            spent[name].append(time.process_time() - begun)
        return spent

    try:
        spent = anyio.run(whole)
    finally:
        bench.close()
    reading = {one.name for one in tools.values() if not one.captures}
    assert set(spent) == reading
    assert {name: times for name, times in spent.items() if percentile(times, 0.5) > _WITHIN_S} == {}
    assert {name: max(times) for name, times in spent.items() if max(times) > _EVER_S} == {}


@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_a_client_does_not_wait(folder: Path, transport: str) -> None:
    """By the clock; `make mcp-speed` prints the figures."""
    from tests.mcp.latency import measured

    found = Service(transport, folder).talk(lambda client: measured(client, LOSSY, 12))
    assert len(found) == 9
    slow = {tool: times for tool, times in found.items() if percentile(times, 0.5) > _CLIENT_WITHIN_S}
    assert slow == {}


def test_nothing_waits_for_an_acknowledgement_over_http(folder: Path) -> None:
    """Nagle's algorithm and a delayed acknowledgement cost at least 40 ms, at every single call."""

    async def work(client: Client) -> float:
        times = []
        for _ in range(40):
            begun = time.perf_counter()
            await answered(client, "list_network_interfaces")
            times.append(time.perf_counter() - begun)
        return min(times)

    assert Service("http", folder).talk(work) < _ACKNOWLEDGED_S


def test_the_sdk_finds_a_schema_without_making_the_list(folder: Path) -> None:
    """Over HTTP it looks the schema of the tool up at every call."""
    bench = Bench.of(Roots([folder]), allow_capture=False)
    found = McpServer(bench, allow_capture=False).sdk_server().get_tool_input_schema
    assert found is not None
    assert found("analyze_capture") == schema_of(OfCapture)
    assert found("start_packet_capture") is None


async def _tell_nobody(_: int) -> None:
    pass
