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
from typing import TYPE_CHECKING, Final

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
    _adopt_orphans()
    with stdout.open("wb") as output:
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
    cpu = usage.ru_utime + usage.ru_stime + _cpu_of_orphans()
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
    for listed in _PROC.glob(f"{pid}/task/*/children"):
        with contextlib.suppress(OSError):
            for child in listed.read_text().split():
                yield from _tree(int(child))


def _proportional_bytes(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _adopt_orphans() -> None:
    """Let processes whose parent has gone become ours, so that their processor time is counted, too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)


def _cpu_of_orphans() -> float:
    total = 0.0
    while True:
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return total
        total += usage.ru_utime + usage.ru_stime
