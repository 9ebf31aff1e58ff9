"""The commands that read captures and tell of them."""

from __future__ import annotations

import typer

from pcap_report.cli.context import end_with, settings_of
from pcap_report.cli.options import checking, lists, reading, run, writing

ANALYZE_EXAMPLES = """
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
  pcap-report analyze capture.pcap --baseline known.json     only what is new; 1 when something is
  pcap-report analyze capture.pcap --fail-on medium  1 when something is found that grave
  tcpdump -c 100 -w - | pcap-report analyze -        from a pipe

Exit status: 0 fine, 1 a finding that --fail-on or --baseline asks for, or a statement refuted by --verify;
5 the capture is cut off or an analyzer failed, so that neither can be told. Others: pcap-report --help.
"""
CONNECTIONS_EXAMPLES = """
Examples:

\b
  pcap-report connections capture.pcap
  pcap-report connections capture.pcap --server example.org
  pcap-report connections capture.pcap -f json | jq '.[].server'
"""
BATCH_EXAMPLES = """
Examples:

\b
  pcap-report batch captures/ -o reports                  every capture below a folder
  pcap-report batch 'week-*/*.pcapng' -o reports --workers 4
  pcap-report batch captures/ -o reports -f md --lang es --profile triage
  pcap-report batch captures/ -o reports --keylog keys/            with keys/NAME.keys for NAME.pcapng
  pcap-report batch captures/ -o public --anonymize-key secret.key
  pcap-report batch s3://bucket/captures -o s3://bucket/reports    needs pip install 'pcap-report[remote]'
  pcap-report batch /shared/captures -o /shared/reports --dask tcp://scheduler:8786

A second run reads only what is new or changed, or was asked for with other options.
Exit status: 0 as soon as one capture has a report; what failed is listed in the index.
"""
ANNOTATE_EXAMPLES = """
Examples:

\b
  pcap-report annotate capture.pcap -o commented.pcapng    open it in Wireshark
  pcap-report annotate commented.pcapng -o bare.pcapng --strip
"""
EXPLAIN_EXAMPLES = """
Examples:

\b
  pcap-report explain tcp.reset                  why it matters, and what to look at next
  pcap-report explain tcp.reset capture.pcap     and where it was seen
  pcap-report explain 12 capture.pcap            what the report says of frame 12
  pcap-report explain tcp.reset --lang es        in Spanish
"""


def analyze(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    capture: reading.Capture,
    out: writing.Out = None,
    format_name: writing.FormatName = None,
    language: writing.Language = None,
    profile: writing.Profile = None,
    title: writing.Title = None,
    author: writing.Author = None,
    course: writing.Course = None,
    date: writing.Date = None,
    template: writing.Template = None,
    charts: writing.Charts = None,
    display_filter: reading.DisplayFilter = None,
    connections: reading.Connections = None,
    server: reading.Server = None,
    analyzers: reading.Analyzers = None,
    plugins: reading.Plugins = None,
    dissect: reading.Dissect = None,
    keylog: reading.Keylog = None,
    rpc_log: reading.RpcLogFile = None,
    show_bodies: reading.ShowBodies = False,
    show_secrets: reading.ShowSecrets = False,
    rules: reading.Rules = None,
    anonymize: writing.Anonymize = False,
    anonymize_key: writing.AnonymizeKey = None,
    verify: checking.Verify = False,
    baseline: checking.Baseline = None,
    fail_on: checking.FailOn = None,
    sandbox: run.Sandbox = None,
    workers: reading.Workers = None,
    quiet: run.Quiet = False,
    verbose: run.Verbose = False,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """Turn a capture into a report: who talked to whom, how, how much, and what went wrong."""
    from pcap_report.cli.analyze import Request, analyze_capture
    from pcap_report.cli.configuration import Wishes, complete, judging
    from pcap_report.cli.formats import Presentation
    from pcap_report.engine.options import Options

    asked = Wishes(title, author, course, date, language, profile, template)
    presentation = complete(asked, capture, settings_of(context)).presentation(Presentation())
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
            workers=workers,
        ),
        presentation=presentation,
        anonymize=anonymize or anonymize_key is not None,
        anonymize_key=anonymize_key,
        verify=verify,
        charts=charts,
        baseline=baseline,
        fail_on=None if fail_on is None else fail_on.value,
    )
    end_with(analyze_capture(request, settings_of(context)))


