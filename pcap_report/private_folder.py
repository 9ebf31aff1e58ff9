"""Folders for what is needed for a while only: nobody else looks in, and they do not outlive us for long.

A process that is killed cannot remove its folder. The next one finds it without its owner (see
:mod:`pcap_report.ownership`), and clears it away.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.errors import UsageError
from pcap_report.interrupts import held_back
from pcap_report.ownership import abandoned, claimed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

PREFIX: Final = "pcap-report."
"""How the name of each begins; it is short, for the path of a socket in it has at most 107 bytes."""
_OURS: Final = re.compile(rf"\.?{re.escape(PREFIX)}[a-z0-9_]{{8}}")
_HINT: Final = "Make room, or let TMPDIR name a folder that may be written to."
_looked_through: set[Path] = set()


class PrivateFolder:
    """A private folder, as a context manager too.

    Attributes:
        path: where it is.
    """

    def __init__(self, parent: Path | None = None) -> None:
        """Make a folder.

        Args:
            parent: where, with a hidden name; None for the system's folder for temporary files.

        Raises:
            UsageError: none can be made.
        """
        try:
            place = Path(tempfile.gettempdir()) if parent is None else parent
            clear_away(place)
            with held_back():
                self.path, mark = _made(place, PREFIX if parent is None else f".{PREFIX}")
                self._removal = weakref.finalize(self, _remove, self.path, mark, os.getpid())
        except OSError as error:
            reason = error.strerror or error
            if parent is not None:
                raise UsageError(f"Nothing may be written to {parent}: {reason}") from error
            where = tempfile.tempdir or os.environ.get("TMPDIR") or "the usual places"
            raise UsageError(f"No temporary folder can be made in {where}: {reason}", _HINT) from error

    def __enter__(self) -> Path:
        return self.path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove it with all that it holds; again does no harm."""
        with held_back():
            self._removal()


def _remove(path: Path, mark: int | None, owner: int) -> None:
    if os.getpid() != owner:  # a copy of our process ends, and we go on
        return
    shutil.rmtree(path, ignore_errors=True)
    if mark is not None:
        os.close(mark)


def _made(parent: Path, prefix: str) -> tuple[Path, int | None]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        try:
            return path, claimed(path)
        except FileNotFoundError:  # it was seen before it had a mark
            continue
        except BaseException:
            path.rmdir()
            raise


@contextlib.contextmanager
def temporary_files_in(folder: Path) -> Iterator[None]:
    """Let Python, and programs that are started, make their temporary files in a folder."""
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before[0]
        if before[1] is None:
            os.environ.pop("TMPDIR", None)
        else:
            os.environ["TMPDIR"] = before[1]


def clear_away(parent: Path) -> None:
    """Remove, once in the life of a process, the folders that killed ones of this user left in a folder."""
    if parent in _looked_through:
        return
    _looked_through.add(parent)
    with contextlib.suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                path = parent / entry.name
                with abandoned(path) as ours:
                    if ours:
                        end_at_home(path)
                        shutil.rmtree(path, ignore_errors=True)


def end_at_home(folder: Path) -> None:
    """End what a killed process of this user has left in a folder, where Linux tells: it is their HOME.

    tshark ends with whoever started it, unless somebody was killed while tshark's sandbox was being built.
    """
    at_home = b"HOME=" + os.fsencode(folder)
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if place.stat().st_uid != os.geteuid():
                continue
            if at_home in (place / "environ").read_bytes().split(b"\0"):
                os.kill(int(place.name), signal.SIGKILL)
