"""The command line of a tshark that is held in: its limits first, then what ends it with us, then itself.

A shell sets the limits, for it can do so between our process and tshark; it gives its place up to tshark, so
the process that we started is the one that reads. Linux ends it when we are killed ourselves (``setpriv``);
elsewhere it ends at its next word, which nobody reads any more.
"""

from __future__ import annotations

import itertools
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.capture.limits import most_inflated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.capture.limits import Limits

_SHELL: Final = "/bin/sh"
_READS: Final = "-r"
_WRITES: Final = "-w"
_KEY_LOG: Final = "tls.keylog_file:"
_GRACE_S: Final = 5
"""Seconds of processor time between the signal that tells tshark and the one that ends it."""
_BLOCK: Final = 512
"""Bytes that ``ulimit -f`` counts in (POSIX)."""
_FILE_BYTES: Final = 64 * 1024 * 1024
"""What a tshark may write to one file that is asked to write none."""


def files_read(arguments: Sequence[str]) -> list[str]:
    """Return the files that a command line of tshark names for reading."""
    captures = [value for option, value in itertools.pairwise(arguments) if option == _READS]
    key_logs = [one.removeprefix(_KEY_LOG) for one in arguments if one.startswith(_KEY_LOG)]
    return captures + key_logs


def file_written(arguments: Sequence[str]) -> str | None:
    """Return the file that a command line of tshark names for writing."""
    return next((value for option, value in itertools.pairwise(arguments) if option == _WRITES), None)


def most_written(arguments: Sequence[str]) -> int | None:
    """Return how many bytes a file may have that tshark writes; None where writing one is its work."""
    if file_written(arguments) is None:
        return _FILE_BYTES
    bounds = [bound for name in files_read(arguments) if (bound := most_inflated(name)) is not None]
    return 2 * max(bounds) if bounds else None


def contained(
    command: Sequence[str],
    limits: Limits,
    largest_file: int | None = _FILE_BYTES,
    *,
    ends_with_us: bool = False,
) -> list[str]:
    """Return a command line that runs another one within limits, and lets it end with us.

    Args:
        command: the program and its arguments.
        limits: what it may take.
        largest_file: bytes of the largest file that it may write; None for no limit.
        ends_with_us: the program sees to that itself.
    """
    if sys.platform == "win32":
        return list(command)
    set_limits = "; ".join(_limits(limits, largest_file))
    return [
        _SHELL,
        "-c",
        f'{set_limits}; exec "$@"',
        _SHELL,
        *(() if ends_with_us else _ending_with_us()),
        *command,
    ]


def _limits(limits: Limits, largest_file: int | None) -> list[str]:
    """Return the shell's words; a limit that is tighter already stays, for nobody may loosen one."""
    import resource

    def wanted(kind: int, value: int, unit: int = 1) -> int | None:
        held = resource.getrlimit(kind)[1]
        return None if held != resource.RLIM_INFINITY and held <= value else value // unit

    words = ["ulimit -c 0"]
    memory = wanted(resource.RLIMIT_AS, limits.memory, 1024) if sys.platform == "linux" else None
    if limits.memory and memory is not None:
        words.append(f"ulimit -v {memory}")
    if limits.cpu_s and wanted(resource.RLIMIT_CPU, limits.cpu_s + _GRACE_S) is not None:
        words += [f"ulimit -S -t {limits.cpu_s}", f"ulimit -H -t {limits.cpu_s + _GRACE_S}"]
    if largest_file is not None and wanted(resource.RLIMIT_FSIZE, largest_file) is not None:
        words.append(f"ulimit -f {largest_file // _BLOCK}")
    return words


@cache
def _ending_with_us() -> tuple[str, ...]:
    """Return what makes Linux end a program when the one that started it is gone, where it is installed."""
    program = shutil.which("setpriv") if sys.platform == "linux" else None
    if program is None or Path(program).resolve().name != "setpriv":  # BusyBox's knows no such thing
        return ()
    return (program, "--pdeathsig", "KILL", "--")
