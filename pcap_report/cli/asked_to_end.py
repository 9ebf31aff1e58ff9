"""Requests to end, by signals: each gets the clean-up that Ctrl-C gets, once.

What goes wrong after one is no error of its own, and a second one does not disturb the clean-up.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from typing import TYPE_CHECKING, Final, NoReturn

from pcap_report.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

asked_to_end: Final[list[int]] = []
"""The numbers of the signals; a command that goes on all the same empties it."""
_KINDS: Final = ("SIGINT", "SIGTERM", "SIGHUP")
_CLEAN_UP_S: Final = 5
"""How long another request is not heard: one that comes twice would end the clean-up half way."""
_LATER_S: Final = 0.05
_heard_at: list[float] = []


def heed_requests_to_end() -> None:
    """Let a request to end clean up behind us, as Ctrl-C does; what nohup ignores stays ignored."""
    asked_to_end.clear()
    for name in _KINDS:
        number = getattr(signal, name, None)
        if number is not None:
            with contextlib.suppress(OSError, ValueError):  # not the main thread
                if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                    signal.signal(number, _stop)
    if not isinstance(sys.unraisablehook, _NotLost):
        sys.unraisablehook = _NotLost(sys.unraisablehook)


def status_of_request() -> int:
    """Return what a command ends with that was asked to end."""
    number = asked_to_end[0]
    return ExitCode.INTERRUPTED if number == signal.SIGINT else 128 + number


def _stop(number: int, _: FrameType | None) -> None:
    if asked_to_end and time.monotonic() - _heard_at[0] < _CLEAN_UP_S:
        return
    asked_to_end.append(number)
    _heard_at[:] = [time.monotonic()]
    _end(number)


def _end(number: int) -> NoReturn:
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


class _NotLost:
    """Ask once more where Python dropped our exception: it does so while it takes an object away."""

    def __init__(self, otherwise: Callable[[sys.UnraisableHookArgs], object]) -> None:
        self._otherwise = otherwise

    def __call__(self, lost: sys.UnraisableHookArgs) -> None:
        if not asked_to_end or not isinstance(lost.exc_value, (KeyboardInterrupt, SystemExit)):
            self._otherwise(lost)
            return
        import threading

        again = threading.Timer(_LATER_S, signal.raise_signal, (asked_to_end.pop(),))
        again.daemon = True
        again.start()
