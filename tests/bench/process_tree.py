"""What a command and all that it starts cost: wall time, processor time, and memory of all together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PROC: Final = Path("/proc")
_SHORTEST_PAUSE_S: Final = 0.02
_LONGEST_PAUSE_S: Final = 0.25
_PAUSES_PER_LOOK: Final = 50
"""Looking costs the kernel a walk through the page tables: that takes a fiftieth of a core, not more."""
_ADOPT_ORPHANS: Final = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2)."""


class Cost(msgspec.Struct, frozen=True):
    """What one run cost.

    Attributes:
        wall_s: seconds from start to end.
        cpu_s: user and system seconds of the whole process tree.
        peak_mb: the largest sum, over all processes at one time, of their proportional set sizes (memory that
            several share is counted once), in megabytes; None where there is no /proc to ask.
        written_bytes: the size of the files that it was told to write.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float | None
    written_bytes: int = 0


def cost_of(command: Sequence[str], stdout: Path) -> Cost:
    """Run a command to its end, its output in a file.

    Raises:
        CalledProcessError: it failed.
    """
    with _Orphans() as orphans, stdout.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        memory = _Memory(process.pid)
        memory.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
        finally:
            memory.finish()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    cpu = usage.ru_utime + usage.ru_stime + orphans.cpu_s
    return Cost(wall, cpu, memory.peak_bytes / 1e6 if memory.peak_bytes else None)


class _Memory(threading.Thread):
    """Looks again and again at how much memory a process and its descendants have."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._over = threading.Event()
        self.peak_bytes = 0

    def run(self) -> None:
        pause = 0.0
        while not self._over.wait(pause):
            start = time.thread_time()
            self.peak_bytes = max(self.peak_bytes, sum(map(_proportional_bytes, _tree(self._pid))))
            cost = time.thread_time() - start
            pause = min(max(_SHORTEST_PAUSE_S, _PAUSES_PER_LOOK * cost), _LONGEST_PAUSE_S)

    def finish(self) -> None:
        """Stop looking."""
        self._over.set()
        self.join()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for child in _children(pid):
        yield from _tree(child)


def _proportional_bytes(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


class _Orphans:
    """Adopts processes whose parent has gone; waits for them at the end and counts their processor time."""

    def __init__(self) -> None:
        self.cpu_s = 0.0
        self._others = frozenset(_children(os.getpid()))

    def __enter__(self) -> Self:
        _adopt(True)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            while adopted := set(_children(os.getpid())) - self._others:
                for pid in adopted:
                    self._wait_for(pid)
        finally:
            # Who adopts on and waits for none collects zombies.
            _adopt(False)

    def _wait_for(self, pid: int) -> None:
        with contextlib.suppress(ChildProcessError):
            _, _, usage = os.wait4(pid, 0)
            self.cpu_s += usage.ru_utime + usage.ru_stime


def _adopt(wanted: bool) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, int(wanted), 0, 0, 0)


def _children(pid: int) -> Iterator[int]:
    """Yield the processes of one, also those that have ended and nobody has waited for."""
    with contextlib.suppress(OSError):  # it has ended, or one of its threads
        for listed in list(_PROC.glob(f"{pid}/task/*/children")):
            with contextlib.suppress(OSError):
                yield from map(int, listed.read_text().split())
