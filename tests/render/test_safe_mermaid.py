"""Hostile strings in Mermaid: every supported version shows exactly the text, and nothing but the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcap_report.render.safe import MERMAID_LIMIT, ellipsize, mermaid_label, mermaid_text, visible
from tests.mermaid.parser import MermaidParser, Note
from tests.render.hostile import ANY_TEXT, CORPUS, fuzz

TEXTS = (*CORPUS, *fuzz(500, seed=13))
TEXTS_PER_DIAGRAM = 60


def _shown(text: str) -> str:
    return re.sub(" +", " ", ellipsize(visible(text), MERMAID_LIMIT)).strip(" ") or "-"


def _sequence(safe_texts: list[str]) -> str:
    """One participant, message and note for each text."""
    lines = ["sequenceDiagram"]
    for number, text in enumerate(safe_texts):
        lines += [
            f"participant p{number} as {text}",
            f"p{number}->>p0: {text}",
            f"Note over p{number}: {text}",
        ]
    return "\n".join([*lines, "loop twice", "p0->>p0: done", "end", ""])


def _check_sequence(parser: MermaidParser, safe_texts: list[str], shown: list[str]) -> None:
    diagram = parser.parse(_sequence(safe_texts))
    assert diagram.error is None, parser.version
    assert diagram.actors == tuple((f"p{number}", text) for number, text in enumerate(shown))
    assert [(message.source, message.text) for message in diagram.messages] == [
        *((f"p{number}", text) for number, text in enumerate(shown)),
        ("p0", "done"),
    ]
    assert diagram.notes == tuple(Note((f"p{number}",), text) for number, text in enumerate(shown))
    assert [(block.kind, block.text) for block in diagram.blocks] == [("loop", "twice")]
    assert (diagram.config, diagram.title, diagram.accessible_title) == ((), "", "")


@pytest.mark.parametrize("first", range(0, len(TEXTS), TEXTS_PER_DIAGRAM))
def test_every_version_shows_the_text(mermaid_parsers: list[MermaidParser], first: int) -> None:
    texts = TEXTS[first : first + TEXTS_PER_DIAGRAM]
    for parser in mermaid_parsers:
        _check_sequence(parser, [*map(mermaid_text, texts)], [*map(_shown, texts)])


@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_version_shows_any_text(mermaid_parsers: list[MermaidParser], texts: list[str]) -> None:
    for parser in mermaid_parsers:
        _check_sequence(parser, [*map(mermaid_text, texts)], [*map(_shown, texts)])


@given(labels=st.lists(st.lists(ANY_TEXT, min_size=1, max_size=3), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_parts_of_a_label_do_not_act_on_each_other(
    mermaid_parsers: list[MermaidParser], labels: list[list[str]]
) -> None:
    for parser in mermaid_parsers:
        safe_labels = [mermaid_label(map(mermaid_text, label)) for label in labels]
        _check_sequence(parser, safe_labels, ["\n".join(map(_shown, label)) for label in labels])


@pytest.mark.parametrize(
    "label",
    [
        ("style.css", "a:b#c"),
        ("x", "wrap", ":a"),
        ("wrap", ": x"),
        ("nowrap:x", "y"),
        ("a classDef", "1:2", ";#"),
    ],
)
def test_known_quarrels_between_parts(mermaid_parsers: list[MermaidParser], label: tuple[str, ...]) -> None:
    for parser in mermaid_parsers:
        _check_sequence(parser, [mermaid_label(map(mermaid_text, label))], ["\n".join(map(_shown, label))])


@pytest.mark.parametrize("first", range(0, len(TEXTS), TEXTS_PER_DIAGRAM))
def test_a_gantt_chart_shows_the_text(mermaid_parsers: list[MermaidParser], first: int) -> None:
    texts = TEXTS[first : first + TEXTS_PER_DIAGRAM]
    bursts = [f"burst {mermaid_text(text, colon=False)} :0, 10" for text in texts]
    gantt = "\n".join(["gantt", "dateFormat x", "axisFormat %s", *bursts, ""])
    for parser in mermaid_parsers:
        diagram = parser.parse(gantt)
        assert diagram.error is None, parser.version
        assert [name for name, _, _ in diagram.tasks] == [f"burst {_shown(text)}" for text in texts]
        assert diagram.config == ()


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("www.example.com:443", "www.example.com:443"),
        ("a;b#c", "a#59;b#35;c"),
        ("style:x", "style#58;x"),
        ("  a   b ", "a b"),
        ("", "-"),
        ("x" * 80, "x" * 37 + "…" + "x" * 18),
    ],
)
def test_plain_text_stays_readable_in_the_source(text: str, source: str) -> None:
    assert mermaid_text(text) == source


def test_empty_parts_are_left_out_of_a_label() -> None:
    assert mermaid_label(["a", "", "b:c"]) == "a<br/>b:c"
