"""Analyses, each done once: kept by the hashes of their files, the least used making room for new ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeAlias

import anyio
import anyio.to_thread
import msgspec

from pcap_report.errors import NotACaptureError, UsageError
from pcap_report.mcp.analysis import Analysis
from pcap_report.mcp.place import Place
from pcap_report.mcp.source import Hashes, Named, Source
from pcap_report.mcp.warming import settle
from pcap_report.mcp.work import Work

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.mcp.roots import Roots
    from pcap_report.model.report import Report

Tell: TypeAlias = Callable[[int], Awaitable[None]]
"""Told how many packets have been read."""

MEMORY: Final = 384 * 1024 * 1024
"""Bytes that the kept analyses may take in memory."""
DISK: Final = 512 * 1024 * 1024
"""Bytes that they may take in temporary folders."""
_LARGEST_SAVED: Final = 100_000_000
_AT_ONCE: Final = 2
_WORKERS: Final = 4
_LOOK_S: Final = 0.05
_LONGEST_S: Final = 1800
_READY_S: Final = 3
"""Seconds that the first answer waits for what later ones need; small captures are ready by then."""


class Analyses:
    """All analyses of a server."""

    def __init__(self, roots: Roots, memory: int = MEMORY, disk: int = DISK) -> None:
        self._roots = roots
        self._memory = memory
        self._disk = disk
        self._kept: OrderedDict[str, Analysis] = OrderedDict()
        self._hashes = Hashes()
        self._locks: dict[str, anyio.Lock] = {}
        self._places = anyio.CapacityLimiter(_AT_ONCE)
        self._works: set[Work] = set()
        self._place = Place()

    async def get(self, named: Named, tell: Tell, connection: int | None = None) -> Analysis:
        """Return the analysis of a capture, or a saved report; it is made when it is first asked for.

        Args:
            named: the files, as the caller calls them.
            tell: told how many packets have been read.
            connection: tell this connection, which the analysis of all of them leaves without its story.

        Raises:
            PcapReportError: there is none.
        """
        source = named.found(self._roots)
        key = f"{await self._hashed(source)} {source.capture.name} {connection}"
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        # whoever comes second waits for the first, and finds the result
        lock = self._locks.setdefault(key, anyio.Lock())
        try:
            async with lock:
                if key in self._kept:
                    return self._kept[key]
                analysis = await self._made(source, key, tell, connection)
                self._kept[key] = analysis
                await self._make_room()
                settle()
                return analysis  # others may have taken its room meanwhile: it answers all the same
        finally:
            if not lock.statistics().locked:  # nobody waits for it any more
                self._locks.pop(key, None)

    async def _hashed(self, source: Source) -> str:
        files = (source.capture, source.keylog, source.rpc_log)
        try:
            return " ".join([await self._hashes.of(path) for path in files])
        except OSError as error:
            raise UsageError(
                f"{error.filename or source.capture} cannot be read: {error.strerror or error}",
                "Let this user read it, or name another file.",
            ) from error

    def close(self) -> None:
        """End every worker, and remove what they made."""
        for work in tuple(self._works):
            self._works.discard(work)
            work.close()
        self._place.close()

    async def _made(self, source: Source, key: str, tell: Tell, connection: int | None) -> Analysis:
        if _looks_saved(source.capture):
            if source.keylog or source.rpc_log:
                raise UsageError(
                    f"{source.capture.name} is a saved report, and holds what it was made with",
                    "Leave keylog and rpc_log out, or name the capture instead.",
                )
            report, size = await anyio.to_thread.run_sync(_saved, source.capture)
            return Analysis(report, source, key, size)
        async with self._places:
            with anyio.fail_after(_LONGEST_S):
                return await self._analyzed(source, key, tell, connection)

    async def _analyzed(self, source: Source, key: str, tell: Tell, connection: int | None) -> Analysis:
        from pcap_report.render.json_report import read_json

        while sum(not one.ended() for one in self._works) >= _WORKERS:
            await anyio.sleep(_LOOK_S)
        work = Work(source, connection, self._place.folder())
        self._works.add(work)
        try:
            raw = await work.report(tell)
            report = await anyio.to_thread.run_sync(read_json, raw)
            analysis = Analysis(report, source, key, len(raw), work)
            with anyio.move_on_after(_READY_S):
                await analysis.prepare()
        except BaseException:
            self._works.discard(work)
            await work.aclose()
            raise
        return analysis

    async def _make_room(self) -> None:
        """Let the least used analyses go until the others fit; the newest always stays."""
        while len(self._kept) > 1 and (
            sum(one.memory() for one in self._kept.values()) > self._memory
            or sum(one.disk() for one in self._kept.values()) > self._disk
        ):
            _, gone = self._kept.popitem(last=False)
            if gone.work is not None:
                self._works.discard(gone.work)
                await gone.work.aclose()


def _looks_saved(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def _saved(path: Path, largest: int = _LARGEST_SAVED) -> tuple[Report, int]:
    from pcap_report.render.json_report import read_json

    if path.stat().st_size > largest:
        raise UsageError(
            f"{path.name} is too large for a saved report: more than {largest // 1_000_000} MB",
            "Name the capture instead.",
        )
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        return read_json(raw), len(raw)
    except msgspec.DecodeError as error:
        raise NotACaptureError(
            f"{path.name} is neither a capture nor a JSON report of pcap-report",
            "Make one: pcap-report analyze CAPTURE -o report.json",
        ) from error
