"""A saved report brings its sentences along: those that somebody else wrote act nowhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from markdown_it import MarkdownIt

from pcap_report.engine import analyze
from pcap_report.model.report import Report
from pcap_report.render.json_report import read_json, render_json
from pcap_report.render.markdown import render_markdown
from pcap_report.render.terminal import render_terminal

SAMPLE = Path(__file__).parents[2] / "samples" / "lossy-three-connections.pcapng"


@pytest.fixture(scope="module")
def saved() -> str:
    return render_json(analyze(SAMPLE))


def tampered(saved: str, text: str, **args: object) -> Report:
    """The report with another sentence in the place of its first claim, step and finding."""
    report: dict[str, Any] = json.loads(saved)
    connection = report["connections"][0]
    for message in (
        connection["claims"][0]["message"],
        connection["steps"][0]["label"][0],
        report["findings"][0]["message"],
    ):
        message.clear()
        message.update({"text": text, "args": args})
    return read_json(json.dumps(report).encode())


def test_our_own_sentences_stay_as_they_are(saved: str) -> None:
    assert read_json(saved.encode()) == msgspec.json.decode(saved, type=Report)


@pytest.mark.parametrize(
    "text",
    [
        "<script>forged()</script>",
        "a | b",
        "\n\n# heading",
        "`x` **bold**",
        "[x](http://evil.example)",
        "www.a.b",
    ],
)
def test_markup_in_a_sentence_is_shown_as_text(saved: str, text: str) -> None:
    page = MarkdownIt("gfm-like", {"linkify": False}).parse(render_markdown(tampered(saved, text)))
    tokens = [token for one in page for token in (one, *(one.children or ()))]
    assert not {token.type for token in tokens} & {"html_inline", "link_open"}
    assert not any("script" in token.content for token in tokens if token.type == "html_block")
    whole = MarkdownIt("gfm-like", {"linkify": False}).parse(render_markdown(tampered(saved, "x")))
    assert [one.type for one in page] == [one.type for one in whole]


def test_a_sentence_does_not_move_the_cursor(saved: str) -> None:
    assert "\x1b" not in render_terminal(tampered(saved, "\x1b[2J"))


def test_a_width_in_a_place_makes_no_gigabyte(saved: str) -> None:
    report = tampered(saved, "%(count)999999999s", count=1)
    assert len(render_markdown(report)) < 1_000_000


def test_a_word_that_is_none_is_a_strangers_text(saved: str) -> None:
    report = tampered(saved, "RST from the %(sender_term)s: x", sender_term="<b>x</b>")
    assert "`RST from the <b>x</b>: x`" in render_markdown(report)


def test_the_sentence_of_a_plugin_is_said(saved: str) -> None:
    report = tampered(saved, "The lamp says %(colour)s, 3 of 4 times.", colour="red")
    assert "The lamp says `red`, 3 of 4 times." in render_markdown(report)


def test_a_value_that_is_missing(saved: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="no value colour"):
        tampered(saved, "The lamp says %(colour)s")
