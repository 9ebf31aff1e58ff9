"""The gallery is what the program writes: whole reports of all samples, and the pictures of the README.

It is to be read: a changed report is read before it is accepted. ``make gallery`` writes all of it anew,
``pytest tests/render/test_markdown_golden.py --snapshot-update`` only what this test compares.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.gallery.entries import UNCOMPARED, entries
from tests.gallery.index import SHOWS
from tests.gallery.reports import GALLERY, NAMES, ROOT

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = entries()
_LINK = re.compile(r"(?:\]\(|src=\")([^)#\s\"]+)")


@pytest.mark.parametrize("place", ENTRIES)
def test_it_is_what_the_program_writes(place: str, request: pytest.FixtureRequest) -> None:
    written, target = ENTRIES[place](), GALLERY / place
    if request.config.getoption("update_snapshots"):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(written, encoding="utf-8")
    assert target.is_file(), "a report is missing in the gallery: make gallery"
    assert target.read_text(encoding="utf-8") == written, "the gallery is stale: make gallery"


def test_nothing_else_lies_there() -> None:
    found = {one.relative_to(GALLERY).as_posix() for one in GALLERY.rglob("*") if one.is_file()}
    assert found == ENTRIES.keys() | UNCOMPARED


def test_every_sample_is_described() -> None:
    assert set(SHOWS) == set(NAMES)


@pytest.mark.parametrize("page", [GALLERY / "README.md", ROOT / "README.md"], ids=["gallery", "readme"])
def test_every_link_of_the_page_leads_somewhere(page: Path) -> None:
    links = [one for one in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in one]
    assert len(links) > 3
    assert [one for one in links if not (page.parent / one).exists()] == []


@pytest.mark.parametrize("place", [one for one in ENTRIES if one.endswith(".svg")])
def test_no_picture_names_an_address_outside(place: str) -> None:
    text = (GALLERY / place).read_text(encoding="utf-8")
    assert set(re.findall(r"[a-z]+://[^\s\"')]+", text)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|@font-face|<script|<foreignObject|<image|href=", text)


def test_it_stays_small() -> None:
    sizes = [one.stat().st_size for one in GALLERY.rglob("*") if one.is_file()]
    assert max(sizes) < 500_000
    assert sum(sizes) < 4_000_000
