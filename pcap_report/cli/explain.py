"""``pcap-report explain``: what a rule means, what a finding saw, what a report says of a frame."""

from __future__ import annotations

import difflib
import shlex
from typing import TYPE_CHECKING

from pcap_report.cli.output import write_standard_output
from pcap_report.cli.source import load_report
from pcap_report.errors import UsageError
from pcap_report.render.next_looks import NEXT_LOOKS
from pcap_report.render.phrases import plain_phrases
from pcap_report.render.safe import terminal_text
from pcap_report.rules.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.cli.settings import Settings
    from pcap_report.engine.options import Options
    from pcap_report.model.evidence import Finding
    from pcap_report.model.report import Report

_LONGEST = 600
_SHOWN = 50


def explain(what: str, capture: str | None, options: Options, settings: Settings) -> None:
    """Print what there is to say about a frame or a rule.

    Args:
        what: a frame's number, or the id of a rule or of a finding, which are the same.
        capture: where the frame is, or where the rule is to look.
        options: with the user's rules.
        settings: whether to show progress.

    Raises:
        UsageError: there is no such rule or frame.
    """
    if what.isdecimal() and capture is None:
        raise UsageError(f"Frame {what} of which capture?", f"Name it: pcap-report explain {what} CAPTURE")
    report = None if capture is None else load_report(capture, options, settings)
    if what.isdecimal():
        assert report is not None  # a frame comes with its capture
        lines = list(_frame(int(what), report, capture or ""))
    else:
        lines = list(_rule(what, report, capture or ""))
    write_standard_output("".join(f"{terminal_text(line, _LONGEST)}\n" for line in lines))


def next_look(rule: str) -> str:
    """Return what to look at next, in English; "" for a rule that does not say."""
    return plain_phrases("en").say(NEXT_LOOKS[rule]) if rule in NEXT_LOOKS else ""


def _rule(name: str, report: Report | None, capture: str) -> Iterator[str]:
    rule = next((one for one in RULES if one.id == name), None)
    judging = report.judging if report else None
    own = next((one for one in (judging.rules if judging else ()) if one.id == name), None)
    if rule:
        yield f"{rule.id} ({rule.severity})"
        yield f"  why it matters:  {rule.why}"
        yield f"  look next:       {next_look(rule.id)}"
        for limit in rule.thresholds:
            yield f"  threshold:       {limit.name} = {limit.value:g}: {limit.meaning}"
    elif own:
        yield f"{own.id} ({own.severity}), a rule of yours: {own.summary}"
        yield f"  when:            {own.when}"
        yield f"  why it matters:  {own.why or 'you did not say'}"
        yield f"  look next:       {own.next or 'you did not say'}"
    else:
        near = difflib.get_close_matches(name, [one.id for one in RULES], 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(f"There is no rule {name}", f"{meant}See which there are: pcap-report rules")
    if report is not None:
        yield from _seen([one for one in report.findings if one.id == name], capture)


def _seen(found: Sequence[Finding], capture: str) -> Iterator[str]:
    if not found:
        yield "  in this capture: nothing"
    for one in found[:_SHOWN]:
        yield f"  in this capture: {one.summary}"
        if one.frames:
            yield f"    frames:        {_frames(one.frames)}"
        yield f"    in Wireshark:  {one.display_filter}"
        yield f"    here:          {_command(capture, one.display_filter)}"
    if len(found) > _SHOWN:
        yield f"  and {len(found) - _SHOWN} more"


def _frame(number: int, report: Report, capture: str) -> Iterator[str]:
    if not 1 <= number <= report.capture.packets and not report.capture.display_filter:
        raise UsageError(
            f"There is no frame {number} in {capture}", f"Its frames are 1 to {report.capture.packets}."
        )
    yield f"frame {number} of {report.capture.file}"
    said = 0
    for one in report.findings:
        if number in one.frames:
            said += 1
            yield f"  {one.severity} {one.id}: {one.summary}"
            yield f"    look next:     {next_look(one.id)}"
    claims = [("", claim) for claim in report.claims]
    claims += [(f"[{one.id}] ", claim) for one in report.connections for claim in one.claims]
    for where, claim in claims:
        if number in claim.frames:
            said += 1
            yield f"  {where}{claim.text}"
            yield f"    in Wireshark:  {claim.display_filter}"
    if not said:
        within = [one for one in report.connections if one.first_frame <= number <= one.last_frame]
        yield "  The report says nothing of this frame."
        for connection_of in within[:_SHOWN]:
            yield f"    it lies within connection {connection_of.id}: {connection_of.display_filter}"
    yield f"  all of it:       pcap-report analyze {shlex.quote(capture)} --dissect {number} -f text"


def _frames(frames: Sequence[int]) -> str:
    from pcap_report.render.ranges import first_ranges

    shown, left_out = first_ranges(frames, 20)
    return f"{shown} and {left_out} more" if left_out else shown


def _command(capture: str, display_filter: str) -> str:
    return f"tshark -n -r {shlex.quote(capture)} -Y {shlex.quote(display_filter)}"
