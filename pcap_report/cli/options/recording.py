"""What to record: the options of `capture`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pcap_report.cli.options.panels import RECORDING
from pcap_report.live.modes import Mode

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
    typer.Option("--mode", help="What to capture; auto is what fits the target.", rich_help_panel=RECORDING),
]
Interfaces = Annotated[
    list[str] | None,
    typer.Option(
        "-i",
        "--interface",
        metavar="NAME",
        help="Where; by default where the route to the target leads. May be repeated.",
        rich_help_panel=RECORDING,
    ),
]
Duration = Annotated[
    int | None,
    typer.Option(
        "--duration",
        metavar="SECONDS",
        min=1,
        help="End after so long; by default 30, with --ring a day.",
        rich_help_panel=RECORDING,
    ),
]
Packets = Annotated[
    int | None,
    typer.Option(
        "--packets",
        metavar="N",
        min=1,
        help="End after so many packets; by default 100,000.",
        rich_help_panel=RECORDING,
    ),
]
Size = Annotated[
    str | None,
    typer.Option(
        "--size",
        metavar="SIZE",
        help="End at this size, like 500k, 50M (the default) or 1G; with --ring, of each file: 10M.",
        rich_help_panel=RECORDING,
    ),
]
SnapLength = Annotated[
    int | None,
    typer.Option(
        "--snaplen",
        metavar="BYTES",
        min=34,
        help="Keep only the first bytes of each packet; by default all.",
        rich_help_panel=RECORDING,
    ),
]
Ring = Annotated[
    int | None,
    typer.Option(
        "--ring",
        metavar="FILES",
        min=2,
        help="Watch for long: keep the last FILES files of --size, the oldest makes room.",
        rich_help_panel=RECORDING,
    ),
]
PacketFile = Annotated[
    Path | None,
    typer.Option(
        "-w",
        "--write",
        metavar="FILE",
        help="Keep the packets here; by default beside OUT, or in a file named by the time.",
        rich_help_panel=RECORDING,
    ),
]
ListInterfaces = Annotated[
    bool, typer.Option("--list", help="List the interfaces and end.", rich_help_panel=RECORDING)
]
