"""A worker's process, as the server sees it: what it has done so far, and its end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import anyio
import anyio.to_thread
import msgspec

from pcap_report.errors import CouldNotTellError, NotACaptureError, PcapReportError, TsharkError, UsageError
from pcap_report.mcp.worker import FAILURE, PROGRESS, REPORT, Failure, Task

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pcap_report.mcp.source import Source

_ENDING_S: Final = 3
_LOOK_S: Final = 0.02
_TELL_S: Final = 0.2
_KINDS: Final = (UsageError, NotACaptureError, TsharkError, CouldNotTellError)


class Work:
    """A process that analyzes a capture, and the private folder of what it makes.

    Attributes:
        folder: the folder; gone once it is closed.
    """

    def __init__(self, source: Source, connection: int | None, place: Path) -> None:
        """Begin.

        Args:
            source: what to analyze.
            connection: tell this connection only; None for all.
            place: where to make the folder.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="analysis-", dir=place))
        paths = [str(one) if one else None for one in (source.keylog, source.rpc_log)]
        task = Task(str(source.capture), str(self.folder), os.getpid(), paths[0], paths[1], connection)
        self._name = source.capture.name
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pcap_report.mcp.worker", msgspec.json.encode(task).decode()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def has(self, name: str) -> bool:
        """Tell whether something has been made."""
        return (self.folder / name).exists()

    def ended(self) -> bool:
        """Tell whether nothing more will be made."""
        return self._process.poll() is not None

    async def until(self, name: str) -> bool:
        """Wait for something that it makes; tell whether it is there."""
        while not self.has(name) and not self.ended():
            await anyio.sleep(_LOOK_S)
        return self.has(name)

    async def report(self, tell: Callable[[int], Awaitable[None]]) -> bytes:
        """Wait for the report, and return it as JSON.

        Args:
            tell: told now and then how many packets have been read.

        Raises:
            PcapReportError: there is none.
        """
        told, waited = 0, 0.0
        while not (self.has(REPORT) or self.ended()):
            await anyio.sleep(_LOOK_S)
            waited += _LOOK_S
            if waited >= _TELL_S and (packets := self._packets()) > told:
                await tell(packets)
                told, waited = packets, 0.0
        if self.has(FAILURE):
            raise _error(msgspec.json.decode((self.folder / FAILURE).read_bytes(), type=Failure))
        if not self.has(REPORT):
            raise TsharkError(
                f"The analysis of {self._name} broke down",
                f"See why: pcap-report analyze {self._name} --debug",
            )
        return await anyio.to_thread.run_sync((self.folder / REPORT).read_bytes)

    def close(self) -> None:
        """End it, its tshark too, and leave nothing behind."""
        if not self.ended():
            _signal(self._process, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_ENDING_S)
        if not self.ended():
            _signal(self._process, getattr(signal, "SIGKILL", signal.SIGTERM))
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def aclose(self) -> None:
        """Do the same, whoever else is served meanwhile, and whether or not somebody still waits."""
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self.close)

    def _packets(self) -> int:
        with contextlib.suppress(OSError, ValueError):
            return int((self.folder / PROGRESS).read_bytes())
        return 0


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.terminate()


def _error(failure: Failure) -> PcapReportError:
    kind = next((one for one in _KINDS if one.exit_code == failure.exit_code), UsageError)
    return kind(failure.message, failure.hint)
