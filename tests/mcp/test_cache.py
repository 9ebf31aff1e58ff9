"""What is kept of analyses is bounded, and what is let go leaves nothing behind."""

from __future__ import annotations

import gc
import os
import shutil
import weakref
from typing import TYPE_CHECKING

import anyio
import pytest

from pcap_report.errors import UsageError
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


def test_analyses_at_once_that_take_each_other_s_room_are_all_answered(folder: Path) -> None:
    analyses = Analyses(Roots([folder]), memory=1)
    found: dict[str, int] = {}

    async def ask(name: str) -> None:
        found[name] = (await analyses.get(Named(name), _tell_nobody)).report.capture.packets

    async def work() -> None:
        async with anyio.create_task_group() as group:
            for name in NAMES:
                group.start_soon(ask, name)

    try:
        anyio.run(work)
        assert set(found) == set(NAMES)
        assert not analyses._locks
        assert len(analyses._kept) == 1
    finally:
        analyses.close()


def test_a_saved_report_that_is_too_large_is_refused(folder: Path) -> None:
    saved = folder / "saved.json"
    with saved.open("wb") as file:
        file.write(b"{")
        file.truncate(100_000_001)
    analyses = Analyses(Roots([folder]))

    async def work() -> None:
        with pytest.raises(UsageError, match="more than 100 MB"):
            await analyses.get(Named("saved.json"), _tell_nobody)

    anyio.run(work)


def test_a_file_that_cannot_be_read_is_said(folder: Path) -> None:
    """As a user who may not read it; root may read everything."""
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    (folder / NAMES[0]).chmod(0)
    analyses = Analyses(Roots([folder]))

    async def work() -> None:
        with pytest.raises(UsageError, match=f"{NAMES[0]} cannot be read: Permission denied"):
            await analyses.get(Named(NAMES[0]), _tell_nobody)

    anyio.run(work)


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
