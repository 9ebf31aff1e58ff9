"""Hostile strings at the one door: they are shown in full, and nothing of them acts."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcap_report.render import safe
from tests.render.hostile import ANY_TEXT, CORPUS, fuzz

TEXTS = (*CORPUS, *fuzz(500, seed=7))


def _read_back(shown: str) -> str:
    short = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    return re.sub(
        r"\\(?:([tnr\\])|x(..)|u(.{4})|U(.{8}))",
        lambda found: short[found[1]] if found[1] else chr(int(found[2] or found[3] or found[4], 16)),
        shown,
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("www.example.com", "www.example.com"),
        ("\t\n\r", r"\t\n\r"),
        ("\\n", r"\\n"),
        ("\x00\x1b\x7f\x85\xa0\xad", r"\x00\x1b\x7f\x85\xa0\xad"),
        (
            "\u202e\u200b\ufeff\u2028\u2029\u2003\ufe0f\u3164",
            r"\u202e\u200b\ufeff\u2028\u2029\u2003\ufe0f\u3164",
        ),
        ("\ud800\ue000\U000e0041\U0010ffff", r"\ud800\ue000\U000e0041\U0010ffff"),
        ("ñ 中文 😀 ¶", "ñ 中文 😀 ¶"),
        ("a\u0301\u0302\u0303\u0304b\u0301", "a\u0301\u0302\\u0303\\u0304b\u0301"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert safe.visible(text) == shown


@given(ANY_TEXT)
def test_the_notation_can_be_read_back(text: str) -> None:
    assert _read_back(safe.visible(text)) == text


def test_a_terminal_gets_no_control_character() -> None:
    for text in TEXTS:
        shown = safe.terminal_text(text)
        assert not {category(char) for char in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        assert safe.columns(shown) <= safe.TERMINAL_LIMIT


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcd…g"),
        ("www.static.example.com", 13, "www.stat….com"),
        ("中文服务器", 10, "中文服务器"),
        ("中文服务器", 9, "中文服…器"),
        ("ab\\u202ecd\\u202eef", 12, "ab\\u202e…ef"),
        ("aaaa\\\\bbbb", 7, "aaaa…bb"),
        ("e\u0301" * 6, 4, "e\u0301e\u0301…e\u0301"),
        ("abc", 1, "…"),
        ("abc", 0, "…"),
    ],
)
def test_the_middle_is_cut_by_columns(text: str, limit: int, cut: str) -> None:
    assert safe.ellipsize(text, limit) == cut


@given(ANY_TEXT, st.integers(1, 40))
def test_a_cut_text_keeps_its_limit_and_whole_escapes(text: str, limit: int) -> None:
    shown = safe.visible(text)
    cut = safe.ellipsize(shown, limit)
    assert safe.columns(cut) <= limit
    if cut != shown:
        head, tail = _ends(cut, shown)
        assert text.startswith(_read_back(head))
        assert text.endswith(_read_back(tail))


def _ends(cut: str, shown: str) -> tuple[str, str]:
    splits = [(cut[:place], cut[place + 1 :]) for place, char in enumerate(cut) if char == "…"]
    return next((head, tail) for head, tail in splits if shown.startswith(head) and shown.endswith(tail))


@pytest.mark.parametrize("megabyte", ["a" * 2**20, "\u0301" * 2**20, "\x1b[31m" * 2**18, "中" * 2**20])
def test_a_megabyte_is_only_looked_at_from_its_ends(megabyte: str) -> None:
    assert safe.columns(safe.terminal_text(megabyte, 20)) <= 20
    assert safe.terminal_text(megabyte, 20) == safe.terminal_text(megabyte[:1_500] + megabyte[-1_500:], 20)


@pytest.mark.parametrize(
    ("raw", "text"), [(b"a.example", "a.example"), ("ñ中".encode(), "ñ中"), (b"a\xff\x80b", r"a\xff\x80b")]
)
def test_bytes_that_are_not_utf_8_stay_writable(raw: bytes, text: str) -> None:
    assert safe.from_bytes(raw) == text


@given(st.binary())
def test_any_bytes_give_a_text_that_json_can_hold(raw: bytes) -> None:
    safe.from_bytes(raw).encode("utf-8")


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.titles: list[str | None] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.titles += [value for name, value in attrs if name == "title"]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_shows_the_text_as_content_and_as_attribute() -> None:
    for text in TEXTS:
        cell = safe.html_text(text)
        page = _Cells()
        page.feed(f'<td title="{cell}">{cell}</td>')
        page.close()
        assert (page.tags, page.titles, page.text) == (["td"], [safe.visible(text)], safe.visible(text))


def test_a_shortened_text_is_no_wider_than_its_limit_once_it_is_visible() -> None:
    for text in (*TEXTS, "a" * 1_000_000, "文" * 40, "\x1b" * 30, "   "):
        short = safe.shortened(text, 20)
        assert safe.columns(safe.visible(short)) <= 20
        assert short in {text, "-"} or "…" in short
    assert safe.shortened("calm-river-42.tunnel.example.net", 20) == "calm-river-42…le.net"
