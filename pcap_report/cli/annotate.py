"""``pcap-report annotate``: a copy of the capture that shows the report at its place in Wireshark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pcap_report.capture.comments import write_commented
from pcap_report.capture.tshark import find_tshark
from pcap_report.cli.messages import say_note
from pcap_report.cli.output import STANDARD_OUTPUT, checked_target, opened_for_writing
from pcap_report.cli.progress import busy
from pcap_report.cli.saved import looks_saved
from pcap_report.cli.source import load_report, tell_what_was_cut_off
from pcap_report.errors import UsageError
from pcap_report.render.visible import visible

if TYPE_CHECKING:
    from pcap_report.cli.settings import Settings
    from pcap_report.engine.options import Options
    from pcap_report.model.report import Report

_FRAMES_OF_ONE = 12
"""Of a statement about more frames, only the first one is commented."""
_STATEMENTS = 30
_LONGEST = 500


def annotate(capture: str, out: str, options: Options, settings: Settings, *, strip: bool) -> None:
    """Write a copy with comments, or without those that we wrote.

    Raises:
        UsageError: the copy cannot be written there, or the capture is none.
    """
    source = Path(capture)
    target = checked_target(out, capture)
    if target is None or capture == STANDARD_OUTPUT:
        raise UsageError("Name two files", "pcap-report annotate capture.pcap -o commented.pcapng")
    if source.is_file() and looks_saved(source):
        raise UsageError(f"{capture} is a saved report, and has no packets", "Give the capture in its place.")
    comments: dict[int, list[str]] = {}
    if strip:
        if not source.is_file():
            raise UsageError(f"There is no file {capture}")
    else:
        report = load_report(capture, options, settings)
        tell_what_was_cut_off(report, capture, settings)
        comments = comments_of(report)
    with busy(settings, "Writing the copy"), opened_for_writing(target) as file:
        written = write_commented(find_tshark(), source, file, comments)
    if not strip:
        say_note(settings, f"{written} packets of {target} have comments")


def comments_of(report: Report) -> dict[int, list[str]]:
    """Return the findings and claims of a report by frame, findings first.

    The last packet of a capture that is cut off has that for its first: the copy ends like a whole one.
    """
    found: dict[int, list[str]] = {}
    capture = report.capture
    if capture.truncated and capture.display_filter is None:
        last = capture.stopped.after_frame if capture.stopped else capture.packets
        _add(found, (last,), report.not_visible[0].why)
    for finding in report.findings:
        _add(found, finding.frames, f"{finding.severity} {finding.id}: {finding.summary}")
    for claim in report.claims:
        _add(found, claim.frames, claim.text)
    for connection in report.connections:
        for claim in connection.claims:
            _add(found, claim.frames, claim.text)
    return {frame: texts[:_STATEMENTS] for frame, texts in found.items()}


def _add(found: dict[int, list[str]], frames: tuple[int, ...], text: str) -> None:
    shown = visible(text)[:_LONGEST]
    for frame in frames if len(frames) <= _FRAMES_OF_ONE else frames[:1]:
        found.setdefault(frame, []).append(shown)
