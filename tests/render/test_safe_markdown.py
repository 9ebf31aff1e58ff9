"""Hostile strings in Markdown: code stays code, text stays text, nothing becomes a link."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from pcap_report.render.safe import MARKDOWN_LIMIT, ellipsize, markdown_code, markdown_text, visible
from tests.render.hostile import ANY_TEXT, CORPUS, fuzz

if TYPE_CHECKING:
    from markdown_it.token import Token

TEXTS = (*CORPUS, *fuzz(500, seed=11))
# linkify-it-py is what makes markdown-it look for bare addresses, the way that editors do.
GFM = MarkdownIt("gfm-like", {"linkify": find_spec("linkify_it") is not None})
PLACES = {
    "paragraph": "before {} after\n\nnext\n",
    "list": "- {}\n- **bold** {} end\n",
    "table": "| a | b |\n|---|---|\n| {} | x |\n| y | {} |\n",
    "heading": "## {}\n\nnext\n",
    "quote": "> {}\n",
}
# What GitHub makes links of, after it has decoded entities (GFM, 6.9).
AUTOLINK = re.compile(r"(?i)(?:https?|ftp)://|\bwww\.|[\w.+-]+@[\w-]|(?:mailto|xmpp):|@\w")


def _flat(markdown: str) -> list[Token]:
    tokens = []
    for token in GFM.parse(markdown):
        tokens += [token, *(token.children or ())]
    return tokens


def _structure(markdown: str) -> list[tuple[str, str]]:
    return [(token.type, token.tag) for token in _flat(markdown)]


def _code(markdown: str) -> list[str]:
    return [token.content for token in _flat(markdown) if token.type == "code_inline"]


def _shown(text: str) -> str:
    shown = ellipsize(visible(text), MARKDOWN_LIMIT) or '""'
    return shown.replace(" ", "\\x20") if shown.isspace() else shown


@pytest.mark.parametrize("place", PLACES)
def test_code_shows_the_text_and_changes_nothing(place: str) -> None:
    for text in TEXTS:
        _check_code(text, place)


@given(ANY_TEXT)
def test_code_shows_any_text(text: str) -> None:
    for place in PLACES:
        _check_code(text, place)


def _check_code(text: str, place: str) -> None:
    code = markdown_code(text, table=place == "table")
    page = PLACES[place].replace("{}", code)
    assert _structure(page) == _structure(PLACES[place].replace("{}", "`x`"))
    assert set(_code(page)) == {_shown(text)}


@pytest.mark.parametrize("backticks", [90, 200])
def test_the_fence_is_one_that_github_knows(backticks: int) -> None:
    code = markdown_code("`" * backticks, limit=backticks)
    assert code == f"` {'`' * backticks} `"


@pytest.mark.parametrize(("text", "code"), [("", '`""`'), ("  ", r"`\x20\x20`"), (" a ", "`  a  `")])
def test_blanks_can_be_seen(text: str, code: str) -> None:
    assert markdown_code(text) == code


def test_plain_text_stays_text() -> None:
    for text in TEXTS:
        _check_text(text)


@given(ANY_TEXT)
def test_any_plain_text_stays_text(text: str) -> None:
    _check_text(text)


def _check_text(text: str) -> None:
    page = f"## x {markdown_text(text)} y\n"
    children = GFM.parse(page)[1].children or []
    assert {child.type for child in children} == {"text"}
    content = "".join(child.content for child in children)
    assert not AUTOLINK.search(content)
    shown = ellipsize(visible(text), MARKDOWN_LIMIT)
    assert content.replace("\\x3a", ":").replace("\\x2e", ".").replace("\\x40", "@") == (
        f"x {shown} y".replace("\\x3a", ":").replace("\\x2e", ".").replace("\\x40", "@")
    )


def test_what_the_user_typed_may_keep_its_links() -> None:
    assert markdown_text("ana@uni.example", autolinks=True) == "ana&#64;uni&#46;example"
    assert markdown_text("ana@uni.example") == "ana&#92;x40uni&#46;example"
