"""The commands, as Typer sees them; each does its work in a module of its own, imported when it is called."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pcap_report.cli import options as o
from pcap_report.cli.settings import Settings
from pcap_report.errors import ExitCode
from pcap_report.live.modes import Mode

_ANALYZE_EXAMPLES = """
Examples:

\b
  pcap-report analyze capture.pcap                   read it here, on the terminal
  pcap-report analyze capture.pcap -o report.md      Markdown with Mermaid diagrams
  pcap-report analyze capture.pcap -o report.md --charts auto    and charts as SVG files
  pcap-report analyze capture.pcap -o report.html    one page: diagrams, charts, no network
  pcap-report analyze capture.pcap -o report.pdf     on paper; needs pip install 'pcap-report[pdf]'
  pcap-report analyze capture.pcap -o report.json    JSON, for programs
  pcap-report analyze capture.pcap --lang es -o informe.md --title "Práctica 3" --author Ana
  pcap-report analyze capture.pcap --profile triage -o trouble.md    trouble first, for engineers
  pcap-report analyze capture.pcap --connection 2    only that connection
  pcap-report analyze capture.pcap --server example.org -Y "tcp.port == 443"
  pcap-report analyze capture.pcap --keylog session.keys -o inside.md    with what TLS hides
  pcap-report analyze capture.pcap --rpc-log chat.jsonl -o rpc.md        which burst was which message
  pcap-report analyze capture.pcap --anonymize -o report.md    pseudonyms, to publish it
  pcap-report analyze report.json -o report.md       from a saved report, without its capture
  pcap-report analyze capture.pcap --verify -o report.md    and prove every statement
  tcpdump -c 100 -w - | pcap-report analyze -        from a pipe
"""
_CONNECTIONS_EXAMPLES = """
Examples:

\b
  pcap-report connections capture.pcap
  pcap-report connections capture.pcap --server example.org
  pcap-report connections capture.pcap -f json | jq '.[].server'
"""
_BATCH_EXAMPLES = """
Examples:

\b
  pcap-report batch captures/ -o reports                  every capture below a folder
  pcap-report batch 'week-*/*.pcapng' -o reports --workers 4
  pcap-report batch captures/ -o reports -f md --lang es --profile triage

A second run reads only what is new or changed.
Exit status: 0 as soon as one capture has a report; what failed is listed in the index.
"""
_VERIFY_EXAMPLES = """
Examples:

\b
  pcap-report verify report.json capture.pcap             prove every statement again
  pcap-report verify report.json capture.pcap -q          only what is not proved, and the sums
  pcap-report verify report.json capture.pcap -f json | jq '.statements[] | select(.verdict != "proved")'

Exit status: 0 everything is proved, 1 something is refuted, 5 of something tshark could not tell.
"""
_CHECK_EXAMPLES = """
Examples:

\b
  pcap-report check capture.pcap --expect expectations.yaml
  pcap-report check 'captures/**/*.pcapng' --expect expectations.yaml --junit results.xml
  pcap-report check capture.pcap --expect expectations.yaml --github --sarif results.sarif
  pcap-report check capture.pcap --expect expectations.yaml --baseline known.json    only what is new
  pcap-report expect good.pcap > expectations.yaml           begin with what holds of a good one

Exit status: 0 all passed, 1 something failed, 5 of something it could not tell: that is never a pass.
"""
_EXPECT_EXAMPLES = """
Examples:

\b
  pcap-report expect good.pcap > expectations.yaml
  pcap-report check new.pcap --expect expectations.yaml
"""
_CAPTURE_EXAMPLES = """
Examples:

\b
  pcap-report capture example.org                          all to and from a host, for 30 s
  pcap-report capture --mode port 5432 -o database.md      a port; database.pcapng beside the report
  pcap-report capture --mode web https://example.org --duration 10 -o page.html
  pcap-report capture --mode diagnosis --profile triage    why does the network not work?
  pcap-report capture --mode port 8080 -i lo --packets 500 -w loopback.pcapng
  pcap-report capture --mode domain example.org --ring 10 --size 20M    watch for long, keep the last 200 MB
  pcap-report capture --list                               the interfaces

Modes: domain, a host; port, a port or ports; web, HTTP, TLS and QUIC; diagnosis, ICMP, ARP, DNS, DHCP and
the web or the target; auto, what fits the target. Ctrl-C ends the capture, and the report is made.
"""
_MCP_EXAMPLES = """
Examples:

