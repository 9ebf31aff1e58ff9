"""One batch at a time writes to a folder."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Make sure that no other run writes to the same folder, where the system has locks to tell.

    Raises:
        UsageError: one does.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    number = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"Another batch is writing to {folder}"
            raise UsageError(message, "Wait until it has ended, or choose another DIR.") from None
        except OSError:  # this file system knows no locks
            pass
        yield
    finally:
        os.close(number)
