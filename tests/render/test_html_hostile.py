"""Hostile strings in every field of a report change nothing of a page's structure."""

from __future__ import annotations

from itertools import cycle

import pytest

from pcap_report.render.html import LIMITS, render_html
from pcap_report.render.markdown import MarkdownOptions
from tests.render.filled import filled
from tests.render.hostile import CORPUS, fuzz
from tests.render.html_reading import SVG_TAGS, Reading
from tests.render.reports import sample

TEXTS = tuple(text for text in (*CORPUS, *fuzz(200, seed=23)) if text and not text.isdecimal())
PLAIN = "plain.example.com"
CAPTURES = (
    "mcp-tls13.pcapng",
    "http-dns.pcapng",
    "tls12-chain.pcapng",
    "lossy-three-connections.pcapng",
    "refused-and-unanswered.pcapng",
)


@pytest.mark.parametrize("name", CAPTURES)
def test_the_structure_stays(name: str) -> None:
    expected = Reading(render_html(filled(sample(name), lambda: PLAIN))).structure
    texts = cycle(TEXTS)
    for _ in range(3):
        reading = Reading(render_html(filled(sample(name), lambda: next(texts))))
        assert reading.structure == expected
        assert reading.drawn <= SVG_TAGS
        assert reading.open == []


@pytest.mark.parametrize(
    "text", ["|", "**", "`", "a\nb", "<script>1</script>", '" onclick="forged()', "&", "\x02"]
)
def test_one_text_everywhere(text: str) -> None:
    report = sample("lossy-three-connections.pcapng")
    expected = Reading(render_html(filled(report, lambda: PLAIN))).structure
    assert Reading(render_html(filled(report, lambda: text))).structure == expected


@pytest.mark.parametrize("text", TEXTS[::45])
def test_what_the_user_typed(text: str) -> None:
    def page(typed: str) -> Reading:
        options = MarkdownOptions(limits=LIMITS, title=typed, author=typed, course=typed, date=typed)
        return Reading(render_html(sample("refused-and-unanswered.pcapng"), options))

    assert page(text).structure == page(PLAIN).structure


def test_nothing_of_a_text_is_an_address() -> None:
    texts = cycle(TEXTS)
    reading = Reading(render_html(filled(sample("http-dns.pcapng"), lambda: next(texts))))
    assert all(value.startswith("#") for value in reading.values["href"])
    assert not {"src", "srcset", "action", "formaction", "xlink:href", "style"} & set(reading.values)
    assert not [name for name in reading.values if name.startswith("on")]
