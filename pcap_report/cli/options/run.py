"""How this run goes: the options that every command has."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from pcap_report.cli.context import settings_of
from pcap_report.cli.options.panels import RUN
from pcap_report.cli.settings import SANDBOX_VARIABLE, Color, SandboxMode


def _set_quiet(context: typer.Context, value: bool) -> bool:
    settings_of(context).quiet |= value
    return value


def _set_verbose(context: typer.Context, value: bool) -> bool:
    settings_of(context).verbose |= value
    return value


def _set_debug(context: typer.Context, value: bool) -> bool:
    settings_of(context).debug |= value
    return value


def _set_sandbox(value: SandboxMode | None) -> SandboxMode | None:
    """Say it in the environment, where every process that we start finds it too."""
    if value is not None:
        os.environ[SANDBOX_VARIABLE] = value
    return value


def _set_color(context: typer.Context, value: Color | None) -> Color | None:
    if value is not None:
        settings_of(context).color = value
    return value


Quiet = Annotated[
    bool,
    typer.Option("-q", "--quiet", callback=_set_quiet, help="No progress and no notes.", rich_help_panel=RUN),
]
Sandbox = Annotated[
    SandboxMode | None,
    typer.Option(
        "--sandbox",
        callback=_set_sandbox,
        help="Run tshark without network and files; auto, the default, where it works.",
        show_default=False,
        rich_help_panel=RUN,
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "-v",
        "--verbose",
        callback=_set_verbose,
        help="Say which pcap-report.toml was read.",
        rich_help_panel=RUN,
    ),
]
Colored = Annotated[
    Color | None,
    typer.Option(
        "--color",
        callback=_set_color,
        help="When to colour; auto, the default, heeds NO_COLOR.",
        show_default=False,
        rich_help_panel=RUN,
    ),
]
Debug = Annotated[
    bool,
    typer.Option("--debug", callback=_set_debug, help="Show the traceback of an error.", rich_help_panel=RUN),
]
