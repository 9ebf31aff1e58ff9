"""The commands, as Typer sees them; each does its work in a module of its own, imported when it is called."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pcap_report.cli.commands import about, checking, reading, recording, serving
from pcap_report.cli.options import run
from pcap_report.errors import ExitCode

_EPILOG = """
Examples:

\b
  pcap-report analyze capture.pcap                see the report here
  pcap-report analyze capture.pcap -o report.md   write it
  pcap-report connections capture.pcap            who talked to whom
  pcap-report doctor                              is this machine ready?

Exit status: 0 fine, 1 a check failed, 2 usage, 3 not a capture, 4 no usable tshark, 5 could not tell,
70 a bug of ours, 77 no right to capture, 130 interrupted.
"""

app = typer.Typer(
    name="pcap-report",
    help="From a packet capture to a report in which every sentence is proved.",
    epilog=_EPILOG,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(value: bool) -> None:
    if value:
        from pcap_report import __version__
        from pcap_report.cli.output import write_standard_output

        write_standard_output(f"pcap-report {__version__}\n")
        raise typer.Exit


def command() -> Any:  # noqa: ANN401 - a command of Typer or of click, whichever this Typer builds on
    """Return the whole command line."""
    return typer.main.get_command(app)


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", "-V", is_eager=True, callback=_show_version, help="Show the version."),
    ] = False,
    quiet: run.Quiet = False,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """From a packet capture to a report in which every sentence is proved."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(ExitCode.USAGE)


app.command(short_help="Turn a capture into a report.", epilog=reading.ANALYZE_EXAMPLES)(reading.analyze)
app.command(short_help="List the connections of a capture.", epilog=reading.CONNECTIONS_EXAMPLES)(
    reading.connections
)
app.command(short_help="Report many captures, with one index.", epilog=reading.BATCH_EXAMPLES)(reading.batch)
app.command(short_help="Prove every statement of a report again.", epilog=checking.VERIFY_EXAMPLES)(
    checking.verify
)
app.command(short_help="Hold captures against what is expected.", epilog=checking.CHECK_EXAMPLES)(
    checking.check
)
app.command("expect", short_help="Write expectations from a good capture.", epilog=checking.EXPECT_EXAMPLES)(
    checking.write_expectations
)
app.command(short_help="Capture by mode, then report.", epilog=recording.CAPTURE_EXAMPLES)(recording.capture)
app.command(short_help="Serve assistants over MCP.", epilog=serving.MCP_EXAMPLES)(serving.mcp)
app.command(short_help="Tell whether this machine is ready.", epilog=about.DOCTOR_EXAMPLES)(about.doctor)
app.command(short_help="List the analyzers.", epilog=about.ANALYZERS_EXAMPLES)(about.analyzers)
app.command(short_help="List the rules.", epilog=about.RULES_EXAMPLES)(about.rules)
app.command(short_help="Compare two captures or reports.", epilog=checking.DIFF_EXAMPLES)(checking.diff)
app.command(
    "annotate", short_help="Write the report into a copy's packets.", epilog=reading.ANNOTATE_EXAMPLES
)(reading.annotate_copy)
app.command("explain", short_help="Explain a rule, a finding or a frame.", epilog=reading.EXPLAIN_EXAMPLES)(
    reading.explain_it
)
app.command(short_help="Print the schema of the JSON report.", epilog=about.SCHEMA_EXAMPLES)(about.schema)
