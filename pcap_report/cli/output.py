"""Where output goes: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from pcap_report.errors import UsageError
from pcap_report.files import clear_drafts, draft_beside, led_to, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pcap_report.files import Content

STANDARD_OUTPUT: Final = "-"


class ReaderGoneError(Exception):
    """Whoever read our standard output has closed it, as ``head`` does: no error of anybody."""


def checked_target(out: str, capture: str) -> Path | None:
    """Return the file to write, or None for standard output.

    It is called before the capture is read, so that nobody waits for a report that cannot be kept.

    Raises:
        UsageError: the report cannot be written there.
    """
    if out == STANDARD_OUTPUT:
        return None
    target = Path(out)
    if target.is_dir():
        message = f"{out} is a folder, and the report is one file"
        raise UsageError(message, f"Name the file: -o {target / 'report.md'}")
    folder = target.parent
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder} to write {target.name} to", f"mkdir -p {folder}")
    if capture != STANDARD_OUTPUT and _is_same_file(target, Path(capture)):
        raise UsageError(f"{out} is the capture itself: the report would overwrite it", "Choose another OUT.")
    if not os.access(target if is_special(target) else folder, os.W_OK):
        raise UsageError(f"Nothing may be written to {folder}", "Choose another OUT, or -o - to see it here.")
    if not is_special(target):
        clear_drafts(led_to(target).parent)
    return target


def write_output(text: Content, target: Path | None) -> None:
    """Write to a file, or to standard output for None."""
    if target is None:
        write_standard_output(text)
    else:
        write_file(text, target)


def write_standard_output(text: Content) -> None:
    """Write to standard output, text as UTF-8, and see it through.

    Raises:
        ReaderGoneError: nobody reads any more.
        UsageError: it is closed, or cannot take the text.
    """
    if sys.stdout is None or sys.stdout.closed:
        raise UsageError("Standard output is closed", "Use -o OUT to write to a file.")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(pieces(text))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        discard_standard_output()
        raise ReaderGoneError from None
    except OSError as error:
        discard_standard_output()
        raise UsageError(f"Standard output cannot be written: {error.strerror or error}") from error


def discard_standard_output() -> None:
    """Let what is still buffered go nowhere, so that Python's end does not stumble over it."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def write_file(text: Content, target: Path) -> None:
    """Write a file in one step: others see the old one or the whole new one.

    Raises:
        UsageError: it cannot be written.
    """
    with opened_for_writing(target) as file:
        file.writelines(pieces(text))


@contextlib.contextmanager
def opened_for_writing(target: Path) -> Iterator[IO[bytes]]:
    """Yield what takes the place of the file at the end, if all went well.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        if is_special(target):  # a pipe or a device takes it; it must not be replaced by a file
            with target.open("wb") as file:
                yield file
        else:
            with draft_beside(led_to(target)) as draft, draft.open("wb") as file:
                yield file
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error


def write_together(text: Content, target: Path, charts: Mapping[str, str], folder: Path) -> None:
    """Write a report and the files that it shows: the files first, and nothing of it before all are ready.

    Other files of the folder stay as they are.

    Raises:
        UsageError: something cannot be written.
    """
    made = not folder.exists()
    try:
        folder.mkdir(exist_ok=True)
        with contextlib.ExitStack() as drafts:  # the last one that is opened takes its place first
            drafts.enter_context(draft_beside(led_to(target))).write_bytes(b"".join(pieces(text)))
            for name, chart in charts.items():
                draft = drafts.enter_context(draft_beside(led_to(folder / name)))
                draft.write_bytes(b"".join(pieces(chart)))
    except BaseException as error:
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            where = error.filename2 or error.filename or folder
            raise UsageError(f"{where} cannot be written: {error.strerror or error}") from error
        raise


def is_special(path: Path) -> bool:
    """Tell a pipe or a device from what is a file, or will be."""
    return path.exists() and not path.is_file()


def _is_same_file(one: Path, other: Path) -> bool:
    with contextlib.suppress(OSError):
        return one.samefile(other)
    return False
