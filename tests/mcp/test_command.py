"""The command `pcap-report mcp`: what it refuses to start with."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.mcp.service import PROGRAM

if TYPE_CHECKING:
    from pathlib import Path


def test_without_the_sdk_it_says_what_to_install() -> None:
    program = (
        "import sys\nsys.modules['mcp'] = None\nfrom pcap_report.cli.main import run\nsys.exit(run(['mcp']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'pcap-report[mcp]'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--root", "no-such-folder"], "is no folder"), (["--http", "--port", "99999"], "--port")],
)
def test_what_cannot_be_served_is_said(arguments: list[str], said: str) -> None:
    done = subprocess.run([PROGRAM, "mcp", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [str(PROGRAM), "mcp", "--root", str(folder), "--http", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"Port {port} cannot be used" in done.stderr
