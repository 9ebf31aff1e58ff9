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
    workers = _workers(arguments)
    if workers is None:
        return nullcontext()
    from pcap_report.capture.ahead import begun

    return begun(named, workers)


def _workers(arguments: Sequence[str]) -> int | None:
    """Return how many workers are asked for, 0 for as many as there are processors; None for no number."""
    said = [place for place, word in enumerate(arguments) if word.startswith("--workers")]
    if not said:
        return 0
    _, equals, value = arguments[said[-1]].partition("=")
    value = value if equals else "".join(arguments[said[-1] + 1 : said[-1] + 2])
    return int(value) if value.isdecimal() else None
