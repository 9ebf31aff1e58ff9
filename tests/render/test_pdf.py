"""The report on paper: the same blocks, all texts as data, and a hint where typst is missing."""

from __future__ import annotations

import re
import sys
from itertools import cycle

import pytest

from pcap_report.errors import UsageError
from pcap_report.render import pdf
from pcap_report.render.markdown import MarkdownOptions
from pcap_report.render.pdf import pdf_sources, render_pdf
from pcap_report.render.pdf_tree import Tree
from tests.render.filled import filled
from tests.render.hostile import CORPUS, fuzz
from tests.render.reports import LANGUAGES, SAMPLES, sample

ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/EmbeddedFile")


NO_CHINESE = not pdf._families().intersection(pdf._CJK_FONTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report(language: str) -> None:
    if language == "zh" and NO_CHINESE:
        pytest.skip("This machine has no font with Chinese characters: apt-get install fonts-noto-cjk")
    options = MarkdownOptions(language=language, author="Ana", course="计算机网络", date="2026")
    written = render_pdf(sample("lossy-three-connections.pcapng"), options)
    assert written.startswith(b"%PDF-")
    assert not [word for word in ACTIVE if word in written]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_brief_report_is_one_page(name: str, language: str) -> None:
    if language == "zh" and NO_CHINESE:
        pytest.skip("This machine has no font with Chinese characters: apt-get install fonts-noto-cjk")
    options = MarkdownOptions(
        language=language,
        profile="brief",
        title="A title as long as students like them, for once",
        author="Ana Ruiz",
        course="Redes",
        date="2026-11-21",
    )
    assert _pages(render_pdf(sample(name), options)) == 1


def _pages(written: bytes) -> int:
    """Count the pages as the root of the page tree does."""
    found = re.search(rb"/Type\s*/Pages\b.*?/Count (\d+)", written, re.DOTALL)
    assert found
    return int(found[1])


def test_hostile_strings_are_only_text() -> None:
    texts = cycle(
        [*CORPUS, *fuzz(150, seed=31), "#panic()", '#image("/etc/passwd")', "$ x $", "@label", "= h"]
    )
    written = render_pdf(filled(sample("lossy-three-connections.pcapng"), lambda: next(texts)))
    assert not [word for word in ACTIVE if word in written]


def test_blocks() -> None:
    tree = Tree(
        '<h1>T <code>f</code></h1><p>a <strong>b <button title="x">7</button></strong></p>'
        '<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul><section><h2 id="s1">'
        '<a href="#s1">1</a> S</h2><div class="scroll"><table><thead><tr><th class="n">n</th><th>w</th></tr>'
        "</thead><tbody><tr><td>1</td><td>&lt;b&gt;</td></tr></tbody></table></div>"
        '<figure class="chart" data-files="a.svg b.svg"><figcaption>c</figcaption></figure></section>'
    )
    assert tree.blocks == [
        {"kind": "heading", "level": 1, "runs": [["", "T "], ["c", "f"]]},
        {"kind": "prose", "runs": [["", "a "], ["b", "b "], ["b", "7"]]},
        {
            "kind": "list",
            "items": [
                {
                    "runs": [["", "one"]],
                    "below": {"kind": "list", "items": [{"runs": [["", "two"]], "below": None}]},
                },
                {"runs": [["", "three"]], "below": None},
            ],
        },
        {"kind": "heading", "level": 2, "runs": [["", "1"], ["", " S"]]},
        {
            "kind": "table",
            "head": [[["", "n"]], [["", "w"]]],
            "rows": [[[["", "1"]], [["", "<b>"]]]],
            "numbers": [True, False],
        },
        {"kind": "figure", "files": ["a.svg", "b.svg"], "caption": [["", "c"]]},
    ]


def test_a_missing_font_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_families", lambda: frozenset(("Libertinus Serif", "DejaVu Sans Mono")))
    report, note = sample("refused-and-unanswered.pcapng"), "This machine has no font with Chinese characters"
    assert note in pdf_sources(report, MarkdownOptions(course="计算机网络"))["report.json"]
    assert note not in pdf_sources(report, MarkdownOptions(course="Networks"))["report.json"]


@pytest.mark.skipif("Noto Sans CJK SC" not in pdf._families(), reason="Debian's fonts-noto-cjk is not here")
def test_chinese_is_set_in_a_chinese_font() -> None:
    name = "mcp-tls13.pcapng"
    written = render_pdf(sample(name), MarkdownOptions(language="zh", profile="brief"))
    embedded = set(
        re.findall(rb"/FontName/[A-Z]{6}\+([\w-]+)", written.replace(b"/FontName /", b"/FontName/"))
    )
    assert any(font.startswith(b"NotoSansCJKsc") for font in embedded), embedded
    latin = render_pdf(sample(name), MarkdownOptions(language="es", profile="brief"))
    assert b"NotoSansCJK" not in latin


def test_a_chinese_pdf_needs_a_chinese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_families", lambda: frozenset(("Libertinus Serif", "DejaVu Sans Mono")))
    with pytest.raises(UsageError, match="no font with Chinese characters") as caught:
        render_pdf(sample("refused-and-unanswered.pcapng"), MarkdownOptions(language="zh"))
    assert "fonts-noto-cjk" in str(caught.value.hint)


def test_without_typst_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError, match="typst, which is not installed") as caught:
        render_pdf(sample("refused-and-unanswered.pcapng"))
    assert "pip install 'pcap-report[pdf]'" in str(caught.value.hint)
