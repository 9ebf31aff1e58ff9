"""The options and arguments that several commands share, each written once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pcap_report.cli.settings import Color, Settings
from pcap_report.live.modes import Mode

_READING = "What to read"
_WRITING = "What to write"
_RUN = "This run"
_RECORDING = "What to record"
_SERVING = "What to serve"


class TableFormat(StrEnum):
    """How a list is printed."""

    text = "text"
    json = "json"


class RulesFormat(StrEnum):
    """How the list of rules is printed."""

    text = "text"
    json = "json"
    md = "md"


def _settings(context: typer.Context) -> Settings:
    found = context.find_root().obj
    assert isinstance(found, Settings)  # main() put it there
    return found


def _set_quiet(context: typer.Context, value: bool) -> bool:
    _settings(context).quiet |= value
    return value


def _set_verbose(context: typer.Context, value: bool) -> bool:
    _settings(context).verbose |= value
    return value


def _set_debug(context: typer.Context, value: bool) -> bool:
    _settings(context).debug |= value
    return value


def _set_color(context: typer.Context, value: Color | None) -> Color | None:
    if value is not None:
        _settings(context).color = value
    return value


Capture = Annotated[
    str,
    typer.Argument(
        metavar="CAPTURE", help="A pcap or pcapng file, a report saved as JSON, or - for standard input."
    ),
]
DisplayFilter = Annotated[
    str | None,
    typer.Option(
        "-Y",
        "--display-filter",
        metavar="FILTER",
        help="Read only packets that match this Wireshark display filter.",
        rich_help_panel=_READING,
    ),
]
Connections = Annotated[
    list[int] | None,
    typer.Option(
        "--connection",
        metavar="N",
        min=0,
        help="Report only this connection (its tcp.stream number); may be repeated.",
        rich_help_panel=_READING,
    ),
]
Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="HOST",
        help="Report only connections to this address or name, or a name below it.",
        rich_help_panel=_READING,
    ),
]
Analyzers = Annotated[
    str | None,
    typer.Option(
        "--analyzers",
        metavar="A,B",
        help="Run only these analyzers; `pcap-report analyzers` lists them.",
        rich_help_panel=_READING,
    ),
]
Plugins = Annotated[
    list[Path] | None,
    typer.Option(
        "--plugin",
        metavar="FILE",
        help="A Python file with more analyzers; may be repeated. It is run: name only what you trust.",
        rich_help_panel=_READING,
    ),
]
Dissect = Annotated[
    list[int] | None,
    typer.Option(
        "--dissect",
        metavar="FRAME",
        min=1,
        help="Take this frame apart completely, every layer and field; may be repeated.",
        rich_help_panel=_READING,
    ),
]
Keylog = Annotated[
    Path | None,
    typer.Option(
        "--keylog",
        metavar="FILE",
        help="Look inside TLS and QUIC with this key log (NSS format, as programs write to SSLKEYLOGFILE).",
        rich_help_panel=_READING,
    ),
]
RpcLogFile = Annotated[
    Path | None,
    typer.Option(
        "--rpc-log",
        metavar="FILE",
        help="An application's log of its JSON-RPC messages (JSON lines), to be matched to encrypted bursts.",
        rich_help_panel=_READING,
    ),
]
ShowBodies = Annotated[
    bool,
    typer.Option(
        "--show-bodies",
        help="Print the bodies of messages inside HTTP, credentials masked; without it only their shape.",
        rich_help_panel=_WRITING,
    ),
]
ShowSecrets = Annotated[
    bool,
    typer.Option(
        "--show-secrets",
        help="Do not mask the credentials that are found inside: not for a report that others read.",
        rich_help_panel=_WRITING,
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="OUT",
        help="File to write; - is standard output. Without it: a view for the terminal, Markdown in a pipe.",
        rich_help_panel=_WRITING,
    ),
]
FormatName = Annotated[
    str | None,
    typer.Option(
        "-f",
        "--format",
        metavar="FORMAT",
        help="md, html, pdf, json or text; by default what OUT's ending says.",
        rich_help_panel=_WRITING,
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="LANG",
        help="Language of the report: en, the default; es, Spanish; zh, simplified Chinese.",
        rich_help_panel=_WRITING,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="PROFILE",
        help="Which report: lab, the full narrative and the default; brief, one page; triage, trouble first;"
        " layers, layer by layer.",
        rich_help_panel=_WRITING,
    ),
]
Title = Annotated[
    str | None,
    typer.Option("--title", metavar="TEXT", help="Title of the report.", rich_help_panel=_WRITING),
]
Author = Annotated[
    str | None, typer.Option("--author", metavar="TEXT", help="Who hands it in.", rich_help_panel=_WRITING)
]
Course = Annotated[
    str | None, typer.Option("--course", metavar="TEXT", help="For which course.", rich_help_panel=_WRITING)
]
Date = Annotated[
    str | None,
    typer.Option("--date", metavar="TEXT", help="Date to print, as you write it.", rich_help_panel=_WRITING),
]
Template = Annotated[
    Path | None,
    typer.Option(
        "--template",
        metavar="DIR",
        help="Folder with templates that go before the built-in ones.",
        rich_help_panel=_WRITING,
    ),
]
Charts = Annotated[
    str | None,
    typer.Option(
        "--charts",
        metavar="DIR",
        help="Write the charts of a Markdown report as SVG files to this folder and show them in it; auto is"
        " OUT's name with -files.",
        rich_help_panel=_WRITING,
    ),
]
Anonymize = Annotated[
    bool,
    typer.Option(
        "--anonymize",
        help="Pseudonyms for addresses, names and dates, so that the report can be published.",
        rich_help_panel=_WRITING,
    ),
]
AnonymizeKey = Annotated[
    Path | None,
    typer.Option(
        "--anonymize-key",
        metavar="FILE",
        help="Keep the key of the pseudonyms here, for the same ones in several reports; made if missing.",
        rich_help_panel=_WRITING,
    ),
]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify",
        help="Ask tshark again whether every statement is true; it ends with 1 when one is not.",
        rich_help_panel=_READING,
    ),
]
Rules = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        help="Rules of your own, and changes to ours, in YAML (docs/rules.md).",
        rich_help_panel=_READING,
    ),
]
RulesChoice = Annotated[
    RulesFormat,
    typer.Option("-f", "--format", help="A table, JSON, or a page.", rich_help_panel=_WRITING),
]
Explained = Annotated[
    str, typer.Argument(metavar="WHAT", help="A frame's number, or the id of a rule or finding.")
]
MaybeCapture = Annotated[
    str | None, typer.Argument(metavar="[CAPTURE]", help="Where to look: a capture, or a saved report.")
]
Before = Annotated[str, typer.Argument(metavar="BEFORE", help="A capture, or a report saved as JSON.")]
After = Annotated[str, typer.Argument(metavar="AFTER", help="The capture or report to compare with it.")]
Percent = Annotated[
    float,
    typer.Option(
        "--percent", min=0, help="Numbers that differ by less are the same.", rich_help_panel=_READING
    ),
]
LeastMs = Annotated[
    float,
    typer.Option(
        "--least-ms", min=0, help="Times that differ by less are the same.", rich_help_panel=_READING
    ),
]
AnnotatedOut = Annotated[
    str, typer.Option("-o", "--output", metavar="OUT.pcapng", help="The copy.", rich_help_panel=_WRITING)
]
Strip = Annotated[
    bool,
    typer.Option("--strip", help="Take our comments out, and write none.", rich_help_panel=_WRITING),
]
Baseline = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="REPORT.json",
        help="What this capture or saved report has among its findings is known: only what is new counts.",
        rich_help_panel=_READING,
    ),
]
Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="Captures, folders with captures, and globs of them."),
]
BatchOut = Annotated[
    Path,
    typer.Option(
        "-o",
        "--output",
        metavar="DIR",
        help="Folder for the reports and their index; made if missing.",
        rich_help_panel=_WRITING,
    ),
]
BatchFormat = Annotated[
    str,
    typer.Option(
        "-f",
        "--format",
        metavar="FORMAT",
        help="Format of each report, beside its JSON: html, md, pdf, json or text.",
        rich_help_panel=_WRITING,
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        min=1,
        help="Processes at a time; one on each core by default.",
        show_default=False,
        rich_help_panel=_RUN,
    ),
]
SavedReport = Annotated[Path, typer.Argument(metavar="REPORT.json", help="A report saved as JSON.")]
ItsCapture = Annotated[Path, typer.Argument(metavar="CAPTURE", help="The capture that it was made of.")]
Captures = Annotated[
    list[str],
    typer.Argument(metavar="CAPTURE…", help="Captures, or reports saved as JSON; patterns too: * and **."),
]
Expect = Annotated[
    Path, typer.Option("--expect", metavar="FILE", help="The expectations file.", rich_help_panel=_READING)
]
Junit = Annotated[
    Path | None,
    typer.Option("--junit", metavar="FILE", help="Write results as JUnit XML.", rich_help_panel=_WRITING),
]
Sarif = Annotated[
    Path | None,
    typer.Option("--sarif", metavar="FILE", help="Write results as SARIF 2.1.0.", rich_help_panel=_WRITING),
]
Github = Annotated[
    bool,
    typer.Option("--github", help="Print annotations for GitHub Actions.", rich_help_panel=_WRITING),
]
ExpectationsSchema = Annotated[
    bool, typer.Option("--expectations", help="The schema of an expectations file.")
]
TableChoice = Annotated[
    TableFormat,
    typer.Option("-f", "--format", help="A table, or JSON for programs.", rich_help_panel=_WRITING),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "-q", "--quiet", callback=_set_quiet, help="No progress and no notes.", rich_help_panel=_RUN
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "-v",
        "--verbose",
        callback=_set_verbose,
        help="Say which pcap-report.toml was read.",
        rich_help_panel=_RUN,
    ),
]
Colored = Annotated[
    Color | None,
    typer.Option(
        "--color",
        callback=_set_color,
        help="When to colour; auto, the default, heeds NO_COLOR.",
        show_default=False,
        rich_help_panel=_RUN,
    ),
]
Debug = Annotated[
    bool,
    typer.Option(
        "--debug", callback=_set_debug, help="Show the traceback of an error.", rich_help_panel=_RUN
    ),
]

Target = Annotated[
    str,
    typer.Argument(
        metavar="TARGET",
        help="Whom to watch: a host, HOST:PORT, a port, ports like 8000-8010, or a URL.",
        show_default=False,
    ),
]
CaptureMode = Annotated[
    Mode,
    typer.Option("--mode", help="What to capture; auto is what fits the target.", rich_help_panel=_RECORDING),
]
Interfaces = Annotated[
    list[str] | None,
    typer.Option(
        "-i",
        "--interface",
        metavar="NAME",
        help="Where; by default where the route to the target leads. May be repeated.",
        rich_help_panel=_RECORDING,
    ),
]
Duration = Annotated[
    int | None,
    typer.Option(
        "--duration",
        metavar="SECONDS",
        min=1,
        help="End after so long; by default 30, with --ring a day.",
        rich_help_panel=_RECORDING,
    ),
]
Packets = Annotated[
    int | None,
    typer.Option(
        "--packets",
        metavar="N",
        min=1,
        help="End after so many packets; by default 100,000.",
        rich_help_panel=_RECORDING,
    ),
]
Size = Annotated[
    str | None,
    typer.Option(
        "--size",
        metavar="SIZE",
        help="End at this size, like 500k, 50M (the default) or 1G; with --ring, of each file: 10M.",
        rich_help_panel=_RECORDING,
    ),
]
SnapLength = Annotated[
    int | None,
    typer.Option(
        "--snaplen",
        metavar="BYTES",
        min=34,
        help="Keep only the first bytes of each packet; by default all.",
        rich_help_panel=_RECORDING,
    ),
]
Ring = Annotated[
    int | None,
    typer.Option(
        "--ring",
        metavar="FILES",
        min=2,
        help="Watch for long: keep the last FILES files of --size, the oldest makes room.",
        rich_help_panel=_RECORDING,
    ),
]
PacketFile = Annotated[
    Path | None,
    typer.Option(
        "-w",
        "--write",
        metavar="FILE",
        help="Keep the packets here; by default beside OUT, or in a file named by the time.",
        rich_help_panel=_RECORDING,
    ),
]
ListInterfaces = Annotated[
    bool, typer.Option("--list", help="List the interfaces and end.", rich_help_panel=_RECORDING)
]

Roots = Annotated[
    list[Path] | None,
    typer.Option(
        "--root",
        metavar="DIR",
        help="Captures below this folder may be read; may be repeated. By default the current folder.",
        rich_help_panel=_SERVING,
    ),
]
Http = Annotated[
    bool,
    typer.Option(
        "--http",
        help="Serve over HTTP on 127.0.0.1 instead of a pipe; the token is printed, or is"
        " PCAP_REPORT_MCP_TOKEN.",
        rich_help_panel=_SERVING,
    ),
]
Port = Annotated[
    int,
    typer.Option(
        "--port", min=0, max=65535, help="Port of --http; 0 is any free one.", rich_help_panel=_SERVING
    ),
]
AllowCapture = Annotated[
    bool,
    typer.Option(
        "--allow-capture",
        help="Allow live captures; they are kept below the first --root.",
        rich_help_panel=_SERVING,
    ),
]
