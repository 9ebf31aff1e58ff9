"""The page: its policy, its headings, its tables, and that it says what the Markdown says."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

import pytest

from pcap_report.errors import UsageError
from pcap_report.render.environment import packaged_templates
from pcap_report.render.html import LIMITS, render_html
from pcap_report.render.html_blocks import html_of
from pcap_report.render.html_sink import HtmlSink, frame_button
from pcap_report.render.html_table import table
from pcap_report.render.markdown import MarkdownOptions
from tests.render.filled import many
from tests.render.html_reading import Reading
from tests.render.reports import LANGUAGES, SAMPLES, sample


@cache
def _page(name: str, language: str = "en") -> str:
    return render_html(sample(name), MarkdownOptions(language=language, limits=LIMITS))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_a_whole_page(name: str, language: str) -> None:
    reading = Reading(_page(name, language))
    assert reading.open == []
    assert reading.values["lang"] == [{"zh": "zh-Hans"}.get(language, language)]
    ids = reading.values["id"]
    assert len(ids) == len(set(ids))
    assert {href.removeprefix("#") for href in reading.values["href"]} <= set(ids)
    assert {one for names in reading.values["aria-labelledby"] for one in names.split()} <= set(ids)
    assert "img" in reading.values["role"]
    text = "".join(reading.said)
    assert "**" not in text
    assert "|--" not in text


def test_the_policy_allows_the_script_by_its_hash() -> None:
    page = _page("mcp-tls13.pcapng")
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy == [
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    ]


def test_no_address_is_in_the_page() -> None:
    page = _page("mcp-tls13.pcapng").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"url\(|@import|https?://", page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_number_and_its_unit_are_held_together(name: str, language: str) -> None:
    told = re.sub(r"<(svg|code|title|style|script)\b.*?</\1>", "", _page(name, language), flags=re.DOTALL)
    units = r"(?:µs|ms|s|min|d|h|[kMG]?B|%|毫秒|微秒)(?![\w-])"
    told = re.sub("<[^>]*>", "", told)
    assert re.findall(rf"\d\u00a0{units}", told)
    assert not re.findall(rf".*\d {units}.*", told)


def test_headings_are_numbered_and_linked() -> None:
    page = _page("mcp-tls13.pcapng")
    assert re.search(
        r'<h2 id="s1"><a class="no" href="#s1" aria-label="Link to section 1">1</a> Summary</h2>', page
    )
    assert page.count("<h1>") == 1
    assert page.count("<section ") == page.count("</section>") == page.count("<h2 ")


def test_a_frame_is_a_button_with_its_filter() -> None:
    assert frame_button(7, 7) == '<button type="button" class="fr" title="frame.number == 7">7</button>'
    assert 'title="frame.number in {7..9}">7–9<' in frame_button(7, 9)
    assert 'title="frame.number == 10">10</button>' in _page("mcp-tls13.pcapng")


def test_punctuation_stays_on_the_line_of_its_button() -> None:
    page = render_html(sample("mcp-tls13.pcapng"))
    assert '<span class="held">' in page
    loose = re.findall(r'class="fr"[^<>]*>[^<>]*</button>(?!</span>)[,.;:)]', page)
    held = re.findall(r'class="fr"[^<>]*>[^<>]*</button>[,.;:)]+</span>', page)
    assert len(held) > 20
    assert len(loose) == len(held)


def test_a_filter_is_copied_as_it_is() -> None:
    sink = HtmlSink("en")
    shown = sink.display_filter('tcp.stream == 0 && http.host == "a\\x7c|b"')
    assert "tcp.stream == 0 &amp;&amp; http.host == &#34;a\\x7c&#124;b&#34;</code>" in shown
    assert 'class="cp"' in shown
    assert "<button" not in sink.display_filter("frame contains \x1b")
    assert "<button" not in sink.display_filter("x" * 5_000)


def test_numbers_bring_their_worth() -> None:
    sink = HtmlSink("es")
    assert sink.size(5_600) == '<data value="5600">5.6\u00a0kB</data>'
    assert sink.seconds(1.25) == '<data value="1250">1.25\u00a0s</data>'
    assert sink.milliseconds(None) == "–"


def test_tables_of_numbered_things_can_be_sorted() -> None:
    numbered = table(["| No. | What |", "|---:|---|", "| 1 | a |", "| 2 | b |"])
    assert numbered.startswith(
        '<div class="scroll"><table class="sortable"><thead><tr><th scope="col" class="n">'
    )
    assert numbered.count('<button type="button" class="so">') == 2
    assert "<button" not in table(["| What | Value |", "|---|---|", "| a | 1 |", "| b | 2 |"])


def test_lines_become_elements() -> None:
    text = "# T\n\nOne\ntwo **three**\n\n- a\n  - b `c`\n\n- d\n\n> q\n\n```\nx\n```\n"
    assert html_of(text).split("\n") == [
        "<h1>T</h1>",
        "<p>One two <strong>three</strong></p>",
        "<ul><li>a<ul><li>b <code>c</code></li></ul></li><li>d</li></ul>",
        "<blockquote><p>q</p></blockquote>",
        "<pre><code>x</code></pre>",
    ]


def test_two_hundred_connections_are_all_in_the_table() -> None:
    page = render_html(many(sample("lossy-three-connections.pcapng"), 200))
    assert page.count('class="sortable"') >= 1
    assert ":40199</code>" in page
    assert len(page) < 3_000_000


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(UsageError, match="There is no profile novel"):
        render_html(sample("http-dns.pcapng"), MarkdownOptions(profile="novel"))


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * one for one in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1])
def test_contrast_is_enough(scheme: int) -> None:
    style = (packaged_templates() / "html/page.css").read_text(encoding="utf-8")
    block = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", block))
    for text in ("fg", "muted", "link"):
        for ground in ("paper", "soft", "mark"):
            light, dark = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)
