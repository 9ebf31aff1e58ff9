"""Work for somebody who may give up meanwhile: its tsharks are ended then, and no other begins."""

from __future__ import annotations

import contextlib
import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, TypeAlias

from pcap_report.errors import TsharkError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

_Process: TypeAlias = "subprocess.Popen[bytes]"


class Errand:
    """What is run for somebody; it may be given up from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[tuple[_Process, Callable[[_Process], None]]] = []
        self._given_up = False

    @contextlib.contextmanager
    def begun(self) -> Iterator[None]:
        """Let every tshark be run for it that is run in this context, or in a copy of it."""
        token = _NOW.set(self)
        try:
            yield
        finally:
            _NOW.reset(token)

    def give_up(self) -> None:
        """End what is still running, and let nothing begin any more; afterwards it does no harm."""
        with self._lock:
            self._given_up = True
            for process, end in self._running:
                end(process)
            self._running.clear()

    def start(self, begin: Callable[[], _Process], end: Callable[[_Process], None]) -> _Process:
        """Start a process that is ended when the errand is given up.

        Raises:
            TsharkError: it has been.
        """
        with self._lock:
            if self._given_up:
                raise TsharkError("Nobody waits for it any more")
            self._running = [one for one in self._running if one[0].returncode is None]
            self._running.append((begin(), end))
            return self._running[-1][0]


_NOW: Final[ContextVar[Errand | None]] = ContextVar("errand", default=None)


def started(begin: Callable[[], _Process], end: Callable[[_Process], None]) -> _Process:
    """Start a process, for the errand of this context if there is one.

    Args:
        begin: starts it.
        end: ends it, once or again, whether or not it has ended.

    Raises:
        TsharkError: the errand has been given up.
    """
    errand = _NOW.get()
    return begin() if errand is None else errand.start(begin, end)
