"""The page on templates: its partial, its profile and its settings do what it says, in every form."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import ROOT
from tests.cli.test_readme import blocks, write_templates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Desk

PAGE = ROOT / "docs" / "templates.md"


@pytest.mark.parametrize("form", ["md", "html"])
def test_its_profile_tells_every_handshake(desk: Desk, sample: Callable[[str], Path], form: str) -> None:
    write_templates(PAGE, desk.folder)
    done = desk.run(
        "analyze",
        sample("lossy-three-connections"),
        "--template",
        "mine",
        "--profile",
        "handshakes",
        "-f",
        form,
    )
    assert (done.status, done.err) == (0, "")
    said = done.out.replace("\N{NO-BREAK SPACE}", " ")  # on a page a number stays on the line of its unit
    for text in ("Handshakes", "79.8 ms", "79.7 ms", "80 ms", "tcp.stream == 2", "lossy-three-connections"):
        assert text in said
    assert done.out.count("```mermaid" if form == "md" else "<figure") == 3


def test_its_partial_replaces_ours(desk: Desk, sample: Callable[[str], Path]) -> None:
    write_templates(PAGE, desk.folder)
    done = desk.run("analyze", sample("lossy-three-connections"), "--template", "mine")
    assert "For the class" in done.out
    assert "- **low** Connection 0: 2 segments were sent again. (frames 24, 34 ·" in done.out
    assert "Key frames" in done.out


def test_its_settings_are_read(desk: Desk, sample: Callable[[str], Path]) -> None:
    [settings] = blocks(PAGE, "toml")
    desk.file("pcap-report.toml", settings.encode())
    (desk.folder / "templates").mkdir()
    desk.file("templates/unused.j2")
    shutil.copy(sample("mcp-tls13"), desk.folder / "mine.pcapng")
    done = desk.run("analyze", "mine.pcapng")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("# Lab 3")
    assert "**Curso:** Networks" in done.out
    assert "Una trama, cuatro capas" in done.out
