"""What holds for a whole run, whichever the command: how much to say, and in colour or not."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO


class Color(StrEnum):
    """When to colour the output."""

    auto = "auto"
    always = "always"
    never = "never"


class SandboxMode(StrEnum):
    """Whether tshark runs in a sandbox."""

    auto = "auto"
    on = "on"
    off = "off"


SANDBOX_VARIABLE = "PCAP_REPORT_SANDBOX"
"""Environment variable; pcap_report.capture.sandbox reads it, and costs time to import."""


@dataclass
class Settings:
    """The options that every command has.

    Attributes:
        quiet: no progress and no notes on standard error.
        verbose: more notes: what was read beside the capture.
        debug: a traceback with every error.
        color: when to colour.
    """

    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    color: Color = Color.auto

    def colored(self, stream: TextIO | None) -> bool:
        """Tell whether what goes to this stream is to be coloured (https://no-color.org)."""
        if self.color is not Color.auto:
            return self.color is Color.always
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        return is_terminal(stream) and not plain


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether somebody reads this stream on a terminal; a closed stream is none."""
    return stream is not None and not stream.closed and stream.isatty()


def width_of(stream: TextIO | None, default: int = 100) -> int:
    """Return the columns of a terminal, or COLUMNS, or the default where the output goes elsewhere."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    if stream is None or not is_terminal(stream):
        return default
    try:
        return os.get_terminal_size(stream.fileno()).columns or default
    except (OSError, ValueError):
        return default


def standard_error_is_watched() -> bool:
    """Tell whether a person sees standard error."""
    return is_terminal(sys.stderr)
