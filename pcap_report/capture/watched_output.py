"""What a child process prints, read with patience that has an end."""

from __future__ import annotations

import io
import os
import select
import struct
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

    _Wait = Callable[[int], list[tuple[int, int]]]

_LOOK_MS: Final = 1000
ENOUGH: Final = 64 * 1024
"""Bytes that are worth being listened to."""
_MORE_S: Final = 0.004
"""Seconds in which tshark writes about as much."""
_CLOCK_FIELDS: Final = slice(11, 13)
"""User and system time, counted from the state behind the name (proc(5), /proc/pid/stat)."""


class WatchedOutput(io.RawIOBase):
    """The reading end of a pipe; a writer that says nothing for too long is given up.

    Only the time that we wait counts, not the time that we work on what was read.

    Attributes:
        gave_up: nothing came for too long, and the end was told in its place.
        meanwhile: what to do as long as nothing comes; it returns False when there is nothing to do.
    """

    def __init__(
        self,
        descriptor: int,
        process: int,
        patience_s: int,
        *,
        steady: bool,
        left_behind: Callable[[], None],
    ) -> None:
        """Watch a pipe.

        Args:
            descriptor: of the pipe; it stays the caller's.
            process: the one that writes, or one that waits for it.
            patience_s: seconds without a word; 0 for ever.
            steady: it has something to say all the time. One that has not may work in silence: it is given
                up only when it does not work either.
            left_behind: ends what still holds the other end when the process has ended.
        """
        self._descriptor = descriptor
        self._process = process
        self._patience_s = patience_s
        self._steady = steady
        self._left_behind = left_behind
        self._wait = None if sys.platform == "win32" or not patience_s else _waiting_for(descriptor)
        self.gave_up = False
        self.meanwhile: Callable[[], bool] | None = None

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read what there is."""
        if self._wait is not None and not self._is_worth_it(self._wait):
            self._pass_time(self._wait)
        if self._wait is not None and not self._wait(_LOOK_MS) and not self._comes(self._wait):
            self.gave_up = True
            return 0
        view = memoryview(buffer).cast("B")
        piece = os.read(self._descriptor, len(view))
        view[: len(piece)] = piece
        return len(piece)

    def _pass_time(self, wait: _Wait) -> None:
        """Let the writer say more than a word: each time that it is listened to stops both of them."""
        while self.meanwhile is not None and self.meanwhile():
            if self._is_worth_it(wait):
                return
        time.sleep(_MORE_S)

    def _is_worth_it(self, wait: _Wait) -> bool:
        """Tell whether there is much to read, or nothing more will come."""
        events = wait(0)
        if not events:
            return False
        return bool(events[0][1] & select.POLLHUP) or _waiting_bytes(self._descriptor) >= ENOUGH

    def _comes(self, wait: _Wait) -> bool:
        since = time.monotonic()
        worked = 0 if self._steady else processor_ticks(self._process)
        while not wait(_LOOK_MS):
            if has_ended(self._process):
                self._left_behind()
            if not self._steady:
                now = processor_ticks(self._process)
                if now != worked:
                    worked, since = now, time.monotonic()
            if time.monotonic() - since >= self._patience_s:
                return False
        return True


def _waiting_for(descriptor: int) -> _Wait:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLHUP)
    return poll.poll


def _waiting_bytes(descriptor: int) -> int:
    """Return how many bytes a pipe holds."""
    import fcntl
    import termios

    (held,) = struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, bytes(4)))
    return int(held)


def has_ended(child: int) -> bool:
    """Tell whether a child process has ended; it stays to be waited for."""
    if not hasattr(os, "waitid"):  # macOS
        return False
    try:
        return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:  # somebody has waited for it
        return True


def processor_ticks(process: int) -> int:
    """Return the processor time of a process and those below it; 0 where nobody tells."""
    found = 0
    try:
        text = Path(f"/proc/{process}/stat").read_text("ascii", "replace")
        found += sum(map(int, text.rpartition(")")[2].split()[_CLOCK_FIELDS]))
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    except (OSError, ValueError):
        return found
    return found + sum(processor_ticks(int(child)) for child in children.split())
