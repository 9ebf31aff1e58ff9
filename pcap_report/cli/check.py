"""``pcap-report check`` and ``expect``: what must hold of a capture."""

from __future__ import annotations

import glob
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.cli.baseline import Baselines
from pcap_report.cli.messages import say_note
from pcap_report.cli.output import checked_target, write_output, write_standard_output
from pcap_report.cli.saved import looks_saved
from pcap_report.cli.settings import width_of
from pcap_report.cli.source import load_report, tell_what_was_cut_off
from pcap_report.cli.tables import print_json
from pcap_report.errors import ExitCode, NotACaptureError, UsageError
from pcap_report.render.safe import terminal_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.checks.expectations import Expectations
    from pcap_report.checks.results import Checked, Outcome, Result
    from pcap_report.cli.options.lists import TableFormat
    from pcap_report.cli.settings import Settings
    from pcap_report.engine.options import Options
    from pcap_report.model.evidence import Severity
    from pcap_report.model.judging import Judging
    from pcap_report.model.report import Report
    from pcap_report.written.yaml_file import Written

_CODES: Final[dict[Outcome, ExitCode]] = {
    "passed": ExitCode.OK,
    "failed": ExitCode.CHECK_FAILED,
    "could_not_tell": ExitCode.COULD_NOT_TELL,
}
_WORDS: Final[dict[Outcome, str]] = {
    "passed": "passed",
    "failed": "FAILED",
    "could_not_tell": "could not tell",
}
_STYLES: Final[dict[Outcome, str]] = {"passed": "green", "failed": "bold red", "could_not_tell": "yellow"}
_WIDTH: Final = max(map(len, _WORDS.values()))
_TEXT: Final = 600
_EVERY_FRAME: Final = "frame"
_MOST_CAPTURES: Final = 10_000


@dataclass(frozen=True)
class CheckRequest:
    """What the command line asks for.

    Attributes:
        captures: files, or patterns of files.
        expect: the expectations file; None where only findings count.
        rules: rules of the user's.
        junit: where to write JUnit XML.
        sarif: where to write SARIF.
        github: print workflow commands.
        form: how to print the results.
        baseline: a capture or saved report whose findings are known, or a folder with one for each capture.
        fail_on: from which severity on a finding fails.
        summary: where to write the results as Markdown.
    """

    captures: tuple[str, ...]
    expect: Path | None
    rules: Path | None
    junit: Path | None
    sarif: Path | None
    github: bool
    form: TableFormat
    baseline: str | None = None
    fail_on: Severity | None = None
    summary: Path | None = None


def check_captures(request: CheckRequest, settings: Settings) -> ExitCode:
    """Hold every capture against the expectations, and print what came out."""
    from pcap_report.checks.results import summed
    from pcap_report.cli.configuration import judging
    from pcap_report.engine.options import Options

    targets = [one for one in (request.junit, request.sarif, request.summary) if one is not None]
    for target in targets:
        checked_target(str(target), str(request.expect or ""))
    wanted, written = _wanted(request)
    captures = _expanded(request.captures)
    known = Baselines(request.baseline, settings)
    judgings = {capture: judging(capture, request.rules) for capture in captures}
    _require_rules(wanted, written, judgings)
    results: list[Result] = []
    for capture in captures:
        options = Options(judging=judgings[capture])
        before = known.of(capture, options.judging)
        asking = _Asking(options, wanted, written, before, len(captures) == 1, request.fail_on)
        results += _results(capture, asking, settings)
    checked = summed(str(request.expect or ""), results)
    _write(checked, request)
    if request.form == "json":
        print_json(checked)
    else:
        _print(checked, settings)
    if request.github:
        from pcap_report.checks.github import workflow_commands

        write_standard_output("".join(f"{visible(line)}\n" for line in workflow_commands(checked)))
    return _CODES[checked.outcome]


def _require_rules(wanted: Expectations, written: Written, judgings: Mapping[str, Judging | None]) -> None:
    if not wanted.no_findings or any(
        looks_saved(Path(one)) for one in judgings
    ):  # it may have rules of its own
        return
    from pcap_report.checks.examination import require_rules
    from pcap_report.rules.registry import RULES

    own = [rule.id for one in judgings.values() if one for rule in one.rules]
    require_rules(wanted, [*(rule.id for rule in RULES), *own], written)


def _wanted(request: CheckRequest) -> tuple[Expectations, Written]:
    from pcap_report.checks.examination import read_expectations
    from pcap_report.checks.expectations import Expectations
    from pcap_report.written.yaml_file import Written

    if request.expect is not None:
        return read_expectations(request.expect)
    if request.fail_on is None:
        raise UsageError(
            "Nothing is expected, so nothing would be checked",
            "Give --expect FILE, or --fail-on SEVERITY for findings alone.",
        )
    return Expectations(), Written(Path(), {}, {})


