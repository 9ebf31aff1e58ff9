"""The site's own rules: every page is in its menu, and its check sees what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.site.check import faults
from tools.site.links import local_pages
from tools.site.navigation import PARTS, navigation

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def test_every_page_is_in_the_menu() -> None:
    menu = navigation().splitlines()
    pages = {path.stem for path in DOCS.glob("*.md")} - {"index"}
    pages |= {f"reference/{path.stem}" for path in DOCS.glob("reference/*.md")}
    assert pages <= set(menu)


def test_the_menu_names_pages_that_there_are() -> None:
    named = [page for pages in PARTS.values() for page in pages]
    assert len(named) == len(set(named))
    for page in named:
        place = ROOT / page[1:] if page.startswith("/") else DOCS / page
        assert place.with_name(f"{place.name}.md").is_file(), page


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ('<a href="b.html#here">fine</a><img src="p.png">', None),
        ('<a href="https://example.org/">elsewhere</a>', None),
        ('<a href="c.html">no page</a>', "c.html leads nowhere"),
        ('<a href="b.html#there">no anchor</a>', "b.html#there leads nowhere"),
        ('<a href="#there">no anchor here</a>', "#there leads nowhere"),
        ('<img src="q.png">', "q.png leads nowhere"),
        (
            '<script src="https://example.org/x"></script>',
            "https://example.org/x is loaded from elsewhere",
        ),
        (
            '<link rel="stylesheet" href="//example.org/x">',
            "//example.org/x is loaded from elsewhere",
        ),
    ],
)
def test_the_check_sees_what_is_wrong(tmp_path: Path, body: str, wrong: str | None) -> None:
    (tmp_path / "a.html").write_text(body, encoding="utf-8")
    (tmp_path / "b.html").write_text('<h1 id="here">b</h1>', encoding="utf-8")
    (tmp_path / "p.png").write_bytes(b"")
    assert faults(tmp_path) == ([f"a.html: {wrong}"] if wrong else [])


def test_the_gallery_leads_to_pages_on_the_site() -> None:
    line = "[en](mcp-tls13/lab.en.md), [picture](pictures/ladder.svg)"
    expected = '<a href="mcp-tls13/lab.en.html">en</a>, [picture](pictures/ladder.svg)'
    assert local_pages(line, "docs/gallery/README") == expected
    assert local_pages(line, "README") == line
