"""The command `pcap-report mcp`: what it refuses to start with."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.mcp.service import PROGRAM, TOKEN

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


def test_the_whole_disk_is_not_served_by_accident() -> None:
    """Some clients start their servers there."""
    done = subprocess.run([PROGRAM, "mcp"], cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "would read the whole disk" in done.stderr
    assert "pcap-report mcp --root FOLDER" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's redirection")
@pytest.mark.parametrize("closed", ["<&-", "</dev/null >&-"])
def test_with_nobody_to_speak_to_it_says_so(folder: Path, closed: str) -> None:
    command = f"'{PROGRAM}' mcp --root '{folder}' {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Standard input or output is closed" in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("own", [True, False], ids=["the operator's", "a new one"])
def test_a_token_of_the_operator_s_is_not_printed(folder: Path, own: bool) -> None:
    environment = {**os.environ, "PCAP_REPORT_MCP_TOKEN": TOKEN if own else ""}
    command = [str(PROGRAM), "mcp", "--root", str(folder), "--http", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        said = [server.stderr.readline(), server.stderr.readline()]
        server.terminate()
    assert "/mcp" in said[1]
    assert TOKEN not in "".join(said)
    printed = said[0].partition("token: ")[2].strip()
    assert (printed == "the one in PCAP_REPORT_MCP_TOKEN") if own else len(printed) > 30


def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [str(PROGRAM), "mcp", "--root", str(folder), "--http", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"Port {port} cannot be used" in done.stderr
