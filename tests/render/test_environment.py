"""Templates: the user's go first, none of them can forget to escape, a broken one is named with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.errors import UsageError
from pcap_report.render.environment import profiles
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from tests.render.reports import sample

if TYPE_CHECKING:
    from pathlib import Path

NAME = "mcp-tls13.pcapng"


def _render(folder: Path, profile: str = "lab") -> str:
    return render_markdown(sample(NAME), MarkdownOptions(template_dir=folder, profile=profile))


def _write(folder: Path, path: str, text: str) -> None:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def test_our_profiles() -> None:
    assert "lab" in profiles()


def test_a_partial_of_the_user_replaces_ours(tmp_path: Path) -> None:
    _write(tmp_path, "lab/sections/10-summary.md.j2", "MINE {{ capture.packets }}\n")
    text = _render(tmp_path)
    assert "MINE 51" in text
    assert "## 1. The capture and how it was read" in text


def test_a_profile_of_the_user(tmp_path: Path) -> None:
    _write(tmp_path, "own/report.md.j2", "{{ capture.file }} and {{ report.connections[0].client.ip }}")
    assert _render(tmp_path, profile="own") == "`mcp-tls13.pcapng` and `192.168.1.23`\n"


@pytest.mark.parametrize(
    ("template", "place", "said"),
    [
        ("fine\n{% if %}\n", "10-summary.md.j2:2", "Expected an expression"),
        ("fine\n\n{{ capture.nonsense }}\n", "10-summary.md.j2:3", "has no attribute 'nonsense'"),
        ("{{ capture.packets / 0 }}\n", "10-summary.md.j2:1", "ZeroDivisionError"),
        ("{{ capture.file|nonsense }}\n", "10-summary.md.j2:1", "No filter named 'nonsense'"),
    ],
)
def test_a_broken_template_is_named_with_its_line(
    tmp_path: Path, template: str, place: str, said: str
) -> None:
    _write(tmp_path, "lab/sections/10-summary.md.j2", template)
    with pytest.raises(UsageError) as caught:
        _render(tmp_path)
    assert place in caught.value.message
    assert said in caught.value.message
    assert "\n" not in caught.value.message


def test_a_template_that_is_not_there(tmp_path: Path) -> None:
    _write(tmp_path, "own/report.md.j2", "{% include 'nowhere.md.j2' %}")
    with pytest.raises(UsageError, match=r"no template nowhere\.md\.j2"):
        _render(tmp_path, profile="own")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        _render(tmp_path / "nowhere")


def test_a_folder_without_templates(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no"):
        _render(tmp_path)


def test_a_profile_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="no profile nonsense"):
        render_markdown(sample(NAME), MarkdownOptions(profile="nonsense"))


def test_a_language_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="no language tlh"):
        render_markdown(sample(NAME), MarkdownOptions(language="tlh"))


def test_title_author_course_and_date() -> None:
    options = MarkdownOptions(title="Lab 3: *TLS*", author="Ada L.", course="Networks", date="2026-11-21")
    lines = render_markdown(sample(NAME), options).splitlines()
    assert lines[0] == "# Lab 3&#58; &#42;TLS&#42;"
    assert lines[2:7:2] == ["**Author:** Ada L&#46;", "**Course:** Networks", "**Date:** 2026&#45;11&#45;21"]
