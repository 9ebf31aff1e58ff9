"""What is kept of analyses is bounded, and what is let go leaves nothing behind."""

from __future__ import annotations

import gc
import shutil
import weakref
from typing import TYPE_CHECKING

import anyio
import pytest

from pcap_report.mcp.analyses import Analyses
from pcap_report.mcp.roots import Roots
from pcap_report.mcp.source import Named

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.mcp.analysis import Analysis

NAMES = ("http-dns.pcapng", "refused-and-unanswered.pcapng", "mcp-tls13.pcapng")


async def _tell_nobody(_: int) -> None:
    pass


@pytest.mark.parametrize("bound", [{"memory": 1}, {"disk": 1}], ids=["memory", "disk"])
def test_the_least_used_analysis_makes_room(folder: Path, bound: dict[str, int]) -> None:
    analyses = Analyses(Roots([folder]), **bound)

    async def work() -> list[Analysis]:
        found = [await analyses.get(Named(name), _tell_nobody) for name in NAMES]
        assert await analyses.get(Named(NAMES[2]), _tell_nobody) is found[2]
        return found

    try:
        *gone, newest = anyio.run(work)
        for one in gone:
            assert one.work
            assert one.work.ended()
            assert not one.work.folder.exists()
        assert newest.work
        assert newest.work.folder.exists()
    finally:
        analyses.close()
    assert not newest.work.folder.exists()


def test_what_is_let_go_is_freed_without_the_garbage_collector(folder: Path) -> None:
    """It is told not to look at analyses, so that no answer waits for it."""
    analyses = Analyses(Roots([folder]), memory=1)

    async def work() -> list[object]:
        first = await analyses.get(Named(NAMES[0]), _tell_nobody)
        assert gc.get_freeze_count() > 0
        gone = weakref.ref(first)
        del first
        await analyses.get(Named(NAMES[1]), _tell_nobody)
        return [gone()]

    gc.disable()
    try:
        assert anyio.run(work) == [None]
    finally:
        gc.enable()
        gc.unfreeze()
        analyses.close()


def test_an_analysis_is_kept_by_its_content(folder: Path) -> None:
    analyses = Analyses(Roots([folder]))

    async def work() -> None:
        first = await analyses.get(Named(NAMES[0]), _tell_nobody)
        (folder / NAMES[0]).touch()  # another time, the same packets
        assert await analyses.get(Named(NAMES[0]), _tell_nobody) is first
        shutil.copy(folder / NAMES[1], folder / NAMES[0])
        assert await analyses.get(Named(NAMES[0]), _tell_nobody) is not first

    try:
        anyio.run(work)
    finally:
        analyses.close()


def test_what_questions_make_is_bounded(folder: Path) -> None:
    analyses = Analyses(Roots([folder]))

    async def work() -> Analysis:
        return await analyses.get(Named(NAMES[0]), _tell_nobody)

    try:
        analysis = anyio.run(work)
        for number in range(1000):
            analysis.keep(f"question {number}", number)
        assert analysis.known("question 999") == 999
        assert analysis.known("question 1") is None
    finally:
        analyses.close()
