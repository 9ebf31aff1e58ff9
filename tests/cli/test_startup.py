"""Start-up: what is not needed is not imported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Sample = Callable[[str], Path]
_HEAVY = {"typer", "rich", "jinja2", "pyshark", "cryptography", "lxml", "msgspec", "asyncio"}


def imported_by(statement: str) -> set[str]:
    """Return the packages that a fresh interpreter has after a statement."""
    tell = "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    program = f"import sys\n{statement}\n{tell}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_importing_the_package_costs_nothing() -> None:
    assert imported_by("import pcap_report") & _HEAVY == set()


@pytest.mark.parametrize(
    ("arguments", "not_needed"),
    [
        (["--version"], _HEAVY - {"typer"}),
        (["schema"], {"rich", "jinja2", "pyshark", "cryptography", "lxml", "asyncio"}),
        (
            ["analyze", "samples/mcp-tls13.pcapng", "-f", "json"],
            {"rich", "jinja2", "pyshark", "lxml", "asyncio"},
        ),
        (["analyze", "samples/mcp-tls13.pcapng", "-f", "md"], {"rich", "pyshark", "lxml", "asyncio"}),
        (["analyze", "samples/mcp-tls13.pcapng", "-f", "text"], {"jinja2", "pyshark", "lxml", "asyncio"}),
        (["connections", "samples/mcp-tls13.pcapng"], {"rich", "jinja2", "pyshark", "lxml", "asyncio"}),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_a_command_imports_only_what_it_uses(arguments: list[str], not_needed: set[str]) -> None:
    root = Path(__file__).resolve().parents[2]
    place = f"import os\nos.chdir({str(root)!r})"
    statement = f"{place}\nfrom pcap_report.cli.main import run\nassert run({arguments}) == 0"
    assert imported_by(statement) & not_needed == set()
