"""Get a report: out of a capture, of standard input, or of a report that was saved as JSON."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace as with_changes
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from msgspec.structs import replace

from pcap_report.capture.magic import GZIP, capture_format
from pcap_report.cli.messages import say_note
from pcap_report.cli.output import STANDARD_OUTPUT
from pcap_report.cli.progress import reading_progress
from pcap_report.cli.saved import looks_saved
from pcap_report.cli.settings import Settings, is_terminal
from pcap_report.errors import NotACaptureError, PcapReportError, UsageError
from pcap_report.files import led_to
from pcap_report.private_folder import PrivateFolder
from pcap_report.render.visible import from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from pcap_report.engine import Options
    from pcap_report.model.report import Report

_STDIN_NAME: Final = "standard input"
_DEVICES: Final = Path("/dev")
"""``/dev/stdin`` is another file to tshark than to us."""
_HEAD: Final = 64
"""Bytes that tell a capture or a report from anything else."""
_CUT_SHORT: Final = "cut short"
"""What tshark says of a file that ends too early, which is what we say too."""


Examine = Callable[["Report", Path], None]
"""Looks at a report while its capture is at hand."""


def load_report(
    capture: str,
    options: Options,
    settings: Settings,
    dissect: Sequence[int] = (),
    examine: Examine | None = None,
) -> Report:
    """Return the report of a capture, or the saved one, with only the connections that are asked for.

    Args:
        capture: a file, or ``-`` for standard input.
        options: what is asked of the analysis.
        settings: whether to show progress.
        dissect: frames to take apart completely.
        examine: what else needs the capture; a saved report alone is then refused.

    Raises:
        PcapReportError: there is no such report.
    """
    from pcap_report.cli.saved import load_saved

    with _as_file(capture) as path:
        saved = looks_saved(path)
        if saved and examine:
            raise UsageError(
                f"--verify needs the capture itself, and {capture} is a saved report",
                f"Name both: pcap-report verify {capture} CAPTURE",
            )
        report = load_saved(path, options, dissect) if saved else _analyzed(path, options, settings)
        if dissect:
            from pcap_report.engine.dissected import with_dissected

            report = with_dissected(report, path, dissect)
        if examine:
            examine(report, path)
    _require_connections(report, options)
    if saved:
        return report
    name = _STDIN_NAME if capture == STANDARD_OUTPUT else from_bytes(os.fsencode(report.capture.file))
    return replace(report, capture=replace(report.capture, file=name))


def tell_what_was_cut_off(report: Report, capture: str, settings: Settings) -> None:
    """Say on standard error that a capture could not be read to its end."""
    if not report.capture.truncated:
        return
    stopped = report.capture.stopped
    if stopped:
        said = (
            f"{stopped.note}: the report of {capture} covers what it read, up to frame {stopped.after_frame}"
        )
        say_note(settings, said)
        return
    if report.capture.display_filter:
        what = f"{capture} is cut off: the report covers what is there"
    else:
        what = f"{capture} is cut off after packet {report.capture.packets}: the report covers what is there"
    remark = report.capture.reader_note
    say_note(settings, f"{what} ({remark})" if remark and _CUT_SHORT not in remark else what)


def _analyzed(path: Path, options: Options, settings: Settings) -> Report:
    from pcap_report.engine import analyze

    with reading_progress(settings) as progress:
        try:
            return analyze(path, with_changes(options, progress=progress))
        except (NotACaptureError, UsageError) as error:
            from pcap_report.cli.causes import true_cause

            raise true_cause(error, path, options.display_filter) from error


def _require_connections(report: Report, options: Options) -> None:
    """Refuse a number that is no connection's, also beside others that are."""
    missing = sorted(set(options.connections) - {one.id for one in report.connections})
    if missing and options.server is None:
        raise UsageError(
            f"There is no connection {missing[0]} in this capture",
            "See which there are: pcap-report connections CAPTURE",
        )


@contextlib.contextmanager
def _as_file(capture: str) -> Iterator[Path]:
    """Yield the capture as a file; what comes through a pipe is kept in a private one for the time being."""
    if capture != STANDARD_OUTPUT and not Path(capture).is_fifo():
        yield led_to(Path(capture)) if Path(capture).is_relative_to(_DEVICES) else Path(capture)
        return
    with PrivateFolder() as folder:
        path = folder / ("standard-input" if capture == STANDARD_OUTPUT else Path(capture).name)
        try:
            with _piped(capture) as source:
                _keep(source, path)
            yield path
        except PcapReportError as error:  # the person knows nothing of our file
            known_as = _STDIN_NAME if capture == STANDARD_OUTPUT else capture
            error.message = error.message.replace(str(path), known_as)
            raise


def _keep(source: BinaryIO, path: Path) -> None:
    """Keep what comes in a file, once its beginning is that of a capture or a report: it may have no end.

    Raises:
        NotACaptureError: it is neither.
    """
    beginning = source.read(_HEAD)
    path.write_bytes(beginning)
    if not beginning.startswith(GZIP) and not looks_saved(path):
        capture_format(path)
    with path.open("ab") as spool:
        shutil.copyfileobj(source, spool, 1 << 20)


def _piped(capture: str) -> AbstractContextManager[BinaryIO]:
    """Open what can be read only once: standard input, or a pipe such as a shell's ``<(zcat …)``."""
    if capture != STANDARD_OUTPUT:
        return Path(capture).open("rb")
    if sys.stdin is None or is_terminal(sys.stdin):
        raise UsageError("Nothing is piped in", "Pipe a capture: tcpdump -c 100 -w - | pcap-report analyze -")
    return contextlib.nullcontext(sys.stdin.buffer)
