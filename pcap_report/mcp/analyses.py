"""Analyses, each done once: kept by the hash of the file and the options, made in a process of their own."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio
import anyio.to_thread
import msgspec

from pcap_report.errors import CouldNotTellError, NotACaptureError, PcapReportError, TsharkError, UsageError
from pcap_report.mcp.worker import Failure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from anyio.abc import Process

    from pcap_report.mcp.roots import Roots
    from pcap_report.model.report import Report

_KEPT: Final = 24
_AT_ONCE: Final = 2
_LONGEST_S: Final = 1800
_ENDING_S: Final = 3
_KINDS: Final = (UsageError, NotACaptureError, TsharkError, CouldNotTellError)


@dataclass
class Analysis:
    """A report, and what was made of it.

    Attributes:
        report: it, its texts in English.
        path: the capture, or the saved report.
        key: stands for file and options.
        saved: it was read from a saved report.
        made: what questions made of the report, so that the next one need not.
    """

    report: Report
    path: Path
    key: str
    saved: bool = False
    made: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - what `make` returns
        """Return what was made under this name, or make it."""
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    def spoken(self, language: str) -> Report:
        """Return the report in a language."""
        from pcap_report.engine.texts import with_texts

        found: Report = self.once(f"language {language}", lambda: with_texts(self.report, language))
        return found


class Analyses:
    """All analyses of a server."""

    def __init__(self, roots: Roots) -> None:
        self._roots = roots
        self._kept: OrderedDict[str, Analysis] = OrderedDict()
        self._hashes: dict[tuple[int, ...], str] = {}
        self._locks: dict[str, anyio.Lock] = {}
        self._places = anyio.CapacityLimiter(_AT_ONCE)
        self._running: set[Process] = set()

    async def get(
        self, name: str, tell: Callable[[int], Awaitable[None]], connection: int | None = None
    ) -> Analysis:
        """Return the analysis of a capture, or a saved report; it is made when it is first asked for.

        Args:
            name: the file, as the caller calls it.
            tell: told how many packets have been read.
            connection: tell this connection, which the analysis of all of them leaves without its story.

        Raises:
            PcapReportError: there is none.
        """
        path = self._roots.file(name)
        stamp = _stamp(path)
        if stamp not in self._hashes:
            self._hashes[stamp] = await anyio.to_thread.run_sync(_hash, path, abandon_on_cancel=True)
        key = f"{self._hashes[stamp]} {path.name} {connection}"
        if key not in self._kept:
            # whoever comes second waits for the first, and finds the result
            async with self._locks.setdefault(key, anyio.Lock()):
                if key not in self._kept:
                    self._keep(key, await self._made(path, key, tell, connection))
        self._kept.move_to_end(key)
        return self._kept[key]

    def close(self) -> None:
        """End every analysis that goes on."""
        for process in self._running:
            _signal(process, signal.SIGTERM)

    def _keep(self, key: str, analysis: Analysis) -> None:
        self._kept[key] = analysis
        while len(self._kept) > _KEPT:
            gone, _ = self._kept.popitem(last=False)
            self._locks.pop(gone, None)

    async def _made(
        self, path: Path, key: str, tell: Callable[[int], Awaitable[None]], connection: int | None
    ) -> Analysis:
        if _looks_saved(path):
            return Analysis(await anyio.to_thread.run_sync(_saved, path), path, key, saved=True)
        async with self._places:
            with anyio.fail_after(_LONGEST_S):
                return Analysis(await self._analyzed(path, tell, connection), path, key)

    async def _analyzed(
        self, path: Path, tell: Callable[[int], Awaitable[None]], connection: int | None
    ) -> Report:
        from pcap_report.render.json_report import read_json

        with tempfile.TemporaryDirectory(prefix="pcap-report-") as folder:
            result = Path(folder, "report.json")
            numbers = [] if connection is None else [str(connection)]
            async with self._worker([str(path), str(result), *numbers]) as process:
                await _follow(process, tell)
                await process.wait()
            failure = Path(f"{result}.failure")
            if failure.exists():
                raise _error(msgspec.json.decode(failure.read_bytes(), type=Failure))
            if not result.exists():
                raise TsharkError(
                    f"The analysis of {path.name} broke down",
                    f"See why: pcap-report analyze {path.name} --debug",
                )
            return await anyio.to_thread.run_sync(lambda: read_json(result.read_bytes()))

    @contextlib.asynccontextmanager
    async def _worker(self, arguments: list[str]) -> AsyncIterator[Process]:
        """Start a worker; whatever happens, it has ended behind, and its tshark too."""
        command = [sys.executable, "-P", "-m", "pcap_report.mcp.worker", *arguments]
        process = await anyio.open_process(
            command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self._running.add(process)
        try:
            yield process
        finally:
            self._running.discard(process)
            with anyio.CancelScope(shield=True):
                await _end(process)


async def _end(process: Process) -> None:
    if process.returncode is None:
        _signal(process, signal.SIGTERM)
        with anyio.move_on_after(_ENDING_S):
            await process.wait()
    if process.returncode is None:
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        await process.wait()
    await process.aclose()


def _signal(process: Process, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.terminate()


async def _follow(process: Process, tell: Callable[[int], Awaitable[None]]) -> None:
    assert process.stdout is not None  # a pipe was asked for
    rest = b""
    async for piece in process.stdout:
        *lines, rest = (rest + piece).split(b"\n")
        numbers = [int(line) for line in lines if line.isdigit()]
        if numbers:
            await tell(numbers[-1])


def _error(failure: Failure) -> PcapReportError:
    kind = next((one for one in _KINDS if one.exit_code == failure.exit_code), UsageError)
    return kind(failure.message, failure.hint)


def _stamp(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _looks_saved(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def _saved(path: Path) -> Report:
    from pcap_report.render.json_report import read_json

    try:
        return read_json(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except msgspec.DecodeError as error:
        raise NotACaptureError(
            f"{path.name} is neither a capture nor a JSON report of pcap-report",
            "Make one: pcap-report analyze CAPTURE -o report.json",
        ) from error
