"""What a reader does with a page: sort, copy, get about by keyboard, listen to it."""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from pcap_report.render.html import LIMITS, render_html
from pcap_report.render.markdown import MarkdownOptions
from tests.render.reports import LANGUAGES, sample

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.chromium import Page

SORTED = """
(() => {
  const table = document.querySelector('.sortable'), at = %d, head = table.tHead.rows[0].cells[at];
  return [head.getAttribute('aria-sort'), Array.from(table.tBodies[0].rows, row => {
    const data = row.cells[at].querySelector('data');
    return data ? Number(data.value) : row.cells[at].textContent;
  })];
})()"""


@pytest.fixture
def report(page: Page, tmp_path: Path) -> Page:
    path = tmp_path / "report.html"
    options = MarkdownOptions(limits=LIMITS, title="A <title>")
    path.write_text(render_html(sample("lossy-three-connections.pcapng"), options), encoding="utf-8")
    page.size(1280)
    page.open(path)
    page.call("Emulation.setFocusEmulationEnabled", enabled=True)
    return page


def _press(page: Page, selector: str) -> None:
    assert page.ask(f"(() => {{ const one = document.querySelector('{selector}'); one.focus(); "
                    "return document.activeElement === one })()")  # fmt: skip
    page.press("Enter", 13, "\r")
    page.ask("new Promise(done => setTimeout(done, 50))")


def _status(page: Page) -> Any:  # noqa: ANN401 - what the page says
    return page.ask("document.getElementById('status').textContent")


def test_the_connections_are_sorted(report: Page) -> None:
    for column in (3, 6, 8):
        button = f".sortable th:nth-child({column + 1}) button"
        _press(report, button)
        order, up = report.ask(SORTED % column)
        assert (order, up) == ("ascending", sorted(up))
        _press(report, button)
        order, down = report.ask(SORTED % column)
        assert (order, down) == ("descending", up[::-1])
    assert report.ask("document.querySelectorAll('.sortable')[0].querySelectorAll('[aria-sort]').length") == 1


def test_a_frame_is_copied(report: Page) -> None:
    _press(report, "#s5 ~ ul .fr")
    copied = report.ask("navigator.clipboard.readText()")
    assert copied.startswith("frame.number ==")
    assert _status(report) == f"Copied: {copied}"


def test_a_filter_is_copied_as_it_stands(report: Page) -> None:
    _press(report, ".cp")
    expected = report.ask("document.querySelector('.cp').previousElementSibling.textContent")
    assert report.ask("navigator.clipboard.readText()") == expected == "tcp.stream == 0"


def test_an_arrow_is_copied(report: Page) -> None:
    click = "dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    report.ask(f"document.querySelector('g[data-frame]').{click}")
    report.ask("new Promise(done => setTimeout(done, 50))")
    assert _status(report).startswith("Copied: frame.number ")


def test_without_a_clipboard_the_old_way_is_taken(report: Page) -> None:
    report.ask("Object.defineProperty(navigator, 'clipboard', {value: undefined}); 1")
    _press(report, ".cp")
    assert _status(report) == "Copied: tcp.stream == 0"
    report.ask("document.execCommand = () => false; 1")
    _press(report, ".cp")
    assert _status(report) == "Copy this by hand: tcp.stream == 0"


def test_the_keyboard_comes_first_to_the_skip_link(report: Page) -> None:
    report.press("Tab", 9)
    assert report.ask("document.activeElement.className") == "skip"
    assert report.ask("document.activeElement.getBoundingClientRect().left") >= 0
    report.press("Enter", 13, "\r")
    assert report.ask("document.activeElement.id") == "report"


def test_everything_has_a_name(report: Page) -> None:
    nodes = [node for node in report.call("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    roles: dict[str, list[str]] = {}
    for node in nodes:
        roles.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
    for role in ("button", "link", "image", "navigation", "region"):
        assert roles[role], role
        assert all(name.strip() for name in roles[role]), role
    assert len(roles["main"]) == len(roles["navigation"]) == 1
    assert "Copy the display filter" in roles["button"]


def test_headings_leave_out_no_level(report: Page) -> None:
    levels = report.ask("Array.from(document.querySelectorAll('h1,h2,h3'), one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_it_prints_on_a4(report: Page) -> None:
    paper = base64.b64decode(report.pdf())
    assert paper.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in paper or b"/MediaBox [0 0 595" in paper


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_report_prints_on_one_sheet(page: Page, tmp_path: Path, language: str) -> None:
    path = tmp_path / "brief.html"
    options = MarkdownOptions(language=language, profile="brief", limits=LIMITS)
    path.write_text(render_html(sample("lossy-three-connections.pcapng"), options), encoding="utf-8")
    page.open(path)
    assert re.findall(rb"/Type /Pages\s*/Count (\d+)", base64.b64decode(page.pdf())) == [b"1"]
