"""What is said on standard error: notes, and errors as one line and a hint."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pcap_report.cli.settings import Settings


def say_note(settings: Settings, text: str) -> None:
    """Tell something that the reader of the output should know; ``--quiet`` leaves it out."""
    if not settings.quiet:
        _line(f"pcap-report: note: {_clean(text)}")


def say_error(message: str, hint: str | None = None) -> None:
    """Tell what went wrong in one line, and on the next what to do about it."""
    _line(f"pcap-report: {_clean(message)}")
    if hint:
        _line(f"  {_clean(hint)}")


def _line(text: str) -> None:
    """Print to standard error, whatever its encoding; where it is closed there is nobody to tell."""
    if sys.stderr is None:
        return
    encoding = sys.stderr.encoding or "ascii"
    with contextlib.suppress(OSError, ValueError):
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=sys.stderr, flush=True)  # noqa: T201 - the one place


def _clean(text: str) -> str:
    """Make visible what could act on a terminal; a backslash stays one, for paths and filters have them."""
    from pcap_report.render.visible import visible

    return visible(text).replace("\\\\", "\\")
