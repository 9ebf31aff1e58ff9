"""What to read, and how: the arguments and options of it, each written once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pcap_report.cli.options import completion
from pcap_report.cli.options.panels import READING, RUN, WRITING

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
        rich_help_panel=READING,
    ),
]
Connections = Annotated[
    list[int] | None,
    typer.Option(
        "--connection",
        metavar="N",
        min=0,
        help="Report only this connection (its tcp.stream number); may be repeated.",
        rich_help_panel=READING,
    ),
]
Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="HOST",
        help="Report only connections to this address or name, or a name below it.",
        rich_help_panel=READING,
    ),
]
Analyzers = Annotated[
    str | None,
    typer.Option(
        "--analyzers",
        metavar="A,B",
        help="Run only these analyzers; `pcap-report analyzers` lists them.",
        autocompletion=completion.analyzers,
        rich_help_panel=READING,
    ),
]
Plugins = Annotated[
    list[Path] | None,
    typer.Option(
        "--plugin",
        metavar="FILE",
        help="A Python file with more analyzers; may be repeated. It is run: name only what you trust.",
        rich_help_panel=READING,
    ),
]
Dissect = Annotated[
    list[int] | None,
    typer.Option(
        "--dissect",
        metavar="FRAME",
        min=1,
        help="Take this frame apart completely, every layer and field; may be repeated.",
        rich_help_panel=READING,
    ),
]
Keylog = Annotated[
    Path | None,
    typer.Option(
        "--keylog",
        metavar="FILE",
        help="Look inside TLS and QUIC with this key log (NSS format, as programs write to SSLKEYLOGFILE).",
        rich_help_panel=READING,
    ),
]
RpcLogFile = Annotated[
    Path | None,
    typer.Option(
        "--rpc-log",
        metavar="FILE",
        help="An application's log of its JSON-RPC messages (JSON lines), to be matched to encrypted bursts.",
        rich_help_panel=READING,
    ),
]
BatchKeylog = Annotated[
    Path | None,
    typer.Option(
        "--keylog",
        metavar="FILE|DIR",
        help="Look inside TLS and QUIC with this key log; of a folder, with NAME.keys for NAME.pcapng.",
        rich_help_panel=READING,
    ),
]
BatchRpcLog = Annotated[
    Path | None,
    typer.Option(
        "--rpc-log",
        metavar="FILE|DIR",
        help="An application's log of JSON-RPC messages; of a folder, NAME.rpc.jsonl for NAME.pcapng.",
        rich_help_panel=READING,
    ),
]
ShowBodies = Annotated[
    bool,
    typer.Option(
        "--show-bodies",
        help="Print the bodies of messages inside HTTP, credentials masked; without it only their shape.",
        rich_help_panel=WRITING,
    ),
]
ShowSecrets = Annotated[
    bool,
    typer.Option(
        "--show-secrets",
        help="Do not mask the credentials that are found inside: not for a report that others read.",
        rich_help_panel=WRITING,
    ),
]
Rules = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        help="Rules of your own, and changes to ours, in YAML (docs/rules.md).",
        rich_help_panel=READING,
    ),
]
Explained = Annotated[
    str,
    typer.Argument(
        metavar="WHAT",
        help="A frame's number, or the id of a rule or finding.",
        autocompletion=completion.rules,
    ),
]
MaybeCapture = Annotated[
    str | None, typer.Argument(metavar="[CAPTURE]", help="Where to look: a capture, or a saved report.")
]
Before = Annotated[str, typer.Argument(metavar="BEFORE", help="A capture, or a report saved as JSON.")]
After = Annotated[str, typer.Argument(metavar="AFTER", help="The capture or report to compare with it.")]
Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="Captures, folders with captures, and globs of them; URLs too."),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        min=1,
        help="Processes at a time, for large captures and batches; one on each core by default.",
        show_default=False,
        rich_help_panel=RUN,
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS",
        help="Let the workers of this Dask scheduler do the work, such as tcp://scheduler:8786.",
        rich_help_panel=RUN,
    ),
]
SavedReport = Annotated[Path, typer.Argument(metavar="REPORT.json", help="A report saved as JSON.")]
ItsCapture = Annotated[Path, typer.Argument(metavar="CAPTURE", help="The capture that it was made of.")]
Captures = Annotated[
    list[str],
    typer.Argument(metavar="CAPTURE…", help="Captures, or reports saved as JSON; patterns too: * and **."),
]