\b
  pcap-report mcp --root ~/captures                     an assistant starts it, and talks over a pipe
  pcap-report mcp --root ~/captures --allow-capture     it may capture, too
  pcap-report mcp --root ~/captures --http --port 8765  over HTTP on this machine, with a token

Set-up of the usual clients: docs/mcp.md. Needs pip install 'pcap-report[mcp]'.
"""
_DOCTOR_EXAMPLES = """
Examples:

\b
  pcap-report doctor
  PCAP_REPORT_TSHARK=/opt/wireshark/bin/tshark pcap-report doctor    ask another tshark
"""
_ANALYZERS_EXAMPLES = """
Examples:

\b
  pcap-report analyzers
  pcap-report analyzers --plugin mine.py     with those of a file
  pcap-report analyzers -f json | jq '.[].id'
"""
_RULES_EXAMPLES = """
Examples:

\b
  pcap-report rules
  pcap-report rules -f json | jq '.[] | select(.severity == "high")'
"""
_EXPLAIN_EXAMPLES = """
Examples:

\b
  pcap-report explain tcp.reset                  why it matters, and what to look at next
  pcap-report explain tcp.reset capture.pcap     and where it was seen
  pcap-report explain 12 capture.pcap            what the report says of frame 12
"""
_DIFF_EXAMPLES = """
Examples:

\b
  pcap-report diff before.pcap after.pcap
  pcap-report diff before.json after.pcap --percent 50 --least-ms 100
  pcap-report diff before.pcap after.pcap -f json | jq '.changes[] | select(.change == "worse")'

Exit status: 0 nothing changed, 1 something did, 5 it cannot be told.
"""
_ANNOTATE_EXAMPLES = """
Examples:

\b
  pcap-report annotate capture.pcap -o commented.pcapng    open it in Wireshark
  pcap-report annotate commented.pcapng -o bare.pcapng --strip
"""
_SCHEMA_EXAMPLES = """
Examples:

\b
  pcap-report schema > report.schema.json
  pcap-report schema --expectations > expectations.schema.json
"""
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
    quiet: o.Quiet = False,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """From a packet capture to a report in which every sentence is proved."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(ExitCode.USAGE)


