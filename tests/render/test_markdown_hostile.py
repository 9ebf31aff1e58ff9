"""Hostile strings in every field of a report change nothing of its structure, in Markdown and in Mermaid."""

from __future__ import annotations

from itertools import count, cycle
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from pcap_report.render.markdown import MarkdownOptions, render_markdown
from tests.mermaid.parser import MermaidParser, mermaid_blocks
from tests.render.filled import filled
from tests.render.hostile import CORPUS, fuzz
from tests.render.reports import sample

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = tuple(text for text in (*CORPUS, *fuzz(200, seed=17)) if text and not text.isdecimal())
PLAIN = "plain.example.com"
CAPTURES = (
    "mcp-tls13.pcapng",
    "http-dns.pcapng",
    "tls12-chain.pcapng",
    "lossy-three-connections.pcapng",
    "refused-and-unanswered.pcapng",
)
GFM = MarkdownIt("gfm-like", {"linkify": False})


def structure(markdown: str) -> list[tuple[str, str]]:
    return [one for token in GFM.parse(markdown) for one in _flat(token)]


def _flat(token: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - markdown-it's Token
    yield token.type, token.tag
    for child in token.children or ():
        if child.type not in {"text", "code_inline", "text_special"}:
            yield child.type, child.tag


@pytest.mark.parametrize("name", CAPTURES)
def test_the_structure_stays(name: str) -> None:
    plain = render_markdown(filled(sample(name), lambda: PLAIN))
    expected = structure(plain)
    texts = cycle(TEXTS)
    for _ in range(3):
        text = render_markdown(filled(sample(name), lambda: next(texts)))
        assert structure(text) == expected
        assert "http://evil" not in _outside_code(text)


@pytest.mark.parametrize("text", ["`", "|", "\\|", "a\nb", "<script>1</script>", "   ", "#", "end", "¶ß"])
def test_one_text_everywhere(text: str) -> None:
    report = sample("lossy-three-connections.pcapng")
    expected = structure(render_markdown(filled(report, lambda: PLAIN)))
    assert structure(render_markdown(filled(report, lambda: text))) == expected


@pytest.mark.parametrize("name", CAPTURES)
def test_mermaid_understands_the_same_arrows(mermaid_parsers: list[MermaidParser], name: str) -> None:
    plain = mermaid_blocks(render_markdown(filled(sample(name), lambda: PLAIN)))
    texts = cycle(TEXTS)
    number = count()
    for language in ("en", "es"):
        hostile = render_markdown(
            filled(sample(name), lambda: next(texts) + str(next(number))), MarkdownOptions(language=language)
        )
        for expected, block in zip(plain, mermaid_blocks(hostile), strict=True):
            for parser in mermaid_parsers:
                meant, understood = parser.parse(expected), parser.parse(block)
                assert understood.error is None, block
                assert [one.kind for one in understood.messages] == [one.kind for one in meant.messages]
                assert len(understood.notes) == len(meant.notes)
                assert len(understood.actors) == len(meant.actors)
                assert understood.config == ()


def _outside_code(markdown: str) -> str:
    inline = (child for token in GFM.parse(markdown) for child in token.children or ())
    return " ".join(child.content for child in inline if child.type == "text")
