"""``--baseline``: what an earlier capture or report has among its findings is known, and what else is new."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.cli.messages import say_note
from pcap_report.cli.source import load_report, tell_what_was_cut_off
from pcap_report.engine.options import Options
from pcap_report.errors import ExitCode, NotACaptureError, UsageError
from pcap_report.model.evidence import SEVERITIES
from pcap_report.model.judging import Judging, KnownFindings
from pcap_report.model.known import known_findings
from pcap_report.render.visible import from_bytes

if TYPE_CHECKING:
    from pcap_report.cli.settings import Settings
    from pcap_report.model.evidence import Severity
    from pcap_report.model.known import FindingKey
    from pcap_report.model.report import Report

_STANDARD_INPUT: Final = "-"


class Baselines:
    """What is known of the captures of a run: the same of all, or of each its own out of a folder."""

    def __init__(self, baseline: str | None, settings: Settings) -> None:
        self._baseline = baseline
        self._settings = settings

    def of(self, capture: str, judging: Judging | None) -> Report | None:
        """Return what is known of a capture; None for nothing.

        Raises:
            PcapReportError: the baseline cannot be read.
        """
        if self._baseline is None:
            return None
        if not Path(self._baseline).is_dir():
            return load_baseline(self._baseline, judging, self._settings)
        path = Path(self._baseline, _below(capture))
        if not path.is_file():
            say_note(self._settings, f"{self._baseline} has no {path.name}: all of {capture} is new")
            return None
        try:
            return load_baseline(str(path), judging, self._settings)
        except NotACaptureError as error:
            say_note(self._settings, f"{error.message}: all of {capture} is new")
            return None


def _below(capture: str) -> Path:
    """Return where a folder of baselines has a capture: at its own path; one from elsewhere, by its name."""
    path = Path(capture)
    return Path(path.name) if path.is_absolute() or ".." in path.parts else path


def load_baseline(baseline: str, judging: Judging | None, settings: Settings) -> Report:
    """Read what is known; the same rules look at it as at what it is compared with.

    Raises:
        PcapReportError: there is no such capture or report.
    """
    if baseline == _STANDARD_INPUT:
        raise UsageError("The baseline cannot come through a pipe", "Give --baseline a file.")
    if Path(baseline).is_dir():
        raise UsageError(f"{baseline} is a folder, and a file is needed")
    if not Path(baseline).exists():
        raise UsageError(
            f"There is no file {baseline}", "Make the baseline: pcap-report analyze CAPTURE -o known.json"
        )
    report = load_report(baseline, Options(judging=judging), settings)
    tell_what_was_cut_off(report, baseline, settings)
    return report


def with_known(judging: Judging | None, baseline: str, settings: Settings) -> Judging:
    """Return the changes of rules with the findings of a baseline as known ones."""
    counted = known_findings(load_baseline(baseline, judging, settings))
    known = tuple(_record(key, before) for key, before in counted.items())
    return replace(judging or Judging(), baseline=from_bytes(os.fsencode(Path(baseline).name)), known=known)


def _record(key: FindingKey, before: int) -> KnownFindings:
    protocol, server, port = key.server or (None, None, None)
    return KnownFindings(key.rule, protocol, server, port, before)


def gate(report: Report, least: Severity, settings: Settings) -> ExitCode:
    """Say what the findings of a report mean for a build.

    Args:
        report: with the findings that count.
        least: findings of this severity, and graver ones, fail it.
        settings: whether to say so.

    Returns:
        ``CHECK_FAILED`` where there is one, ``COULD_NOT_TELL`` where none was found but could have been.
    """
    grave = SEVERITIES[SEVERITIES.index(least) :]
    counted = {one: sum(finding.severity == one for finding in report.findings) for one in reversed(grave)}
    failing = sum(counted.values())
    judging = report.judging
    new = "new " if judging and judging.baseline is not None else ""
    said = ", ".join(f"{count} {one}" for one, count in counted.items() if count)
    parts = [f"{failing} {new}finding{'' if failing == 1 else 's'} of severity {least} or above"]
    parts += [f" ({said})"] if said else []
    if judging and judging.baseline is not None:
        left_out = sum(one.findings for one in judging.known)
        parts.append(f"; {left_out} known from {judging.baseline} left out")
    say_note(settings, "".join(parts))
    if failing:
        return ExitCode.CHECK_FAILED
    doubt = _doubt(report)
    if doubt is None:
        return ExitCode.OK
    say_note(settings, f"{doubt}: whether something is to be found in what is missing cannot be told")
    return ExitCode.COULD_NOT_TELL


def _doubt(report: Report) -> str | None:
    from pcap_report.checks.checking import doubt_of

    return doubt_of(report)
