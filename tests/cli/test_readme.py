"""What the README and the pages below docs/ tell people to type works, and prints what they say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pcap_report.errors import ExitCode
from tests.cli.conftest import PROGRAM, ROOT, Desk

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LEFT_OUT = "…"


def blocks(page: Path, *languages: str) -> list[str]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [text for language, text in found if language in languages]


def commands(page: Path) -> list[tuple[str, list[str]]]:
    """Return the commands of a page, each with the lines that it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for line in (line for block in blocks(page, "console", "sh") for line in block.splitlines()):
        if line.startswith(("$ pcap-report ", "pcap-report ")):
            found.append((line.removeprefix("$ "), []))
        elif found and line and not line.startswith(("make ", "#  ")):
            found[-1][1].append(line)
    return found


def write_templates(page: Path, folder: Path) -> None:
    """Write the templates of a page, each at the path that its first line names."""
    for block in blocks(page, "jinja"):
        path = folder / block.partition("#}")[0].removeprefix("{#").strip()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block, encoding="utf-8")


def pattern_of(line: str) -> re.Pattern[str]:
    """Read a line of a page: where it has an ellipsis, anything may stand."""
    return re.compile(".*".join(map(re.escape, line.split(_LEFT_OUT))))


@pytest.mark.skipif(sys.platform == "win32", reason="the pages show a POSIX shell")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_works_and_prints_what_the_page_says(desk: Desk, page: Path) -> None:
    for name in ("samples", "examples"):
        (desk.folder / name).symlink_to(ROOT / name)
    for number, block in enumerate(blocks(page, "python")):
        name = block.partition(":")[0].removeprefix('"""') if block.startswith('"""') else f"{number}.py"
        (desk.folder / name).write_text(block, encoding="utf-8")
    write_templates(page, desk.folder)
    desk.environment["PATH"] = f"{PROGRAM.parent}:{desk.environment['PATH']}"
    for command, lines in commands(page):
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=desk.folder,
            env=desk.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), command
        printed = done.stdout.splitlines()
        for line in lines:
            assert any(pattern_of(line).fullmatch(one) for one in printed), (
                f"{command}\ndoes not print\n{line}"
            )


def test_the_code_in_the_readme_runs(desk: Desk) -> None:
    (desk.folder / "samples").symlink_to(ROOT / "samples")
    [code] = blocks(ROOT / "README.md", "python")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=desk.folder,
        env=desk.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith("('mcp.example.net',) 24.5")


def test_the_analyzer_of_the_page_on_plugins_speaks(desk: Desk) -> None:
    from scapy.layers.inet import IP, TCP
    from scapy.layers.l2 import Ether
    from scapy.utils import wrpcap

    [code] = blocks(ROOT / "docs" / "plugins.md", "python")
    desk.file("urgent.py", code.encode())
    segments = [
        Ether() / IP(src="192.0.2.1", dst="192.0.2.2") / TCP(sport=4000, flags=flags) for flags in ("S", "AU")
    ]
    wrpcap(str(desk.folder / "urgent.pcap"), segments)
    done = desk.run("analyze", "urgent.pcap", "--plugin", "urgent.py", "-f", "json")
    assert (done.status, done.err) == (0, "")
    assert '"1 segment is urgent."' in done.out
    assert '"example.urgent": {' in done.out


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "docs" / "exit-codes.md"], ids=lambda page: page.name
)
def test_the_tables_of_exit_codes_are_complete(page: Path) -> None:
    codes = re.findall(r"^\| (\d+) \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(code) for code in codes] == sorted(ExitCode)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_two_commands_at_the_top_are_targets_of_the_makefile() -> None:
    [first, *_] = blocks(ROOT / "README.md", "sh")
    asked = [line.split()[1] for line in first.splitlines()]
    assert asked == ["report", "test"]
    make = shutil.which("make")
    assert make
    for target in asked:
        subprocess.run([make, "-n", target], cwd=ROOT, capture_output=True, check=True)
