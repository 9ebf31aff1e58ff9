"""On a terminal: a drawn report, colours, notes and progress; on standard error what is not the report."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

import fcntl
import pty
import select
import struct
import subprocess
import termios

from tests.cli.conftest import KNOWS_FIELDS, PROGRAM

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

Sample = Callable[[str], Path]
_STYLE = re.compile(r"\x1b\[[0-9;]*m")


def on_a_terminal(desk: Desk, *arguments: object, columns: int = 100) -> str:
    """Run the command with all three streams on a terminal and return what appears there."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = {"TERM": "xterm-256color", **desk.environment}
    process = subprocess.Popen(
        [PROGRAM, *map(str, arguments)],
        cwd=desk.folder,
        env=environment,
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([master], [], [], 0.2)
        try:
            piece = os.read(master, 65536) if ready else None
        except OSError:  # Linux tells so that the other end is closed
            break
        if piece == b"":
            break
        shown += piece or b""
    os.close(master)
    assert process.wait(timeout=30) == 0
    return shown.decode().replace("\r\n", "\n")


def test_the_report_is_drawn_in_colour(desk: Desk, sample: Sample) -> None:
    shown = on_a_terminal(desk, "analyze", sample("lossy-three-connections"))
    assert "\x1b[" in shown
    plain = _STYLE.sub("", shown)
    assert plain.startswith("╭─ lossy-three-connections.pcapng ─")
    assert "├─ [7] SYN" in plain


@pytest.mark.parametrize(
    ("options", "variables"),
    [(["--color", "never"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"})],
    ids=["never", "NO_COLOR", "dumb"],
)
def test_the_report_is_drawn_without_colour(
    desk: Desk, sample: Sample, options: list[str], variables: dict[str, str]
) -> None:
    desk.environment |= variables
    shown = on_a_terminal(desk, "analyze", sample("mcp-tls13"), *options)
    assert "\x1b" not in shown
    assert "├─ [7] SYN" in shown


def test_colour_can_be_had_in_a_pipe(desk: Desk, sample: Sample) -> None:
    desk.environment["NO_COLOR"] = "1"
    done = desk.run("analyze", sample("mcp-tls13"), "-f", "text", "--color", "always")
    assert "\x1b[" in done.out
    assert "\x1b" not in desk.run("analyze", sample("mcp-tls13"), "-f", "text").out


@pytest.mark.parametrize("columns", [40, 64, 120])
def test_it_fits_the_terminal(desk: Desk, sample: Sample, columns: int) -> None:
    shown = on_a_terminal(desk, "analyze", sample("mcp-tls13"), "--color", "never", columns=columns)
    assert max(map(len, shown.splitlines())) == columns


def test_the_table_of_connections_is_drawn(desk: Desk, sample: Sample) -> None:
    shown = on_a_terminal(desk, "connections", sample("lossy-three-connections"), "--color", "never")
    assert "────" in shown
    assert "calm-river-42" in shown


def test_it_says_where_the_report_lies(desk: Desk, sample: Sample) -> None:
    shown = on_a_terminal(desk, "analyze", sample("mcp-tls13"), "-o", "report.md")
    said = "pcap-report: note: the report lies in report.md\n"
    assert shown.endswith(said)  # a spinner that was shown on a slow machine is taken away before
    assert on_a_terminal(desk, "analyze", sample("mcp-tls13"), "-o", "report.md", "-q") == ""


def test_nothing_is_awaited_from_a_keyboard(desk: Desk) -> None:
    with pytest.raises(AssertionError):
        on_a_terminal(desk, "analyze", "-")


def test_long_reading_shows_progress_that_vanishes(desk: Desk, sample: Sample, real_tshark: str) -> None:
    rows = desk.folder / "rows"
    repeat = f'{real_tshark} "$@" >"{rows}"; for i in $(seq 200); do cat "{rows}"; sleep 0.02; done'
    desk.tshark_is(KNOWS_FIELDS.format(tshark=real_tshark) + repeat + "\n")
    shown = on_a_terminal(desk, "analyze", sample("lossy-three-connections"), "-f", "json", "-o", "r.json")
    assert "Reading: " in _STYLE.sub("", shown)
    assert shown.rstrip().endswith("the report lies in r.json")
    assert "\x1b[2K" in shown, "the line of progress was not erased"
    quiet = on_a_terminal(desk, "analyze", sample("lossy-three-connections"), "-o", "r.json", "--quiet")
    assert quiet == ""
