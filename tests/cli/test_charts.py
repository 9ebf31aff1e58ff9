"""Charts as files beside a Markdown report: all of them, where the report says, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from pcap_report.cli.output import write_together
from pcap_report.errors import UsageError
from tests.render.svg_reading import SVG, parse

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

Sample = Callable[[str], Path]


def images(markdown: str) -> list[tuple[str, str]]:
    """Return alternative text and file of each image, as a renderer reads them."""
    inline = [one for block in MarkdownIt().parse(markdown) for one in block.children or ()]
    return [(unescape(one.content), unquote(str(one.attrs["src"]))) for one in inline if one.type == "image"]


@pytest.mark.parametrize(
    ("out", "charts", "folder"),
    [
        ("report.md", "auto", "report-files"),
        ("a (1) [b] & #é.md", "auto", "a (1) [b] & #é-files"),
        ("report.md", "my pictures", "my pictures"),
    ],
)
def test_every_image_is_a_file_with_a_text(
    desk: Desk, sample: Sample, out: str, charts: str, folder: str
) -> None:
    done = desk.run("analyze", sample("lossy-three-connections"), "-o", out, "--charts", charts)
    assert (done.status, done.out, done.err) == (0, "", "")
    shown = images((desk.folder / out).read_text(encoding="utf-8"))
    assert {Path(file).parent.name for _, file in shown} == {folder}
    assert sorted(Path(file).name for _, file in shown) == sorted(
        one.name for one in (desk.folder / folder).iterdir()
    )
    assert len(shown) == 6
    for text, file in shown:
        picture = parse((desk.folder / file).read_text(encoding="utf-8"))
        title = picture.find(f"{SVG}title")
        assert title is not None
        assert title.text
        assert text.startswith(f"{title.text}: ")


def test_a_folder_elsewhere_is_linked_by_a_relative_way(desk: Desk, sample: Sample) -> None:
    (desk.folder / "docs").mkdir()
    (desk.folder / "pictures").mkdir()
    (desk.folder / "pictures/mine.txt").write_text("mine")
    done = desk.run("analyze", sample("http-dns"), "-o", "docs/r.md", "--charts", "pictures/r")
    assert done.status == 0
    shown = images((desk.folder / "docs/r.md").read_text(encoding="utf-8"))
    assert shown
    assert all(file.startswith("../pictures/r/") for _, file in shown)
    assert (desk.folder / "pictures/mine.txt").read_text() == "mine"


def test_without_it_markdown_has_a_pie_and_no_image(desk: Desk, sample: Sample) -> None:
    done = desk.run("analyze", sample("http-dns"))
    assert images(done.out) == []
    assert done.out.count("```mermaid\npie showData") == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "goes to no file"),
        (("-o", "-"), "goes to no file"),
        (("-o", "/dev/null", "-f", "md"), "goes to no file"),
        (("-o", "r.html"), "goes with Markdown, and this report is html"),
        (("-o", "r.json"), "goes with Markdown, and this report is json"),
    ],
)
def test_it_is_refused_where_there_is_no_file_beside_it(
    desk: Desk, sample: Sample, args: tuple[str, ...], said: str
) -> None:
    done = desk.run("analyze", sample("http-dns"), "--charts", "auto", *args)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 2
    assert desk.names() == set()


def test_a_folder_that_cannot_be_is_refused_before_the_capture_is_read(desk: Desk) -> None:
    (desk.folder / "taken").write_text("")
    for charts, said in (("taken", "is a file"), ("nowhere/deep", "There is no folder nowhere")):
        done = desk.run("analyze", "no.pcap", "-o", "r.md", "--charts", charts)
        assert done.status == 2
        assert said in done.err


def test_with_pseudonyms_the_pictures_have_them_too(desk: Desk, sample: Sample) -> None:
    done = desk.run("analyze", sample("http-dns"), "-o", "r.md", "--charts", "auto", "--anonymize")
    assert done.status == 0
    pictures = [one.read_text() for one in (desk.folder / "r-files").iterdir()]
    assert pictures
    assert not [one for one in pictures if re.search("www.example.org|203\\.0\\.113\\.", one)]


def test_if_one_file_cannot_be_written_none_is(tmp_path: Path) -> None:
    folder = tmp_path / "r-files"
    with pytest.raises(UsageError, match="cannot be written"):
        write_together("text", tmp_path / "r.md", {"a.svg": "<svg/>", "no/b.svg": "<svg/>"}, folder)
    assert list(tmp_path.iterdir()) == []


def test_files_are_replaced_and_others_stay(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.svg").write_text("old")
    (folder / "mine.svg").write_text("mine")
    write_together("text", tmp_path / "r.md", {"a.svg": "new"}, folder)
    assert {one.name: one.read_text() for one in folder.iterdir()} == {"a.svg": "new", "mine.svg": "mine"}
    assert (tmp_path / "r.md").read_text() == "text"
