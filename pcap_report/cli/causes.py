"""Why no packet came out of a capture: it is empty, the filter is wrong, or tshark does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.errors import NotACaptureError, PcapReportError, TsharkError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

_ABOUT_THE_FILE: Final = 'tshark: The file "'
"""So tshark begins when it works, and cannot read this file."""


def true_cause(error: PcapReportError, path: Path, display_filter: str | None) -> PcapReportError:
    """Return the error to show for a capture out of which nothing came.

    tshark's exit status and messages do not tell these cases apart, so they are looked into, now that
    there is nothing to lose by another moment.
    """
    from pcap_report.capture.magic import capture_format

    try:
        capture_format(path)
    except PcapReportError:
        return error  # what was said of the file itself is the cause
    refusal = _refusal(path, display_filter) if display_filter else None
    if refusal:
        message = f"tshark does not understand the display filter: {display_filter}"
        return UsageError(message, f"It says: {refusal}")
    about_the_file = _ABOUT_THE_FILE in error.message
    if isinstance(error, NotACaptureError) and not about_the_file and _has_frames(path):
        return TsharkError(
            f"tshark read none of the packets of {path}, and there are some: it does not work",
            "See what is wrong with it: pcap-report doctor",
        )
    return error


def _refusal(path: Path, display_filter: str) -> str | None:
    """Return what tshark says of the filter when it works without it and not with it."""
    from pcap_report.capture.process import TsharkRun, readable_argument
    from pcap_report.capture.tshark import find_tshark

    program = find_tshark().path
    first_frame = ["-n", "-r", readable_argument(path), "-c", "1", "-T", "fields", "-e", "frame.number"]
    with TsharkRun(program, first_frame) as without:
        works = bool(list(without))
    with TsharkRun(program, [*first_frame, "-Y", display_filter]) as run:
        printed = bool(list(run))
    return run.remark if works and not printed and run.exit_status else None


def _has_frames(path: Path) -> bool:
    from pcap_report.capture.file_facts import file_facts
    from pcap_report.capture.magic import capture_format

    return file_facts(path, capture_format(path)).frames > 0
