"""``pcap-report diff``: what changed between two captures, or reports saved as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.checks.difference import Change, Thresholds, differences
from pcap_report.cli.messages import say_note
from pcap_report.cli.output import write_standard_output
from pcap_report.cli.source import load_report, tell_what_was_cut_off
from pcap_report.cli.tables import Column, print_json, print_table
from pcap_report.engine.options import Options
from pcap_report.errors import ExitCode

if TYPE_CHECKING:
    from pcap_report.cli.options.lists import TableFormat
    from pcap_report.cli.settings import Settings

_COLUMNS: Final = (
    Column("change", style="bold"),
    Column("where", style="green"),
    Column("what"),
    Column("before", wide=True),
    Column("after", wide=True),
)


def show_differences(
    before: str,
    after: str,
    thresholds: Thresholds,
    form: TableFormat,
    settings: Settings,
) -> ExitCode:
    """Print what changed; where a capture is cut off, no difference is no answer."""
    was, now = (load_report(one, Options(), settings) for one in (before, after))
    tell_what_was_cut_off(was, before, settings)
    tell_what_was_cut_off(now, after, settings)
    changes = differences(was, now, thresholds)
    if form == "json":
        print_json({"thresholds": thresholds, "changes": changes})
    elif changes:
        print_table(_COLUMNS, [_row(one) for one in changes], settings)
    else:
        write_standard_output("nothing changed\n")
    if changes:
        return ExitCode.CHECK_FAILED
    if was.capture.truncated or now.capture.truncated:
        say_note(settings, "a capture is cut off: whether something changed cannot be told")
        return ExitCode.COULD_NOT_TELL
    return ExitCode.OK


def _row(one: Change) -> list[str]:
    return [one.change, one.where or "the capture", one.what, _said(one.before), _said(one.after)]


def _said(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
