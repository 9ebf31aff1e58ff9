"""Hostile strings in every field of a report change nothing of its structure, in Markdown and in Mermaid."""

from __future__ import annotations

from itertools import count, cycle
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from markdown_it import MarkdownIt

from pcap_report.model.report import Report
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from tests.mermaid.parser import MermaidParser, mermaid_blocks
from tests.render.hostile import CORPUS, fuzz
from tests.render.reports import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What is ours and of a closed set: the templates decide by it.
OURS = {
    *("protocol", "direction", "outcome", "kind", "phase", "style", "severity", "status", "orientation"),
    *(
        "source",
        "from",
        "initiator",
        "text",
        "plural",
        "id",
        "role",
        "first_packet_at",
        "longest",
        "ended_by",
    ),
}
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


def _filled(report: Report, next_text: Callable[[], str]) -> Report:
    """Put another text into every field that a packet, a file or a tampered report could fill."""
    return msgspec.convert(_replaced(msgspec.to_builtins(report), next_text, ""), type=Report)


def _replaced(value: Any, next_text: Callable[[], str], key: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {name: _replaced(one, next_text, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, next_text, key) for one in value]
    if isinstance(value, str) and not _is_ours(key, value):
        return next_text()
    return value


def _is_ours(key: str, value: str) -> bool:
    return key in OURS or key.endswith(("_term", "_terms")) or value.startswith("TLS 1.")


def structure(markdown: str) -> list[tuple[str, str]]:
    return [one for token in GFM.parse(markdown) for one in _flat(token)]


def _flat(token: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - markdown-it's Token
    yield token.type, token.tag
    for child in token.children or ():
        if child.type not in {"text", "code_inline", "text_special"}:
            yield child.type, child.tag


@pytest.mark.parametrize("name", CAPTURES)
def test_the_structure_stays(name: str) -> None:
    plain = render_markdown(_filled(sample(name), lambda: PLAIN))
    expected = structure(plain)
    texts = cycle(TEXTS)
    for _ in range(3):
        text = render_markdown(_filled(sample(name), lambda: next(texts)))
        assert structure(text) == expected
        assert "http://evil" not in _outside_code(text)


@pytest.mark.parametrize("text", ["`", "|", "\\|", "a\nb", "<script>1</script>", "   ", "#", "end", "¶ß"])
def test_one_text_everywhere(text: str) -> None:
    report = sample("lossy-three-connections.pcapng")
    expected = structure(render_markdown(_filled(report, lambda: PLAIN)))
    assert structure(render_markdown(_filled(report, lambda: text))) == expected


@pytest.mark.parametrize("name", CAPTURES)
def test_mermaid_understands_the_same_arrows(mermaid_parsers: list[MermaidParser], name: str) -> None:
    plain = mermaid_blocks(render_markdown(_filled(sample(name), lambda: PLAIN)))
    texts = cycle(TEXTS)
    number = count()
    for language in ("en", "es"):
        hostile = render_markdown(
            _filled(sample(name), lambda: next(texts) + str(next(number))), MarkdownOptions(language=language)
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
