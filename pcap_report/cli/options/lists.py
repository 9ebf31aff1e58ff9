"""How lists and schemas are printed: the options of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from pcap_report.cli.options.panels import WRITING


class TableFormat(StrEnum):
    """How a list is printed."""

    text = "text"
    json = "json"


class RulesFormat(StrEnum):
    """How the list of rules is printed."""

    text = "text"
    json = "json"
    md = "md"


RulesChoice = Annotated[
    RulesFormat,
    typer.Option("-f", "--format", help="A table, JSON, or a page.", rich_help_panel=WRITING),
]
ExpectationsSchema = Annotated[
    bool, typer.Option("--expectations", help="The schema of an expectations file.")
]
TableChoice = Annotated[
    TableFormat,
    typer.Option("-f", "--format", help="A table, or JSON for programs.", rich_help_panel=WRITING),
]