@app.command(short_help="Turn a capture into a report.", epilog=_ANALYZE_EXAMPLES)
def analyze(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    capture: o.Capture,
    out: o.Out = None,
    format_name: o.FormatName = None,
    language: o.Language = None,
    profile: o.Profile = None,
    title: o.Title = None,
    author: o.Author = None,
    course: o.Course = None,
    date: o.Date = None,
    template: o.Template = None,
    charts: o.Charts = None,
    display_filter: o.DisplayFilter = None,
    connections: o.Connections = None,
    server: o.Server = None,
    analyzers: o.Analyzers = None,
    plugins: o.Plugins = None,
    dissect: o.Dissect = None,
    keylog: o.Keylog = None,
    rpc_log: o.RpcLogFile = None,
    show_bodies: o.ShowBodies = False,
    show_secrets: o.ShowSecrets = False,
    rules: o.Rules = None,
    anonymize: o.Anonymize = False,
    anonymize_key: o.AnonymizeKey = None,
    verify: o.Verify = False,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """Turn a capture into a report: who talked to whom, how, how much, and what went wrong."""
    from pcap_report.cli.analyze import Request, analyze_capture
    from pcap_report.cli.configuration import Wishes, complete, judging
    from pcap_report.cli.formats import Presentation
    from pcap_report.engine.options import Options

    asked = Wishes(title, author, course, date, language, profile, template)
    presentation = complete(asked, capture, _settings(context)).presentation(Presentation())
    request = Request(
        capture=capture,
        out=out,
        format_name=format_name,
        dissect=tuple(dissect or ()),
        options=Options(
            display_filter=display_filter,
            connections=tuple(connections or ()),
            server=server,
            analyzers=None if analyzers is None else tuple(filter(None, analyzers.split(","))),
            plugins=tuple(plugins or ()),
            language=presentation.language,
            keylog=keylog,
            rpc_log=rpc_log,
            show_bodies=show_bodies,
            show_secrets=show_secrets,
            judging=judging(capture, rules),
        ),
        presentation=presentation,
        anonymize=anonymize or anonymize_key is not None,
        anonymize_key=anonymize_key,
        verify=verify,
        charts=charts,
    )
    _end_with(analyze_capture(request, _settings(context)))


@app.command(short_help="List the connections of a capture.", epilog=_CONNECTIONS_EXAMPLES)
def connections(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    capture: o.Capture,
    display_filter: o.DisplayFilter = None,
    server: o.Server = None,
    table_format: o.TableChoice = o.TableFormat.text,
    quiet: o.Quiet = False,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """List the connections of a capture, like Wireshark's Conversations."""
    from pcap_report.cli.connections import list_connections
    from pcap_report.engine.options import Options

    wanted = Options(display_filter=display_filter, server=server)
    list_connections(capture, wanted, table_format, _settings(context))


@app.command(short_help="Report many captures, with one index.", epilog=_BATCH_EXAMPLES)
def batch(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    paths: o.Paths,
    out: o.BatchOut,
    format_name: o.BatchFormat = "html",
    language: o.Language = None,
    profile: o.Profile = None,
    workers: o.Workers = None,
    quiet: o.Quiet = False,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """Report many captures, each in a process of its own, with one index: the worst findings first."""
    from pcap_report.cli.batch import BatchRequest, run
    from pcap_report.cli.configuration import Wishes
    from pcap_report.cli.formats import Presentation

    presentation = Wishes(lang=language, profile=profile).presentation(Presentation())
    _end_with(run(BatchRequest(paths, out, format_name, presentation, workers), _settings(context)))


@app.command(short_help="Prove every statement of a report again.", epilog=_VERIFY_EXAMPLES)
def verify(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    report: o.SavedReport,
    capture: o.ItsCapture,
    plugins: o.Plugins = None,
    keylog: o.Keylog = None,
    rpc_log: o.RpcLogFile = None,
    table_format: o.TableChoice = o.TableFormat.text,
    quiet: o.Quiet = False,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """Prove every statement of a saved report again: tshark is asked, and the capture is analyzed anew."""
    from pcap_report.cli.verify import verify_report

    named, settings = tuple(plugins or ()), _settings(context)
    _end_with(verify_report(report, capture, named, (keylog, rpc_log), table_format, settings))


@app.command(short_help="Hold captures against what is expected.", epilog=_CHECK_EXAMPLES)
def check(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    captures: o.Captures,
    expect: o.Expect,
    rules: o.Rules = None,
    baseline: o.Baseline = None,
    junit: o.Junit = None,
    sarif: o.Sarif = None,
    github: o.Github = False,
    table_format: o.TableChoice = o.TableFormat.text,
    quiet: o.Quiet = False,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """Hold captures, or reports saved as JSON, against an expectations file."""
    from pcap_report.cli.check import CheckRequest, check_captures

    request = CheckRequest(tuple(captures), expect, rules, junit, sarif, github, table_format, baseline)
    _end_with(check_captures(request, _settings(context)))


@app.command("expect", short_help="Write expectations from a good capture.", epilog=_EXPECT_EXAMPLES)
def write_expectations(
    context: typer.Context,
    capture: o.Capture,
    quiet: o.Quiet = False,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """Write an expectations file from a capture that is known good, without values that vary."""
    from pcap_report.cli.check import print_expectations

    print_expectations(capture, _settings(context))


@app.command(short_help="Capture by mode, then report.", epilog=_CAPTURE_EXAMPLES)
def capture(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    target: o.Target = "",
    mode: o.CaptureMode = Mode.auto,
    interfaces: o.Interfaces = None,
    duration: o.Duration = None,
    packets: o.Packets = None,
    size: o.Size = None,
    snap_length: o.SnapLength = None,
    ring: o.Ring = None,
    file: o.PacketFile = None,
    listed: o.ListInterfaces = False,
    out: o.Out = None,
    format_name: o.FormatName = None,
    language: o.Language = None,
    profile: o.Profile = None,
    title: o.Title = None,
    author: o.Author = None,
    course: o.Course = None,
    date: o.Date = None,
    quiet: o.Quiet = False,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """Capture what a host, a port or the web says, or why the network does not work; then report it."""
    from pcap_report.cli.analyze import Request
    from pcap_report.cli.capture import Wish, capture_and_report, list_interfaces
    from pcap_report.cli.configuration import Wishes, complete
    from pcap_report.cli.formats import Presentation
    from pcap_report.engine.options import Options
    from pcap_report.live.bounds import parse_size, watching

    if listed:
        list_interfaces()
        return
    bounds = watching(duration, packets, None if size is None else parse_size(size), snap_length, ring)
    wish = Wish(mode, target, tuple(interfaces or ()), bounds, file)
    asked = Wishes(title, author, course, date, language, profile, None)
    beside = str(file or out or "capture.pcapng")
    presentation = complete(asked, beside, _settings(context)).presentation(Presentation())
    options = Options(language=presentation.language)
    request = Request("", out, format_name, (), options, presentation)
    _end_with(capture_and_report(wish, request, _settings(context)))


@app.command(short_help="Serve assistants over MCP.", epilog=_MCP_EXAMPLES)
def mcp(
    roots: o.Roots = None,
    http: o.Http = False,
    port: o.Port = 8765,
    allow_capture: o.AllowCapture = False,
    debug: o.Debug = False,
) -> None:
    """Serve assistants over MCP: diagnoses of the captures below some folders, never their packets."""
    from pcap_report.cli.mcp import serve

    serve(roots or [], port if http else None, allow_capture=allow_capture)


@app.command(short_help="Tell whether this machine is ready.", epilog=_DOCTOR_EXAMPLES)
def doctor(context: typer.Context, color: o.Colored = None, debug: o.Debug = False) -> None:
    """Tell whether this machine is ready: tshark, its version and fields, the right to capture."""
    from pcap_report.cli.doctor import examine

    examine(_settings(context))


@app.command(short_help="List the analyzers.", epilog=_ANALYZERS_EXAMPLES)
def analyzers(
    context: typer.Context,
    plugins: o.Plugins = None,
    table_format: o.TableChoice = o.TableFormat.text,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """List the analyzers: the question that each answers, and the tshark fields that it reads."""
    from pcap_report.cli.catalog import list_analyzers

    list_analyzers(tuple(plugins or ()), table_format, _settings(context))


@app.command(short_help="List the rules.", epilog=_RULES_EXAMPLES)
def rules(
    context: typer.Context,
    table_format: o.RulesChoice = o.RulesFormat.text,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """List the rules: what each finds, how grave it is, and why it matters."""
    from pcap_report.cli.catalog import list_rules

    list_rules(table_format, _settings(context))


@app.command(short_help="Compare two captures or reports.", epilog=_DIFF_EXAMPLES)
def diff(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    before: o.Before,
    after: o.After,
    percent: o.Percent = 25.0,
    least_ms: o.LeastMs = 20.0,
    table_format: o.TableChoice = o.TableFormat.text,
    quiet: o.Quiet = False,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """Compare two captures or saved reports: connections, facts, performance, findings."""
    from pcap_report.checks.difference import Thresholds
    from pcap_report.cli.diff import show_differences

    limits = Thresholds(percent, least_ms)
    _end_with(show_differences(before, after, limits, table_format, _settings(context)))


@app.command("annotate", short_help="Write the report into a copy's packets.", epilog=_ANNOTATE_EXAMPLES)
def annotate_copy(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    capture: o.Capture,
    out: o.AnnotatedOut,
    strip: o.Strip = False,
    language: o.Language = None,
    rules: o.Rules = None,
    quiet: o.Quiet = False,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """Write a copy of a capture whose packets carry the report's statements as comments, for Wireshark."""
    from pcap_report.cli.annotate import annotate
    from pcap_report.cli.configuration import judging
    from pcap_report.engine.options import Options

    options = Options(language=language or "en", judging=judging(capture, rules))
    annotate(capture, out, options, _settings(context), strip=strip)


@app.command("explain", short_help="Explain a rule, a finding or a frame.", epilog=_EXPLAIN_EXAMPLES)
def explain_it(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    what: o.Explained,
    capture: o.MaybeCapture = None,
    rules: o.Rules = None,
    quiet: o.Quiet = False,
    color: o.Colored = None,
    debug: o.Debug = False,
) -> None:
    """Explain a rule, a finding or a frame: what was seen, why it matters, how to look at it, what to do."""
    from pcap_report.cli.configuration import judging
    from pcap_report.cli.explain import explain
    from pcap_report.engine.options import Options

    options = Options(judging=judging(capture, rules) if capture else None)
    explain(what, capture, options, _settings(context))


@app.command(short_help="Print the schema of the JSON report.", epilog=_SCHEMA_EXAMPLES)
def schema(expectations: o.ExpectationsSchema = False, debug: o.Debug = False) -> None:
    """Print the JSON Schema of the JSON report, or of an expectations file."""
    from pcap_report.cli.output import write_standard_output
    from pcap_report.render.json_report import pretty_json, render_schema

    if expectations:
        from pcap_report.checks.expectations import expectations_schema

        write_standard_output(pretty_json(expectations_schema()))
        return
    write_standard_output(render_schema())


def _end_with(code: ExitCode) -> None:
    if code:
        raise typer.Exit(code)


def _settings(context: typer.Context) -> Settings:
    found = context.find_root().obj
    assert isinstance(found, Settings)  # main() put it there
    return found
