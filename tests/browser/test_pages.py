"""Reports in a real browser: nothing complains, everything is drawn, nothing is asked of a network."""

from __future__ import annotations

import subprocess
import sys
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pcap_report.render.html import LIMITS, render_html
from pcap_report.render.markdown import MarkdownOptions
from tests.render.filled import filled, many
from tests.render.hostile import CORPUS, fuzz
from tests.render.reports import LANGUAGES, SAMPLES, sample

if TYPE_CHECKING:
    from tests.browser.chromium import Page

ROOT = Path(__file__).resolve().parents[2]

UNDRAWN = """
Array.from(document.querySelectorAll('figure'), figure =>
  Array.from(figure.querySelectorAll('svg')).filter(svg => {
    const box = svg.getBoundingClientRect();
    return box.width > 200 && box.height > 40 && svg.querySelector('text').getBoundingClientRect().width > 0;
  }).length).filter(count => count === 0).length"""
WIDER = "document.documentElement.scrollWidth - innerWidth"
STRUCTURE = """
Array.from(document.querySelectorAll('*'))
  .filter(one => !one.parentElement?.closest('svg') && !one.classList.contains('cp'))
  .map(one => one.tagName + ' ' + (one.tagName === 'CODE' ? '' :
    one.getAttributeNames().filter(name => name !== 'tabindex').sort().join(' ')))"""


def _saved(folder: Path, page: str) -> Path:
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_report(page: Page, tmp_path: Path, name: str, language: str) -> None:
    path = _saved(tmp_path, render_html(sample(name), MarkdownOptions(language=language, limits=LIMITS)))
    for width in (1280, 360):
        page.size(width, mobile=width < 600)
        page.open(path)
        assert page.ask("document.querySelectorAll('figure').length") > 0
        assert page.ask(UNDRAWN) == 0
        assert page.ask(WIDER) <= 0
        assert page.ask("document.querySelector('.toc').open") is (width > 600)
    assert page.complaints() == []
    assert {address.split("/", 1)[0] for address in page.requests()} == {"file:"}
    assert len(set(page.requests())) == 1


HIDDEN = "(box => box.scrollWidth - box.clientWidth)(document.querySelector('.scroll'))"


def test_the_index_of_a_batch_shows_its_table_whole(page: Page, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pcap_report",
        "batch",
        "samples",
        "-o",
        str(tmp_path),
        "-q",
        "-f",
        "json",
    ]
    subprocess.run(command, check=True, timeout=120, cwd=ROOT)
    for width, cut in ((1600, False), (1280, False), (360, True)):
        page.size(width, mobile=width < 600)
        page.open(tmp_path / "index.html")
        assert page.ask(WIDER) <= 0
        assert (page.ask(HIDDEN) > 0) is cut
    assert page.complaints() == []


def test_hostile_strings(page: Page, tmp_path: Path) -> None:
    report = sample("lossy-three-connections.pcapng")
    texts = cycle([text for text in (*CORPUS, *fuzz(150, seed=5)) if text and not text.isdecimal()])
    page.open(_saved(tmp_path, render_html(filled(report, lambda: "plain.example.com"))))
    expected = page.ask(STRUCTURE)
    page.size(360, mobile=True)
    for _ in range(2):
        page.open(_saved(tmp_path, render_html(filled(report, lambda: next(texts)))))
        assert page.ask(STRUCTURE) == expected
        assert page.ask("'forged' in window") is False
        assert page.ask(WIDER) <= 0
    assert page.complaints() == []
    assert {address.split("/", 1)[0] for address in page.requests()} == {"file:"}


def test_two_hundred_connections_open_within_two_seconds(page: Page, tmp_path: Path) -> None:
    path = _saved(tmp_path, render_html(many(sample("lossy-three-connections.pcapng"), 200)))
    assert page.open(path) < 2
    page.ask("document.querySelector('.sortable .so').focus()")
    assert page.ask("document.querySelector('.sortable').tBodies[0].rows.length") == 200
    took = "(() => { const t = performance.now(); document.querySelectorAll('.so')[6].click();"
    assert page.ask(took + " document.body.offsetHeight; return performance.now() - t })()") < 500


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_scheme_is_the_readers(page: Page, tmp_path: Path, scheme: str) -> None:
    page.media(prefers_color_scheme=scheme)
    page.open(_saved(tmp_path, render_html(sample("http-dns.pcapng"))))
    ground = page.ask("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}[scheme]
    page.media(media="print", prefers_color_scheme=scheme)
    assert page.ask("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.ask("getComputedStyle(document.querySelector('nav')).display") == "none"
