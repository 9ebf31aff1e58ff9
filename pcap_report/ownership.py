"""Mark files and folders as those of a process that lives; the mark goes with the process, however it ends.

The mark is a lock of the kernel's (flock(2)) on the file or folder itself: no number that another process may
have got since, and true in every container that sees the same folder. Windows, and file systems without such
locks, know no mark: nothing is then ever taken for abandoned.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def claimed(path: Path) -> int | None:
    """Mark what we have just made; closing the descriptor takes the mark off. None where there are no marks.

    Raises:
        FileNotFoundError: somebody found it before it was marked, and cleared it away.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:  # not on this file system
        os.close(descriptor)
        return None
    there, ours = _number(path), os.fstat(descriptor)
    if there != (ours.st_dev, ours.st_ino):
        os.close(descriptor)
        raise FileNotFoundError(str(path))
    return descriptor


def _number(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from all others; None for none."""
    with contextlib.suppress(FileNotFoundError):
        status = path.lstat()
        return status.st_dev, status.st_ino
    return None


@contextlib.contextmanager
def abandoned(path: Path) -> Iterator[bool]:
    """Tell whether a file or a private folder is this user's own, and its process is gone.

    While the context lasts nobody else is told so.
    """
    descriptor = _taken_over(path)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _taken_over(path: Path) -> int | None:
    if sys.platform == "win32":
        return None
    import fcntl

    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            status = os.fstat(descriptor)
            shared = stat.S_ISDIR(status.st_mode) and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
            if status.st_uid == os.geteuid() and not shared:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    return None
