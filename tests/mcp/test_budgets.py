"""Answers fit every budget, or say which one they need; cursors lead through everything exactly once."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import anyio
import pytest

from pcap_report.mcp.bench import Bench
from pcap_report.mcp.roots import Roots
from tests.mcp.budgets import hold_to_budgets
from tests.mcp.service import SAMPLES, Service, answered, refused

if TYPE_CHECKING:
    from pathlib import Path

    from mcp import Client


@pytest.mark.parametrize("name", ["lossy-three-connections", "http-dns", "refused-and-unanswered", "quic-h3"])
def test_samples(folder: Path, name: str) -> None:
    shutil.copy(SAMPLES / f"{name}.pcapng", folder)
    _hold(folder, f"{name}.pcapng")


@pytest.mark.parametrize(
    "pattern", ["malformed/*.pcap", "weird/*.pcap", "dns/*.pcap", "mixed/*.pcap", "tunnels/*.pcap"]
)
def test_captures_of_others(captures_dir: Path, folder: Path, pattern: str) -> None:
    """The first of each kind; `make mcp-budgets` takes all of them."""
    first = min(captures_dir.glob(pattern), key=lambda path: path.stat().st_size)
    shutil.copy(first, folder)
    _hold(folder, first.name)


def _hold(folder: Path, name: str) -> None:
    bench = Bench.of(Roots([folder]), allow_capture=False)
    try:
        assert anyio.run(hold_to_budgets, bench, name) > 20
    finally:
        bench.close()


def test_a_tiny_budget_is_kept_or_said_to_be_too_small(piped: Service) -> None:
    async def work(client: Client) -> None:
        capture = {"capture": "http-dns.pcapng"}
        said = await refused(client, "get_connection", **capture, connection=0, budget=50)
        assert "does not fit into 50 tokens" in said
        assert "with a budget of" in said
        assert (await answered(client, "get_findings", **capture, budget=200))["verdict"]
        assert "budget" in await refused(client, "analyze_capture", **capture, budget=49)
        assert "budget" in await refused(client, "analyze_capture", **capture, budget=-1)

    piped.talk(work)
