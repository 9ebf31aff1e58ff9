"""What to serve: the options of `mcp`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pcap_report.cli.options.panels import SERVING

Roots = Annotated[
    list[Path] | None,
    typer.Option(
        "--root",
        metavar="DIR",
        help="Captures below this folder may be read; may be repeated. By default the current folder.",
        rich_help_panel=SERVING,
    ),
]
Http = Annotated[
    bool,
    typer.Option(
        "--http",
        help="Serve over HTTP on 127.0.0.1 instead of a pipe; the token is printed, or is"
        " PCAP_REPORT_MCP_TOKEN.",
        rich_help_panel=SERVING,
    ),
]
Port = Annotated[
    int,
    typer.Option(
        "--port", min=0, max=65535, help="Port of --http; 0 is any free one.", rich_help_panel=SERVING
    ),
]
AllowCapture = Annotated[
    bool,
    typer.Option(
        "--allow-capture",
        help="Allow live captures; they are kept below the first --root.",
        rich_help_panel=SERVING,
    ),
]
