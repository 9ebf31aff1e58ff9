"""Texts are measured and broken so that they fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcap_report.render.safe import visible
from pcap_report.render.svg.measure import Font, fitted, is_certain
from tests.render.hostile import ANY_TEXT, CORPUS

FONT = Font(13)


def test_a_chinese_letter_fills_a_square() -> None:
    assert FONT.width("服务器") == 39
    assert FONT.width("e\u0301") == FONT.width("e")


def test_bold_is_wider() -> None:
    assert Font(13, bold=True).width("Server") > FONT.width("Server")


def test_a_text_that_fits_stays_whole() -> None:
    fit = fitted("SYN Seq=0", FONT, 200)
    assert (fit.lines, fit.whole) == (("SYN Seq=0",), None)


def test_lines_break_at_spaces() -> None:
    assert fitted("one two three four", FONT, 70, 4).lines == ("one two", "three four")


def test_a_word_with_accents_stays_whole() -> None:
    lines = fitted("de dirección pública, fuera de esta captura", FONT, 105, 9).lines
    assert lines == ("de dirección", "pública, fuera", "de esta captura")


def test_chinese_breaks_anywhere() -> None:
    assert fitted("从第帧起全部加密", FONT, 40, 9).lines == ("从第帧", "起全部", "加密")


def test_a_chinese_line_neither_begins_nor_ends_with_the_wrong_mark() -> None:
    lines = fitted("握手（三次）完成，之后双方发送。", FONT, 53, 9).lines
    assert "".join(lines) == "握手（三次）完成，之后双方发送。"
    assert len(lines) > 3
    assert not [line for line in lines if line[0] in "），。" or line[-1] == "（"]
    assert all(FONT.width(line) <= 53 for line in lines)


def test_a_latin_word_stays_whole_among_chinese() -> None:
    lines = fitted("服务器的 TCP 确认 ClientHello 已经到达", FONT, 110, 9).lines
    assert any("ClientHello" in line for line in lines)


def test_a_long_name_breaks_behind_punctuation() -> None:
    assert fitted("calm-river-42.tunnel.example.net", FONT, 150, 3).lines == (
        "calm-river-42.tunnel.",
        "example.net",
    )


def test_what_is_cut_is_known_whole() -> None:
    fit = fitted("a.very.long.name.example.net", FONT, 100)
    assert len(fit.lines) == 1
    assert "…" in fit.lines[0]
    assert fit.lines[0].endswith("net")
    assert fit.whole == "a.very.long.name.example.net"


def test_an_empty_text_has_one_empty_line() -> None:
    assert fitted("", FONT, 100).lines == ("",)


@pytest.mark.parametrize("room", [20, 90, 400])
@pytest.mark.parametrize("text", CORPUS)
def test_every_line_fits(text: str, room: float) -> None:
    _check(text, room, 3)


@given(text=ANY_TEXT, room=st.floats(20, 700), most=st.integers(1, 4))
def test_any_text_fits(text: str, room: float, most: int) -> None:
    _check(text, room, most)


def _check(text: str, room: float, most: int) -> None:
    fit = fitted(text, FONT, room, most)
    assert 1 <= len(fit.lines) <= most
    assert all(FONT.width(line) <= room for line in fit.lines)
    if fit.whole is None:
        assert "".join(fit.lines).replace(" ", "") == visible(text).replace(" ", "")


def test_only_common_alphabets_are_certain() -> None:
    assert is_certain("plain ñ Ω Ж 服务器 → …")
    assert not is_certain("العربية")
    assert not is_certain("😀")
