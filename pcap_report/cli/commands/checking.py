"""The commands that prove, expect and compare."""

from __future__ import annotations

import typer

from pcap_report.cli.context import end_with, settings_of
from pcap_report.cli.options import checking, lists, reading, run

VERIFY_EXAMPLES = """
Examples:

\b
  pcap-report verify report.json capture.pcap             prove every statement again
  pcap-report verify report.json capture.pcap -q          only what is not proved, and the sums
  pcap-report verify report.json capture.pcap -f json | jq '.statements[] | select(.verdict != "proved")'

Exit status: 0 everything is proved, 1 something is refuted, 5 of something tshark could not tell.
"""
CHECK_EXAMPLES = """
Examples:

\b
  pcap-report check capture.pcap --expect expectations.yaml
  pcap-report check 'captures/**/*.pcapng' --expect expectations.yaml --junit results.xml
  pcap-report check capture.pcap --expect expectations.yaml --github --sarif results.sarif
  pcap-report check capture.pcap --expect expectations.yaml --baseline known.json    only what is new
  pcap-report check 'captures/*.pcap' --fail-on medium --baseline captures-before/    findings alone
  pcap-report expect good.pcap > expectations.yaml           begin with what holds of a good one

Exit status: 0 all passed, 1 something failed, 5 of something it could not tell: that is never a pass.
"""
EXPECT_EXAMPLES = """
Examples:

\b
  pcap-report expect good.pcap > expectations.yaml
  pcap-report check new.pcap --expect expectations.yaml
"""
DIFF_EXAMPLES = """
Examples:

\b
  pcap-report diff before.pcap after.pcap
  pcap-report diff before.json after.pcap --percent 50 --least-ms 100
  pcap-report diff before.pcap after.pcap -f json | jq '.changes[] | select(.change == "worse")'

Exit status: 0 nothing changed, 1 something did, 5 it cannot be told.
"""


def verify(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    report: reading.SavedReport,
    capture: reading.ItsCapture,
    plugins: reading.Plugins = None,
    keylog: reading.Keylog = None,
    rpc_log: reading.RpcLogFile = None,
    table_format: lists.TableChoice = lists.TableFormat.text,
    sandbox: run.Sandbox = None,
    quiet: run.Quiet = False,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """Prove every statement of a saved report again: tshark is asked, and the capture is analyzed anew."""
    from pcap_report.cli.verify import verify_report

    named, settings = tuple(plugins or ()), settings_of(context)
    end_with(verify_report(report, capture, named, (keylog, rpc_log), table_format, settings))


def check(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    captures: reading.Captures,
    expect: checking.Expect = None,
    rules: reading.Rules = None,
    baseline: checking.Baselines = None,
    fail_on: checking.FailOnToo = None,
    junit: checking.Junit = None,
    sarif: checking.Sarif = None,
    summary: checking.Summary = None,
    github: checking.Github = False,
    table_format: lists.TableChoice = lists.TableFormat.text,
    sandbox: run.Sandbox = None,
    quiet: run.Quiet = False,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """Hold captures, or reports saved as JSON, against an expectations file."""
    from pcap_report.cli.check import CheckRequest, check_captures

    request = CheckRequest(
        captures=tuple(captures),
        expect=expect,
        rules=rules,
        junit=junit,
        sarif=sarif,
        github=github,
        form=table_format,
        baseline=baseline,
        fail_on=None if fail_on is None else fail_on.value,
        summary=summary,
    )
    end_with(check_captures(request, settings_of(context)))


def write_expectations(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    capture: reading.Capture,
    sandbox: run.Sandbox = None,
    quiet: run.Quiet = False,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """Write an expectations file from a capture that is known good, without values that vary."""
    from pcap_report.cli.check import print_expectations

    print_expectations(capture, settings_of(context))


def diff(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    before: reading.Before,
    after: reading.After,
    percent: checking.Percent = 25.0,
    least_ms: checking.LeastMs = 20.0,
    table_format: lists.TableChoice = lists.TableFormat.text,
    sandbox: run.Sandbox = None,
    quiet: run.Quiet = False,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """Compare two captures or saved reports: connections, facts, performance, findings."""
    from pcap_report.checks.difference import Thresholds
    from pcap_report.cli.diff import show_differences

    limits = Thresholds(percent, least_ms)
    end_with(show_differences(before, after, limits, table_format, settings_of(context)))