def connections(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    capture: reading.Capture,
    display_filter: reading.DisplayFilter = None,
    server: reading.Server = None,
    table_format: lists.TableChoice = lists.TableFormat.text,
    sandbox: run.Sandbox = None,
    quiet: run.Quiet = False,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """List the connections of a capture, like Wireshark's Conversations."""
    from pcap_report.cli.connections import list_connections
    from pcap_report.engine.options import Options

    wanted = Options(display_filter=display_filter, server=server)
    list_connections(capture, wanted, table_format, settings_of(context))


def batch(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    paths: reading.Paths,
    out: writing.BatchOut,
    format_name: writing.BatchFormat = "html",
    language: writing.Language = None,
    profile: writing.Profile = None,
    title: writing.Title = None,
    author: writing.Author = None,
    course: writing.Course = None,
    date: writing.Date = None,
    template: writing.Template = None,
    analyzers: reading.Analyzers = None,
    plugins: reading.Plugins = None,
    keylog: reading.BatchKeylog = None,
    rpc_log: reading.BatchRpcLog = None,
    show_bodies: reading.ShowBodies = False,
    show_secrets: reading.ShowSecrets = False,
    rules: reading.Rules = None,
    anonymize: writing.Anonymize = False,
    anonymize_key: writing.AnonymizeKey = None,
    workers: reading.Workers = None,
    dask: reading.Dask = None,
    sandbox: run.Sandbox = None,
    quiet: run.Quiet = False,
    verbose: run.Verbose = False,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """Report many captures, each in a process of its own, with one index: the worst findings first."""
    from pcap_report.cli.batch import BatchRequest, run
    from pcap_report.cli.configuration import Wishes
    from pcap_report.engine.options import Options

    request = BatchRequest(
        paths=paths,
        out=out,
        format_name=format_name,
        wishes=Wishes(title, author, course, date, language, profile, template),
        options=Options(
            analyzers=None if analyzers is None else tuple(filter(None, analyzers.split(","))),
            plugins=tuple(plugins or ()),
            keylog=keylog,
            rpc_log=rpc_log,
            show_bodies=show_bodies,
            show_secrets=show_secrets,
        ),
        rules=rules,
        anonymize=anonymize or anonymize_key is not None,
        anonymize_key=anonymize_key,
        workers=workers,
        dask=dask,
    )
    end_with(run(request, settings_of(context)))


def annotate_copy(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    capture: reading.Capture,
    out: writing.AnnotatedOut,
    strip: writing.Strip = False,
    language: writing.Language = None,
    rules: reading.Rules = None,
    sandbox: run.Sandbox = None,
    quiet: run.Quiet = False,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """Write a copy of a capture whose packets carry the report's statements as comments, for Wireshark."""
    from pcap_report.cli.annotate import annotate
    from pcap_report.cli.configuration import judging
    from pcap_report.engine.options import Options

    options = Options(language=language or "en", judging=judging(capture, rules))
    annotate(capture, out, options, settings_of(context), strip=strip)


def explain_it(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    what: reading.Explained,
    capture: reading.MaybeCapture = None,
    rules: reading.Rules = None,
    language: writing.Language = None,
    sandbox: run.Sandbox = None,
    quiet: run.Quiet = False,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """Explain a rule, a finding or a frame: what was seen, why it matters, how to look at it, what to do."""
    from pcap_report.cli.configuration import judging
    from pcap_report.cli.explain import explain
    from pcap_report.engine.options import Options

    asked = judging(capture, rules) if capture else None
    options = Options(language=language or "en", judging=asked)
    explain(what, capture, options, settings_of(context))
