"""``pcap-report explain``: what a rule means, what a finding saw, what a report says of a frame."""

from __future__ import annotations

import difflib
import shlex
from typing import TYPE_CHECKING, Final, TypeAlias

from rich.cells import cell_len

from pcap_report.cli.output import write_standard_output
from pcap_report.cli.source import load_report
from pcap_report.errors import UsageError
from pcap_report.model.message import msg, msg_n
from pcap_report.render.next_looks import NEXT_LOOKS
from pcap_report.render.outcomes import SEVERITIES
from pcap_report.render.phrases import plain_phrases
from pcap_report.render.safe import terminal_text
from pcap_report.rules.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.cli.settings import Settings
    from pcap_report.engine.options import Options
    from pcap_report.model.evidence import Finding
    from pcap_report.model.message import Message
    from pcap_report.model.report import Report
    from pcap_report.render.phrases import Phrases

_LONGEST: Final = 600
_SHOWN: Final = 50
_INDENT: Final = "  "
_WHY: Final = msg("why it matters")
_NEXT: Final = msg("look next")
_THRESHOLD: Final = msg("threshold")
_WHEN: Final = msg("when")
_HERE: Final = msg("in this capture")
_FRAMES: Final = msg("frames")
_IN_WIRESHARK: Final = msg("in Wireshark")
_COMMAND: Final = msg("here")
_ALL: Final = msg("all of it")
_Line: TypeAlias = "tuple[int, Message | None, str]"
"""How deep it stands, its label, and what it says."""


def explain(what: str, capture: str | None, options: Options, settings: Settings) -> None:
    """Print what there is to say about a frame or a rule.

    Args:
        what: a frame's number, or the id of a rule or of a finding, which are the same.
        capture: where the frame is, or where the rule is to look.
        options: with the user's rules, and the language.
        settings: whether to show progress.

    Raises:
        UsageError: there is no such rule or frame, or no such language.
    """
    if what.isdecimal() and capture is None:
        raise UsageError(f"Frame {what} of which capture?", f"Name it: pcap-report explain {what} CAPTURE")
    phrases = plain_phrases(options.language)
    report = None if capture is None else load_report(capture, options, settings)
    if what.isdecimal():
        assert report is not None  # a frame comes with its capture
        said = list(_frame(int(what), report, capture or "", phrases))
    else:
        said = list(_rule(what, report, capture or "", phrases))
    write_standard_output("".join(f"{terminal_text(line, _LONGEST)}\n" for line in _aligned(said, phrases)))


def _aligned(said: Sequence[_Line], phrases: Phrases) -> Iterator[str]:
    """Write labels and texts in two columns; a text without a label is a heading."""
    labelled = [(indent * _INDENT + _label(label, phrases), text) for indent, label, text in said]
    width = max((cell_len(label) for label, _ in labelled), default=0) + len(_INDENT)
    for (label, text), (_, named, _) in zip(labelled, said, strict=True):
        yield label + (" " * (width - cell_len(label)) if named else "") + text


def _label(label: Message | None, phrases: Phrases) -> str:
    return phrases.say(label) + phrases.marks.colon.rstrip() if label else ""


def _rule(name: str, report: Report | None, capture: str, phrases: Phrases) -> Iterator[_Line]:
    rule = next((one for one in RULES if one.id == name), None)
    judging = report.judging if report else None
    own = next((one for one in (judging.rules if judging else ()) if one.id == name), None)
    unsaid = phrases.say(msg("you did not say"))
    if rule:
        yield 0, None, f"{rule.id} ({phrases.say(SEVERITIES[rule.severity])})"
        yield 1, _WHY, phrases.say(rule.why)
        yield 1, _NEXT, phrases.say(NEXT_LOOKS[rule.id])
        for limit in rule.thresholds:
            yield (
                1,
                _THRESHOLD,
                f"{limit.name} = {limit.value:g}{phrases.marks.colon}{phrases.say(limit.meaning)}",
            )
    elif own:
        yours = phrases.say(msg("a rule of yours"))
        severity = phrases.say(SEVERITIES[own.severity])
        yield 0, None, f"{own.id} ({severity}), {yours}{phrases.marks.colon}{own.summary}"
        yield 1, _WHEN, own.when
        yield 1, _WHY, own.why or unsaid
        yield 1, _NEXT, own.next or unsaid
    else:
        near = difflib.get_close_matches(name, [one.id for one in RULES], 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(f"There is no rule {name}", f"{meant}See which there are: pcap-report rules")
    if report is not None:
        yield from _seen([one for one in report.findings if one.id == name], capture, phrases)


def _seen(found: Sequence[Finding], capture: str, phrases: Phrases) -> Iterator[_Line]:
    if not found:
        yield 1, _HERE, phrases.say(msg("nothing"))
    for one in found[:_SHOWN]:
        yield 1, _HERE, one.summary
        if one.frames:
            yield 2, _FRAMES, phrases.frames(one.frames, 20)
        yield 2, _IN_WIRESHARK, one.display_filter
        yield 2, _COMMAND, _command(capture, one.display_filter)
    if len(found) > _SHOWN:
        left = len(found) - _SHOWN
        yield 1, None, phrases.say(msg_n("and %(count)s more", "and %(count)s more", left))


def _frame(number: int, report: Report, capture: str, phrases: Phrases) -> Iterator[_Line]:
    if not 1 <= number <= report.capture.packets and not report.capture.display_filter:
        raise UsageError(
            f"There is no frame {number} in {capture}", f"Its frames are 1 to {report.capture.packets}."
        )
    yield (
        0,
        None,
        phrases.say(msg("frame %(number)s of %(file)s", number=number, file=report.capture.file)),
    )
    texts = {rule.id: rule.why for rule in RULES}
    said = 0
    for one in report.findings:
        if number in one.frames:
            said += 1
            severity = phrases.say(SEVERITIES[one.severity])
            yield 1, None, f"{severity} {one.id}{phrases.marks.colon}{one.summary}"
            if one.id in texts:
                yield 2, _WHY, phrases.say(texts[one.id])
                yield 2, _NEXT, phrases.say(NEXT_LOOKS[one.id])
    claims = [("", claim) for claim in report.claims]
    claims += [(f"[{one.id}] ", claim) for one in report.connections for claim in one.claims]
    for where, claim in claims:
        if number in claim.frames:
            said += 1
            yield 1, None, f"{where}{claim.text}"
            yield 2, _IN_WIRESHARK, claim.display_filter
    if not said:
        within = [one for one in report.connections if one.first_frame <= number <= one.last_frame]
        yield 1, None, phrases.say(msg("The report says nothing of this frame."))
        for each in within[:_SHOWN]:
            lies = msg(
                "it lies within connection %(number)s: %(filter)s", number=each.id, filter=each.display_filter
            )
            yield 2, None, phrases.say(lies)
    yield 1, _ALL, f"pcap-report analyze {shlex.quote(capture)} --dissect {number} -f text"


def _command(capture: str, display_filter: str) -> str:
    return f"tshark -n -r {shlex.quote(capture)} -Y {shlex.quote(display_filter)}"
