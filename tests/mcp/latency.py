"""How long tools take once a capture has been analyzed, as the SDK's own client sees it.

``python -m tests.mcp.latency CAPTURE…`` prints a table: calls, the fastest, median and 99th percentile of
every tool, over both transports, and the processor time that server and client spent on a call: on a machine
that does nothing else a call takes about the sum of the two. Every call is another question: all connections,
frames and statements of the capture are asked for in turn, in all languages.
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.mcp.service import Service, answered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcp import Client

Question = tuple[str, dict[str, Any]]
Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]

CALLS: Final = 100
LANGUAGES: Final = ("en", "es", "zh")
_PATIENCE_S: Final = 1800
_TICKS: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


async def measured(client: Client, capture: str, calls: int = CALLS) -> dict[str, list[float]]:
    """Analyze a capture, then ask every tool that reads; return the seconds of each call, by tool."""

    async def ask(tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return await answered(client, tool, **arguments)

    found: defaultdict[str, list[float]] = defaultdict(list)
    for tool, arguments in await questions(ask, capture, calls):
        begun = time.perf_counter()
        await ask(tool, arguments)
        found[tool].append(time.perf_counter() - begun)
    return dict(found)


async def questions(ask: Ask, capture: str, calls: int = CALLS) -> list[Question]:
    """Return so many questions for every tool, after the capture has been analyzed."""
    first = await ask("analyze_capture", {"capture": capture, "budget": 100_000})
    numbers: list[int] = []
    stated = [{**one, "connection": None} for one in first.get("statements", [])]
    if first["totals"]["connections"]:
        listed = await ask("list_connections", {"capture": capture, "budget": 100_000})
        numbers = [one["id"] for one in listed["connections"]]
    for number in numbers[: max(1, calls // 5)]:
        told = await ask("get_connection", {"capture": capture, "connection": number, "budget": 10_000})
        stated += [{**one, "connection": number} for one in told.get("statements", [])]
    return list(_questions(capture, numbers, first["totals"]["packets"], stated, calls))


def _questions(
    capture: str, numbers: list[int], frames: int, stated: list[dict[str, Any]], calls: int
) -> Iterator[Question]:
    languages = itertools.cycle(LANGUAGES)

    def of(tool: str, **more: object) -> Question:
        return tool, {"capture": capture, "language": next(languages), **more}

    for number in range(calls):
        yield of("analyze_capture", budget=2000 + number)
        yield of("get_findings", budget=2000 + number)
        yield "list_network_interfaces", {}
        yield "compare_captures", {"before": capture, "after": capture, "language": next(languages)}
        yield of("explain_frame", frame=1 + number * frames // calls)
        if numbers:
            yield of("list_connections", budget=2000 + number)
            one = numbers[number * len(numbers) // calls]
            yield of("get_connection", connection=one)
            yield of("get_diagram", connection=one)
            yield of("get_diagram", budget=2000 + number)
        if stated:
            claim = stated[number * len(stated) // calls]
            yield of("verify_claim", claim=claim["id"], connection=claim["connection"])


def percentile(times: list[float], part: float) -> float:
    """Return the time that this part of the calls did not take longer than."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


async def _told(client: Client, capture: str) -> None:
    begun = time.perf_counter()
    await answered(client, "analyze_capture", capture=capture)
    sys.stdout.write(f"  analyzed in {time.perf_counter() - begun:.1f} s\n")
    before, own = _spent(), time.process_time()
    found = await measured(client, capture)
    calls = sum(map(len, found.values()))
    for tool, times in found.items():
        least, p50, p99, worst = (1000 * percentile(times, part) for part in (0, 0.5, 0.99, 1))
        figures = f"min {least:5.1f}  p50 {p50:6.1f}  p99 {p99:6.1f}  max {worst:6.1f} ms"
        sys.stdout.write(f"  {tool:24} {len(times):4} calls  {figures}\n")
    own = 1000 * (time.process_time() - own) / calls
    if before is not None and (after := _spent()) is not None:
        spent = 1000 * (after - before) / calls
        sys.stdout.write(f"  processor time: the server's {spent:.1f} ms a call, the client's {own:.1f}\n")
    sys.stdout.flush()


def _spent() -> float | None:
    """Return the processor time of the server, which is our child; None where the system does not tell."""
    spent = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text("utf-8", "replace").rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        if int(fields[1]) == os.getpid() and "pcap-report" in name:
            spent += (int(fields[11]) + int(fields[12])) / _TICKS
    return spent or None


def main(captures: list[str]) -> None:
    """Print the table."""
    for name, transport in itertools.product(captures, ("stdio", "http")):
        path = Path(name).resolve()
        sys.stdout.write(f"{path.name} over {transport}\n")
        service = Service(transport, path.parent, patience_s=_PATIENCE_S)
        service.talk(lambda client, path=path: _told(client, path.name))  # type: ignore[misc]  # a lambda's default


if __name__ == "__main__":
    main(sys.argv[1:])
