"""``pcap-report analyze``: from a capture, or a saved report, to a report."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pcap_report.cli.charts import charts_folder, link_to
from pcap_report.cli.formats import Presentation, chosen_format, require_presentable
from pcap_report.cli.messages import say_note
from pcap_report.cli.output import checked_target, write_output, write_together
from pcap_report.cli.progress import busy
from pcap_report.cli.settings import Settings, standard_error_is_watched, width_of
from pcap_report.cli.source import load_report, tell_what_was_cut_off
from pcap_report.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.cli.formats import Format, Written
    from pcap_report.engine import Options
    from pcap_report.model.evidence import Severity
    from pcap_report.model.report import Report


@dataclass(frozen=True)
class Request:
    """What the command line asks for.

    Attributes:
        capture: a file, or ``-`` for standard input.
        out: where to write; None for standard output in the form that suits it.
        format_name: the format, or None for the one that fits.
        dissect: frames to take apart completely.
        options: what is asked of the analysis.
        presentation: how the report is to look.
        anonymize: with pseudonyms.
        anonymize_key: the file that they come from; None for a key that nobody keeps.
        verify: ask tshark again whether every statement is true.
        charts: the folder for the files of the charts, or ``auto``; None for no such files.
        baseline: a capture or saved report whose findings are known, so that only the others are told.
        fail_on: findings of this severity, and graver ones, end it with 1.
    """

    capture: str
    out: str | None
    format_name: str | None
    dissect: tuple[int, ...]
    options: Options
    presentation: Presentation
    anonymize: bool = False
    anonymize_key: Path | None = None
    verify: bool = False
    charts: str | None = None
    baseline: str | None = None
    fail_on: Severity | None = None


def analyze_capture(request: Request, settings: Settings) -> ExitCode:
    """Do what was asked, after a look at whether it can be done: a wrong option must not cost a long wait."""
    target = None if request.out is None else checked_target(request.out, request.capture)
    form = chosen_format(request.format_name, request.out)
    require_presentable(request.presentation)
    if form.require:
        form.require()
    folder = None if request.charts is None else charts_folder(request.charts, target, form)
    how = _fitted(request, settings, target)
    if folder is not None and target is not None:
        how = replace(how, charts=link_to(folder, target))
    proof = _Proof(settings, request.options.keylog) if request.verify else None
    report = load_report(request.capture, _with_known(request, settings), settings, request.dissect, proof)
    _tell_what_is_missing(report, request.capture, settings)
    with busy(settings, "Writing the report") if target is not None else nullcontext():
        written = _written(report, form, request, how)
        if folder is not None and target is not None:
            write_together(written.content, target, written.charts, folder)
        else:
            write_output(written.content, target)
    if target is not None and standard_error_is_watched():
        say_note(settings, f"the report lies in {target}")
    return _worst(proof.code if proof else ExitCode.OK, _gated(report, request, settings))


def _with_known(request: Request, settings: Settings) -> Options:
    if request.baseline is None:
        return request.options
    from pcap_report.cli.baseline import with_known

    return replace(request.options, judging=with_known(request.options.judging, request.baseline, settings))


def _gated(report: Report, request: Request, settings: Settings) -> ExitCode:
    """Return what findings mean for a build; with a baseline every one that is new fails it."""
    least = request.fail_on or ("info" if request.baseline is not None else None)
    if least is None:
        return ExitCode.OK
    from pcap_report.cli.baseline import gate

    return gate(report, least, settings)


def _worst(*codes: ExitCode) -> ExitCode:
    order = (ExitCode.CHECK_FAILED, ExitCode.COULD_NOT_TELL)
    return next((one for one in order if one in codes), ExitCode.OK)


class _Proof:
    """Proves a report while its capture is at hand, and keeps what the command is to end with."""

    def __init__(self, settings: Settings, keys: Path | None) -> None:
        self._settings = settings
        self._keys = keys
        self.code = ExitCode.OK

    def __call__(self, report: Report, path: Path) -> None:
        from pcap_report.cli.verify import tell_proof

        self.code = tell_proof(report, path, self._settings, self._keys)


def _written(report: Report, form: Format, request: Request, how: Presentation) -> Written:
    if not request.anonymize:
        return form.written(report, how)
    from pcap_report.cli.anonymized import anonymized_output

    return anonymized_output(report, form, how, request.anonymize_key)


def _fitted(request: Request, settings: Settings, target: Path | None) -> Presentation:
    """Fit the terminal view to where it will be seen; a file has no terminal's width and colours."""
    seen_on = sys.stdout if target is None else None
    return replace(
        request.presentation,
        width=width_of(seen_on),
        color=settings.colored(seen_on),
        chosen=bool(request.options.connections),
    )


def _tell_what_is_missing(report: Report, capture: str, settings: Settings) -> None:
    tell_what_was_cut_off(report, capture, settings)
    for attempt in report.attempts:
        if attempt.status == "failed":
            say_note(settings, f"the analyzer {attempt.analyzer} failed: {attempt.message}")
    for unknown in report.judging.not_evaluated if report.judging else ():
        where = f"in {unknown.times} places" if unknown.times > 1 else "in one place"
        say_note(settings, f"the rule {unknown.rule} had no answer {where}: {unknown.message}")
