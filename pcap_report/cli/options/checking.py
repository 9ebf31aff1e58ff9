"""What to prove, to expect and to compare: the options of it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pcap_report.cli.options.panels import READING, WRITING


class Least(StrEnum):
    """From which severity on a finding counts."""

    info = "info"
    low = "low"
    medium = "medium"
    high = "high"


Verify = Annotated[
    bool,
    typer.Option(
        "--verify",
        help="Ask tshark again whether every statement is true; it ends with 1 when one is not.",
        rich_help_panel=READING,
    ),
]
Percent = Annotated[
    float,
    typer.Option(
        "--percent", min=0, help="Numbers that differ by less are the same.", rich_help_panel=READING
    ),
]
LeastMs = Annotated[
    float,
    typer.Option(
        "--least-ms", min=0, help="Times that differ by less are the same.", rich_help_panel=READING
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="REPORT.json",
        help="What this capture or saved report has among its findings is known: only what is new counts.",
        rich_help_panel=READING,
    ),
]
FailOn = Annotated[
    Least | None,
    typer.Option(
        "--fail-on",
        help="End with 1 when there is a finding of this severity or a graver one; with --baseline, info.",
        show_default=False,
        rich_help_panel=READING,
    ),
]
Baselines = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="REPORT.json",
        help="What this capture or saved report has among its findings is known: only what is new counts."
        " Of a folder, each capture has the file at its own path.",
        rich_help_panel=READING,
    ),
]
FailOnToo = Annotated[
    Least | None,
    typer.Option(
        "--fail-on",
        help="Expect no finding of this severity or a graver one, whatever the file says.",
        show_default=False,
        rich_help_panel=READING,
    ),
]
Expect = Annotated[
    Path | None,
    typer.Option(
        "--expect",
        metavar="FILE",
        help="The expectations file; needed unless --fail-on is given.",
        rich_help_panel=READING,
    ),
]
Summary = Annotated[
    Path | None,
    typer.Option(
        "--summary",
        metavar="FILE",
        help="Write results as Markdown, for a comment on a pull request.",
        rich_help_panel=WRITING,
    ),
]
Junit = Annotated[
    Path | None,
    typer.Option("--junit", metavar="FILE", help="Write results as JUnit XML.", rich_help_panel=WRITING),
]
Sarif = Annotated[
    Path | None,
    typer.Option("--sarif", metavar="FILE", help="Write results as SARIF 2.1.0.", rich_help_panel=WRITING),
]
Github = Annotated[
    bool,
    typer.Option("--github", help="Print annotations for GitHub Actions.", rich_help_panel=WRITING),
]