def print_expectations(capture: str, settings: Settings) -> None:
    """Print an expectations file made from a good capture.

    Raises:
        UsageError: the capture is cut off, so that nobody can say it is good.
    """
    from pcap_report.checks.writing import expectations_from
    from pcap_report.engine.options import Options

    report = load_report(capture, Options(), settings)
    if report.capture.truncated:
        raise UsageError(f"{capture} is cut off: what is expected of a whole one cannot be read from it")
    write_standard_output(expectations_from(report))


@dataclass(frozen=True)
class _Asking:
    """What every capture of a run is asked."""

    options: Options
    wanted: Expectations
    written: Written
    known: Report | None
    alone: bool
    fail_on: Severity | None


def _results(capture: str, asking: _Asking, settings: Settings) -> Iterator[Result]:
    from pcap_report.checks.checking import Checker
    from pcap_report.checks.results import Result

    try:
        report = load_report(capture, asking.options, settings)
    except NotACaptureError as error:
        if asking.alone:
            raise
        yield Result("could_not_tell", "the capture", capture, 1, "a capture", error.message, file=capture)
        return
    tell_what_was_cut_off(report, capture, settings)
    checker = Checker(report, capture, asking.wanted, asking.written, asking.known, asking.fail_on)
    yield from checker.results(lambda filters: _counts(capture, filters, asking.written))


def _counts(capture: str, filters: list[str], written: Written) -> Mapping[str, int]:
    """Ask tshark how many frames filters select; a saved report has no frames to ask about.

    Raises:
        UsageError: tshark does not understand one; with line and column.
    """
    from pcap_report.capture.counting import count_frames
    from pcap_report.capture.tshark import find_tshark

    path = Path(capture)
    if looks_saved(path):
        return {}
    counts = count_frames(find_tshark(), path, [_EVERY_FRAME, *filters]).counts
    unknown = next((at for at, one in enumerate(filters) if one not in counts), None)
    if unknown is not None and _EVERY_FRAME in counts:
        written.wrong(
            ("filters", unknown, "filter"),
            f"tshark does not understand the display filter {filters[unknown]}",
        )
    return counts


def _expanded(patterns: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for pattern in patterns:
        if not glob.has_magic(pattern) or Path(pattern).exists():
            found[pattern] = None
            continue
        found_files = glob.glob(pattern, recursive=True)  # noqa: PTH207 - a pattern may begin anywhere
        matching = sorted(one for one in found_files if Path(one).is_file())
        if not matching:
            raise UsageError(f"No file matches {pattern}", "Nothing was checked, and that is no pass.")
        found.update(dict.fromkeys(matching))
    pipe = next((one for one in found if Path(one).is_fifo()), None)
    if pipe is not None:
        raise UsageError(f"{pipe} is a pipe, and a capture that is checked is read twice", "Name a file.")
    if len(found) > _MOST_CAPTURES:
        raise UsageError(f"{len(found)} captures are more than are checked at once ({_MOST_CAPTURES})")
    return list(found)


def _write(checked: Checked, request: CheckRequest) -> None:
    if request.junit:
        from pcap_report.checks.junit import junit_xml

        write_output(junit_xml(checked), request.junit)
    if request.sarif:
        from pcap_report import __version__
        from pcap_report.checks.sarif import sarif
        from pcap_report.render.json_report import pretty_json

        write_output(pretty_json(sarif(checked, __version__)), request.sarif)
    if request.summary:
        from pcap_report.cli.check_summary import summary

        write_output(summary(checked), request.summary)


def _print(checked: Checked, settings: Settings) -> None:
    from rich.console import Console
    from rich.text import Text

    colored = settings.colored(sys.stdout)
    sink = StringIO()
    console = Console(
        file=sink, force_terminal=colored, no_color=not colored, width=width_of(sys.stdout), highlight=False
    )
    capture = None
    for one in checked.results:
        if settings.quiet and one.outcome == "passed":
            continue
        if one.capture != capture:
            capture = one.capture
            console.print(Text(terminal_text(capture, _TEXT), "bold"), soft_wrap=True)
        for word, text in _lines(one):
            line = Text(f"  {word:{_WIDTH}}  ", _STYLES[one.outcome])
            console.print(line.append(terminal_text(text, _TEXT), "none"), soft_wrap=True)
    console.print(
        Text(f"{checked.passed} passed, {checked.failed} failed, {checked.could_not_tell} could not be told")
    )
    write_standard_output(sink.getvalue())
    if not checked.results:
        say_note(settings, "nothing was checked")


def _lines(one: Result) -> Iterator[tuple[str, str]]:
    where = f"[{one.connection}] " if one.connection is not None else ""
    if one.outcome == "passed":
        yield _WORDS[one.outcome], f"{where}{one.name}: {one.found}"
        return
    yield _WORDS[one.outcome], f"{where}{one.name} ({one.file}:{one.line})"
    yield "", f"expected: {one.expected}"
    yield "", f"found:    {one.found}"
    if one.frames:
        yield "", f"frames:   {', '.join(map(str, one.frames))}"
    if one.command:
        yield "", f"see it:   {one.command}"
