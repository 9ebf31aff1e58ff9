"""What to write: the options of it, each written once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pcap_report.cli.options import completion
from pcap_report.cli.options.panels import WRITING

Out = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="OUT",
        help="File to write; - is standard output. Without it: a view for the terminal, Markdown in a pipe.",
        rich_help_panel=WRITING,
    ),
]
FormatName = Annotated[
    str | None,
    typer.Option(
        "-f",
        "--format",
        metavar="FORMAT",
        help="md, html, pdf, json or text; by default what OUT's ending says.",
        autocompletion=completion.formats,
        rich_help_panel=WRITING,
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="LANG",
        help="Language of the report: en, the default; es, Spanish; zh, simplified Chinese.",
        autocompletion=completion.languages,
        rich_help_panel=WRITING,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="PROFILE",
        help="Which report: lab, the full narrative and the default; brief, one page; triage, trouble first;"
        " layers, layer by layer.",
        autocompletion=completion.profiles,
        rich_help_panel=WRITING,
    ),
]
Title = Annotated[
    str | None,
    typer.Option("--title", metavar="TEXT", help="Title of the report.", rich_help_panel=WRITING),
]
Author = Annotated[
    str | None,
    typer.Option("--author", metavar="TEXT", help="Who hands it in.", rich_help_panel=WRITING),
]
Course = Annotated[
    str | None,
    typer.Option("--course", metavar="TEXT", help="For which course.", rich_help_panel=WRITING),
]
Date = Annotated[
    str | None,
    typer.Option("--date", metavar="TEXT", help="Date to print, as you write it.", rich_help_panel=WRITING),
]
Template = Annotated[
    Path | None,
    typer.Option(
        "--template",
        metavar="DIR",
        help="Folder with templates that go before the built-in ones.",
        rich_help_panel=WRITING,
    ),
]
Charts = Annotated[
    str | None,
    typer.Option(
        "--charts",
        metavar="DIR",
        help="Write the charts of a Markdown report as SVG files to this folder and show them in it; auto is"
        " OUT's name with -files.",
        rich_help_panel=WRITING,
    ),
]
Anonymize = Annotated[
    bool,
    typer.Option(
        "--anonymize",
        help="Pseudonyms for addresses, names and dates, so that the report can be published.",
        rich_help_panel=WRITING,
    ),
]
AnonymizeKey = Annotated[
    Path | None,
    typer.Option(
        "--anonymize-key",
        metavar="FILE",
        help="Keep the key of the pseudonyms here, for the same ones in several reports; made if missing.",
        rich_help_panel=WRITING,
    ),
]
AnnotatedOut = Annotated[
    str,
    typer.Option("-o", "--output", metavar="OUT.pcapng", help="The copy.", rich_help_panel=WRITING),
]
Strip = Annotated[
    bool,
    typer.Option("--strip", help="Take our comments out, and write none.", rich_help_panel=WRITING),
]
BatchOut = Annotated[
    str,
    typer.Option(
        "-o",
        "--output",
        metavar="DIR",
        help="Folder for the reports and their index, or its URL; made if missing.",
        rich_help_panel=WRITING,
    ),
]
BatchFormat = Annotated[
    str,
    typer.Option(
        "-f",
        "--format",
        metavar="FORMAT",
        help="Format of each report, beside its JSON: html, md, pdf, json or text.",
        autocompletion=completion.formats,
        rich_help_panel=WRITING,
    ),
]
