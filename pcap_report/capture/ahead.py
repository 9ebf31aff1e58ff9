"""Start tshark over a capture before we are ready to read what it says.

tshark takes a fifth of a second to start, and Python takes as long to import all that reads it: side by side
they take half of that. What tshark is to be asked is known so early only because the last run wrote it down.
Where the question turns out to be another one, the process is ended, and tshark is asked again.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from pcap_report.capture.kept import keep, recall
from pcap_report.capture.magic import capture_format
from pcap_report.capture.one_pass import estimated_packets, fits_one_pass, processors
from pcap_report.capture.process import TsharkRun, readable_argument
from pcap_report.capture.tshark import tshark_program
from pcap_report.capture.walkers import WALKERS
from pcap_report.errors import PcapReportError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_KEPT_AS: Final = "-asked"
_SMALL: Final = 4 * 1024 * 1024
"""Bytes of a capture that is always read in one pass."""


class _Begun:
    """A run that nobody reads yet, or only the wish for one."""

    def __init__(self, program: str, capture: str) -> None:
        self.program = program
        self.capture = capture
        self.arguments: list[str] = []
        self.run: TsharkRun | None = None

    def start(self) -> None:
        """Ask what was asked of the last capture."""
        kept = recall(self.program, _KEPT_AS)
        if kept is None or not all(word is None or isinstance(word, str) for word in kept["arguments"]):
            return
        self.arguments = [self.capture if word is None else word for word in kept["arguments"]]
        self.run = TsharkRun(self.program, self.arguments)
        try:
            self.run.__enter__()
        except BaseException:  # it does not run: nobody may go on with it
            self.run = None
            raise

    def give_up(self) -> None:
        """End the run, if there is one."""
        run, self.run = self.run, None
        if run is not None:
            run.__exit__(None, None, None)


_begun: _Begun | None = None


@contextlib.contextmanager
def begun(capture: Path, workers: int = 0) -> Iterator[None]:
    """Start tshark over a capture that is read in one pass.

    At the end no process is left, whether anybody read it or not.

    Args:
        capture: the file.
        workers: processes that may read it; 0 for as many as there are processors.
    """
    global _begun  # noqa: PLW0603 - there is one command line, and it begins with one capture
    with contextlib.suppress(PcapReportError, OSError, KeyError, TypeError):
        if _is_read_at_once(capture, workers):
            _begun = _Begun(tshark_program(), readable_argument(capture))
            _begun.start()
    try:
        yield
    finally:
        if _begun is not None:
            _begun.give_up()
        _begun = None


def _is_read_at_once(capture: Path, workers: int) -> bool:
    form = capture_format(capture)  # or it is none
    if capture.stat().st_size <= _SMALL:
        return True
    return form.name in WALKERS and fits_one_pass(estimated_packets(capture, form), workers or processors())


@contextlib.contextmanager
def tshark_over(program: str, arguments: Sequence[str]) -> Iterator[TsharkRun]:
    """Run tshark, or go on with the run that was begun with this question."""
    early = _claimed(program, list(arguments))
    with contextlib.ExitStack() as stack:
        if early is None:
            yield stack.enter_context(TsharkRun(program, arguments))
        else:
            stack.push(early)
            yield early


def _claimed(program: str, arguments: list[str]) -> TsharkRun | None:
    """Return the run that was begun, if it is this one; a first other question is the one for next time."""
    global _begun
    if _begun is None or _begun.program != program or _begun.capture not in arguments:
        return None
    early, _begun = _begun, None
    if early.run is not None and early.arguments == arguments:
        return early.run
    early.give_up()
    keep(program, _KEPT_AS, {"arguments": [None if word == early.capture else word for word in arguments]})
    return None
