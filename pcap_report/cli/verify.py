"""``pcap-report verify``, and ``analyze --verify``: is the report true?"""

from __future__ import annotations

import json
import sys
from io import StringIO
from typing import TYPE_CHECKING, Final

from pcap_report.cli.messages import say_note
from pcap_report.cli.output import write_standard_output
from pcap_report.cli.progress import busy, reading_progress
from pcap_report.cli.settings import width_of
from pcap_report.cli.tables import print_json
from pcap_report.errors import ExitCode, NotACaptureError, UsageError
from pcap_report.render.safe import terminal_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcap_report.cli.options.lists import TableFormat
    from pcap_report.cli.settings import Settings
    from pcap_report.model.report import Report
    from pcap_report.verify import Difference, Logs, Proof, Verdict, Verification

_CODES: Final[dict[Verdict, ExitCode]] = {
    "proved": ExitCode.OK,
    "refuted": ExitCode.CHECK_FAILED,
    "not_provable": ExitCode.COULD_NOT_TELL,
}
_WORDS: Final[dict[Verdict, str]] = {
    "proved": "proved",
    "refuted": "refuted",
    "not_provable": "not provable",
}
_STYLES: Final[dict[Verdict, str]] = {"proved": "green", "refuted": "bold red", "not_provable": "yellow"}
_WIDTH: Final = max(map(len, _WORDS.values()))
_TEXT: Final = 400
_DIFFERENCES_SHOWN: Final = 100
_Line = tuple["Verdict | None", str]


def verify_report(  # noqa: PLR0913 - the command has these options
    saved: Path,
    capture: Path,
    plugins: tuple[Path, ...],
    logs: tuple[Path | None, Path | None],
    form: TableFormat,
    settings: Settings,
) -> ExitCode:
    """Prove a saved report again, and print what came out of it."""
    from pcap_report.verify import Logs, verify

    report = _saved(saved)
    beside = Logs(*logs)
    _require_logs(report, beside)
    if not capture.exists():
        raise UsageError(f"There is no file {capture}", "Name the capture that the report was made of.")
    with reading_progress(settings) as progress:
        found = verify(report, capture, plugins, progress, beside)
    if form == "json":
        print_json(found)
    else:
        _print(list(_lines(found, settings)), settings)
    return _CODES[found.verdict]


def tell_proof(report: Report, capture: Path, settings: Settings, keys: Path | None = None) -> ExitCode:
    """Prove a report that was just made, and say on standard error what came out of it."""
    from pcap_report.verify import Logs, verify_fresh

    with busy(settings, "Proving"):
        found = verify_fresh(report, capture, Logs(keys))
    for one in found.statements:
        if one.verdict != "proved":
            say_note(settings, f"{_WORDS[one.verdict]}: {_name(one)} {one.text} ({'; '.join(one.reasons)})")
    say_note(settings, _sum(found))
    return _CODES[found.verdict]


def _require_logs(report: Report, beside: Logs) -> None:
    """A report that was made with more than the capture is proved with the same."""
    if report.decryption and "key_log" in report.decryption.sources and beside.keys is None:
        raise UsageError(
            "The report was made with a key log, and what it reveals is proved with it",
            "Name it: pcap-report verify REPORT.json CAPTURE --keylog FILE",
        )
    if report.rpc_log and beside.rpc is None:
        raise UsageError(
            "The report was made with an application's log, and its matches are made again with it",
            "Name it: pcap-report verify REPORT.json CAPTURE --rpc-log FILE",
        )


def _saved(path: Path) -> Report:
    from pcap_report.cli.saved import load_saved, looks_saved
    from pcap_report.engine.options import Options

    if path.is_file() and not looks_saved(path):
        raise NotACaptureError(
            f"{path} is no report saved as JSON", "Make one: pcap-report analyze CAPTURE -o report.json"
        )
    if not path.is_file():
        raise UsageError(
            f"There is no file {path}",
            "Name the report first, and then its capture: verify REPORT.json CAPTURE",
        )
    return load_saved(path, Options(), (), spoken=False)


def _lines(found: Verification, settings: Settings) -> Iterator[_Line]:
    for note in found.notes:
        yield None, f"note: {note}"
    ordered = sorted(found.statements, key=lambda one: one.verdict != "proved")
    for one in ordered:
        if one.verdict == "proved" and settings.quiet:
            continue
        yield one.verdict, f"{_name(one)} {one.text}"
        if one.reasons:
            yield None, f"frames {_listed(one.frames)}; {one.display_filter}"
            for reason in one.reasons:
                yield None, reason
    for difference in found.differences[:_DIFFERENCES_SHOWN]:
        yield difference.verdict, _difference(difference)
    left_out = len(found.differences) - _DIFFERENCES_SHOWN
    if left_out > 0:
        yield None, f"and {left_out} more; -f json lists them all"
    yield None, _sum(found)


def _name(one: Proof) -> str:
    return f"[{'capture' if one.connection is None else one.connection}] {one.id}:"


def _difference(one: Difference) -> str:
    if not one.path:
        return str(one.found)
    return f"{one.path}: the report says {_value(one.stated)}, and the capture {_value(one.found)}"


def _value(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _TEXT // 2 else text[: _TEXT // 2] + " …"


def _listed(frames: tuple[int, ...]) -> str:
    from pcap_report.render.ranges import first_ranges

    shown, left_out = first_ranges(frames, 20)
    return f"{shown} and {left_out} more" if left_out else shown


def _sum(found: Verification) -> str:
    noun = "statement" if found.proved == 1 else "statements"
    text = f"{found.proved} {noun} proved, {found.refuted} refuted, {found.not_provable} not provable"
    if found.facts_compared:
        same = found.facts_compared - len(found.differences)
        text += f"; {same} of {found.facts_compared} facts are those of the capture"
    return text


def _print(lines: list[_Line], settings: Settings) -> None:
    from rich.console import Console
    from rich.text import Text

    colored = settings.colored(sys.stdout)
    sink = StringIO()
    console = Console(
        file=sink, force_terminal=colored, no_color=not colored, width=width_of(sys.stdout), highlight=False
    )
    for verdict, text in lines:
        word = _WORDS[verdict] if verdict else ""
        shown = Text(f"{word:{_WIDTH}}  ", style=_STYLES[verdict] if verdict else "")
        shown.append(terminal_text(text, _TEXT * 2), style="none")
        console.print(shown, soft_wrap=True)
    write_standard_output(sink.getvalue())
