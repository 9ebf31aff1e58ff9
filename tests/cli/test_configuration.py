"""``pcap-report.toml``: found beside a capture, completed by the command line, refused when it is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Desk

    Sample = Callable[[str], Path]
FULL = """\
title = "Lab 3"
author = "Ana Ruiz"
course = "Networks"
date = 2026-11-21
lang = "es"
profile = "brief"
template = "ours"
"""


@pytest.fixture
def capture(desk: Desk, sample: Sample) -> Path:
    folder = desk.folder / "repository" / "captures"
    folder.mkdir(parents=True)
    return Path(shutil.copy(sample("mcp-tls13"), folder / "mine.pcapng"))


def test_every_key_counts(desk: Desk, capture: Path) -> None:
    (capture.parent / "pcap-report.toml").write_text(FULL, encoding="utf-8")
    partial = capture.parent / "ours" / "brief" / "sections" / "40-conclusions.md.j2"
    partial.parent.mkdir(parents=True)
    partial.write_text("OURS {{ capture.packets }}\n", encoding="utf-8")
    done = desk.run("analyze", capture)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("# Lab 3\n")
    for text in ("**Autor:** Ana Ruiz", "Networks", "2026&#45;11&#45;21", "El flujo en breve", "OURS 51"):
        assert text in done.out


def test_the_command_line_wins(desk: Desk, capture: Path) -> None:
    (capture.parent / "pcap-report.toml").write_text(FULL.replace('template = "ours"', ""), encoding="utf-8")
    done = desk.run("analyze", capture, "--title", "Mine", "--lang", "en", "--profile", "triage")
    assert done.out.startswith("# Mine\n")
    assert "At a glance" in done.out
    assert "**Author:** Ana Ruiz" in done.out


def test_verbose_names_the_file_that_was_read(desk: Desk, capture: Path) -> None:
    path = capture.parent / "pcap-report.toml"
    path.write_text('title = "Lab 3"\n', encoding="utf-8")
    assert desk.run("analyze", capture).err == ""
    assert desk.run("analyze", capture, "-v").errors == [
        f"pcap-report: note: defaults of the report come from {path}"
    ]
    assert desk.run("analyze", capture, "-v", "-q").err == ""


def test_it_is_looked_for_up_to_the_root_of_the_repository(desk: Desk, capture: Path) -> None:
    (desk.folder / "pcap-report.toml").write_text('title = "Above"\n', encoding="utf-8")
    root = capture.parents[1]
    assert "Above" not in desk.run("analyze", capture).out
    (root / "pcap-report.toml").write_text('title = "Root"\n', encoding="utf-8")
    assert "Root" not in desk.run("analyze", capture).out  # no repository: only the capture's own folder
    (root / ".git").mkdir()
    assert desk.run("analyze", capture).out.startswith("# Root\n")
    (root / "pcap-report.toml").unlink()
    assert "Above" not in desk.run("analyze", capture).out


def test_the_nearest_counts_and_pyproject_has_a_table_of_its_own(desk: Desk, capture: Path) -> None:
    root = capture.parents[1]
    (root / ".git").mkdir()
    (root / "pyproject.toml").write_text('[tool.pcap-report]\ntitle = "Project"\n', encoding="utf-8")
    (capture.parent / "pyproject.toml").write_text("[tool.other]\nunknown = 1\n", encoding="utf-8")
    assert desk.run("analyze", capture).out.startswith("# Project\n")
    (capture.parent / "pcap-report.toml").write_text('author = "Ana"\n', encoding="utf-8")
    near = desk.run("analyze", capture).out
    assert "**Author:** Ana" in near
    assert "Project" not in near


@pytest.mark.parametrize(
    ("content", "said", "hint"),
    [
        ('colour = "red"', "there is no key colour", "title, author, course, date, lang, profile, template"),
        ("title = 3", "title is no text", 'title = "…"'),
        ("date = 10:00:00", "date is no text", "date ="),
        ("title = ", "is no valid TOML", "toml.io"),
        ("\xff\x00", "is no valid TOML", "toml.io"),
        ('lang = "tlh"', "no language tlh", "en, es"),
        ('profile = "nonsense"', "no profile nonsense", "brief, lab, layers, triage"),
        ('template = "nowhere"', "nowhere does not exist", "--template"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(
    desk: Desk, capture: Path, content: str, said: str, hint: str
) -> None:
    (capture.parent / "pcap-report.toml").write_text(content, encoding="latin-1")
    done = desk.run("analyze", capture)
    assert (done.status, done.out) == (2, "")
    assert said in done.errors[0]
    assert hint in done.errors[1]


@pytest.mark.parametrize("content", ["tool = 3", '[tool]\npcap-report = "x"'])
def test_a_project_with_something_else_in_our_place(desk: Desk, capture: Path, content: str) -> None:
    (capture.parent / "pyproject.toml").write_text(content, encoding="utf-8")
    assert desk.run("analyze", capture).status == 2


def test_standard_input_has_the_folder_that_one_works_in(desk: Desk, sample: Sample) -> None:
    desk.file("pcap-report.toml", b'title = "Piped"\n')
    done = desk.run("analyze", "-", stdin=sample("mcp-tls13").read_bytes())
    assert done.out.startswith("# Piped\n")


def test_a_template_beside_a_capture_cannot_leave_its_sandbox(desk: Desk, capture: Path) -> None:
    (capture.parent / "pcap-report.toml").write_text('template = "t"', encoding="utf-8")
    partial = capture.parent / "t" / "lab" / "sections" / "10-summary.md.j2"
    partial.parent.mkdir(parents=True)
    partial.write_text("{{ capture.__class__.__mro__ }}", encoding="utf-8")
    done = desk.run("analyze", capture)
    assert (done.status, done.out) == (2, "")
    assert "10-summary.md.j2:1" in done.errors[0]
