"""How a tshark that did not end by itself came to its end: what killed it, and why, as far as it shows."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pcap_report.capture.limits import Limits
    from pcap_report.model.capture import StopReason

_MEGABYTE: Final = 1024 * 1024
_NO_MEMORY: Final = ("failed to allocate", "out of memory", "memory exhausted", "bad_alloc")
"""In what GLib, the C library and C++ say, in lower case."""
_SHELL_ADDS: Final = 128
"""A program that waits for another one ends with this and the number of the signal that killed it."""
_TIME_IS_UP: Final = frozenset(("SIGXCPU",))
_TOO_BIG: Final = "SIGXFSZ"


@dataclass(frozen=True)
class Breakdown:
    """Why tshark stopped before its work was done.

    Attributes:
        reason: as reports name it.
        text: the same in one line.
    """

    reason: StopReason
    text: str


def breakdown(status: int, remark: str, limits: Limits, *, wrapped: bool) -> Breakdown | None:
    """Tell what killed a tshark; None when it ended by itself, whatever its exit status.

    Args:
        status: as :class:`subprocess.Popen` gives it: a negative one is a signal.
        remark: what tshark said on standard error.
        limits: what it was allowed to take.
        wrapped: another program waited for it, and passed its end on as a number.
    """
    number = -status if status < 0 else status - _SHELL_ADDS if wrapped else 0
    if number <= 0:
        return None
    name = _name(number)
    if any(sign in remark.lower() for sign in _NO_MEMORY):
        allowed = f" than the {limits.memory // _MEGABYTE} MB that it may take" if limits.memory else ""
        return Breakdown("memory", f"tshark needed more memory{allowed}")
    if name in _TIME_IS_UP:
        return Breakdown("time", f"tshark took more than the {limits.cpu_s} s of processor time that it may")
    if name == _TOO_BIG:
        return Breakdown("output", "tshark wrote a larger file than it may")
    perhaps = "; perhaps there was not enough memory" if name == "SIGKILL" else ""
    return Breakdown("crashed", f"tshark was ended by {name}{perhaps}")


def silent(limits: Limits) -> Breakdown:
    """Return what is said of a tshark that we ended because it said nothing more."""
    return Breakdown("silent", f"tshark said nothing for {limits.silence_s} s and was ended")


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
