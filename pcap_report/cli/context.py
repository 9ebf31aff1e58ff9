"""What a command takes from, and gives back to, the program that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pcap_report.cli.settings import Settings

if TYPE_CHECKING:
    from pcap_report.errors import ExitCode


def settings_of(context: typer.Context) -> Settings:
    """Return the settings of this run."""
    found = context.find_root().obj
    assert isinstance(found, Settings)  # main() put it there
    return found


def end_with(code: ExitCode) -> None:
    """End the command with this exit code, where it is not 0."""
    if code:
        raise typer.Exit(code)
