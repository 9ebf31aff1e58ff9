"""What can go wrong, each with its exit code and what to type next.

The exit codes are part of the contract (docs/exit-codes.md); every message is one line.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class ExitCode(IntEnum):
    """The process exit codes of every command."""

    OK = 0
    """Fine."""
    CHECK_FAILED = 1
    """A check failed, a difference was found, or a claim was not proved."""
    USAGE = 2
    """Wrong arguments; a missing file and a directory too."""
    NOT_A_CAPTURE = 3
    """The file is no capture, or there is no packet in it."""
    TSHARK_UNUSABLE = 4
    """tshark is missing or too old."""
    COULD_NOT_TELL = 5
    """The answer needed something that the capture or a failed analyzer could not give."""
    BUG = 70
    """A mistake of ours."""
    NO_CAPTURE_RIGHT = 77
    """Not allowed to capture on this machine."""
    INTERRUPTED = 130
    """Ctrl-C."""


class PcapReportError(Exception):
    """An error to show to the person: one line, and a hint of what to type next.

    Attributes:
        message: what happened, in one line.
        hint: what to do about it, or None.
        exit_code: what the process ends with.
    """

    exit_code: ExitCode = ExitCode.BUG

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(PcapReportError):
    """The command line, or a file that it names, makes no sense."""

    exit_code = ExitCode.USAGE


class NotACaptureError(PcapReportError):
    """The file is not a packet capture, or holds no packet."""

    exit_code = ExitCode.NOT_A_CAPTURE


class TsharkError(PcapReportError):
    """tshark is missing, too old, or did not work."""

    exit_code = ExitCode.TSHARK_UNUSABLE


class NoCaptureRightError(PcapReportError):
    """This user may not capture on this machine."""

    exit_code = ExitCode.NO_CAPTURE_RIGHT


class CouldNotTellError(PcapReportError):
    """The question has no answer in this capture: cut off, or an analyzer failed."""

    exit_code = ExitCode.COULD_NOT_TELL


_NO_MEMORY: Final = ("failed to map segment", "annot allocate memory")
"""What the loader says of a library that has no room."""
_NO_ROOM: Final = ("ENOSPC", "EDQUOT", "EFBIG")
_NO_FILES: Final = ("EMFILE", "ENFILE")
_NO_WAY: Final = ("EACCES", "EPERM", "EROFS", "ELOOP", "ENAMETOOLONG")
_SHOWN: Final = 200


def not_ours(error: BaseException) -> UsageError | None:
    """Return what to tell of an error that the machine or a place on it is the cause of; None for others."""
    no_library = isinstance(error, ImportError) and any(said in str(error) for said in _NO_MEMORY)
    if no_library or isinstance(error, MemoryError):
        return UsageError("There is not enough memory for this", "Let it have more: see ulimit -v.")
    return _of_system(error) if isinstance(error, OSError) else None


def _of_system(error: OSError) -> UsageError | None:
    import errno
    import tempfile

    kind = errno.errorcode.get(error.errno or 0)
    said = error.strerror or error
    if kind in _NO_ROOM:
        where = error.filename or tempfile.gettempdir()
        hint = "Make room, or let TMPDIR name a folder that has some, and -o another place."
        return UsageError(f"There is no room left on the disk: {said} ({where})", hint)
    if kind in _NO_FILES:
        return UsageError(
            f"The system opens no more files for this: {said}", "Let it have more: see ulimit -n."
        )
    if kind in _NO_WAY and error.filename:
        return UsageError(f"{str(error.filename)[:_SHOWN]} cannot be used: {said}")
    return None
