"""A frame is shown whether or not all frames have been taken apart ahead of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio

from pcap_report.capture.frame_store import PLACES
from pcap_report.mcp.analyses import Analyses
from pcap_report.mcp.analysis import Analysis
from pcap_report.mcp.arguments import OfFrame
from pcap_report.mcp.frames import explained
from pcap_report.mcp.roots import Roots
from pcap_report.mcp.source import Named
from pcap_report.mcp.work import Work

if TYPE_CHECKING:
    from pathlib import Path

NAME = "lossy-three-connections.pcapng"


class _Working(Work):
    """A worker that goes on and on, as one does with a large capture."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def until(self, name: str) -> bool:
        await anyio.sleep_forever()
        return self.has(name)


async def _tell_nobody(_: int) -> None:
    pass


def test_nobody_waits_until_all_frames_are_there(folder: Path, tmp_path: Path) -> None:
    analyses = Analyses(Roots([folder]))
    empty = tmp_path / "empty"
    empty.mkdir()

    async def work() -> tuple[dict[str, Any], dict[str, Any]]:
        asked = OfFrame(capture=NAME, frame=20, budget=100_000)
        ready = await analyses.get(Named(NAME), _tell_nobody)
        assert ready.work
        assert await ready.work.until(PLACES)
        with anyio.fail_after(100):
            early = Analysis(ready.report, ready.source, ready.key, ready.size, _Working(empty))
            return await explained(ready, asked), await explained(early, asked)

    try:
        ready, early = anyio.run(work)
    finally:
        analyses.close()
    assert early["fields"]
    assert early == ready
