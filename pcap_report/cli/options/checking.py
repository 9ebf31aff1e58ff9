"""What to prove, to expect and to compare: the options of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_READING = "What to read"
_WRITING = "What to write"

Verify = Annotated[
    bool,
    typer.Option(
        "--verify",
        help="Ask tshark again whether every statement is true; it ends with 1 when one is not.",
        rich_help_panel=_READING,
    ),
]
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
Baseline = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="REPORT.json",
        help="What this capture or saved report has among its findings is known: only what is new counts.",
        rich_help_panel=_READING,
    ),
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
