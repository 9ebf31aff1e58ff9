"""Let tshark begin with a capture while the command line is still being looked at."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

_COMMANDS: Final = ("analyze", "connections")
_OTHER_QUESTIONS: Final = ("-Y", "--display-filter", "--analyzers", "--plugin", "--sandbox", "--help", "-h")
"""Options with which tshark is asked something else than usually, or nothing."""


def tshark_begun(arguments: Sequence[str]) -> AbstractContextManager[None]:
    """Start tshark, when the command line is sure to need it; nothing depends on it."""
    if not arguments or arguments[0] not in _COMMANDS:
        return nullcontext()
    if any(word.startswith(_OTHER_QUESTIONS) for word in arguments):
        return nullcontext()
    words = (word for word in arguments[1:] if not word.startswith("-"))
    named = next((path for path in map(Path, words) if path.is_file()), None)
    if named is None:
        return nullcontext()
    from pcap_report.capture.ahead import begun

    return begun(named)
