"""docs/reference/command-line.md: every command with its arguments, options and examples."""

from __future__ import annotations

import inspect
from typing import Any, Final

from tools.reference.markdown import cell, code, fenced, prose, slug, table

_BEGINNING: Final = """\
# Command line

Every command with all its options, as `pcap-report COMMAND --help` lists them. What a command ends with:
[exit codes](../exit-codes.md).
"""


def command_line_page() -> str:
    """Write the page."""
    from pcap_report.cli.app import command

    root: Any = command()  # of Typer or of click, whichever this Typer builds on
    context = root.context_class(root, info_name="pcap-report")
    commands = {name: root.commands[name] for name in root.list_commands(context)}
    lines = [_BEGINNING]
    lines += table(
        ("command", "what it does"),
        [
            (f"[`{name}`](#{slug('pcap-report ' + name)})", cell(one.short_help))
            for name, one in commands.items()
        ],
    )
    lines += ["## Before any command", "", *_options(root, context)]
    for name, one in commands.items():
        lines += _command(name, one, one.context_class(one, info_name=name, parent=context))
    return "\n".join(lines).rstrip() + "\n"


def _command(name: str, command: Any, context: Any) -> list[str]:  # noqa: ANN401 - see above
    usage = command.get_usage(context).removeprefix("Usage: ")
    examples = inspect.cleandoc((command.epilog or "").replace("\b", "").partition("Examples:")[2])
    return [
        f"## pcap-report {name}",
        "",
        prose((command.help or "").replace("\b", "")),
        "",
        *fenced(" ".join(usage.split())),
        *_options(command, context),
        *(["Examples:", "", *fenced(examples)] if examples else []),
    ]


def _options(command: Any, context: Any) -> list[str]:  # noqa: ANN401 - see above
    rows = [one.get_help_record(context) for one in command.get_params(context) if not _is_hidden(one)]
    found = [row for row in rows if row]
    return table(("option", "meaning"), [(code(what), cell(text)) for what, text in found])


def _is_hidden(parameter: Any) -> bool:  # noqa: ANN401 - see above
    return bool(getattr(parameter, "hidden", False))
