"""The pie of a capture's protocols: no name of a layer writes Mermaid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pcap_report.render.pie import protocol_pie
from tests.render.hostile import CORPUS, fuzz
from tests.render.reports import LANGUAGES, sample

if TYPE_CHECKING:
    from tests.mermaid.parser import MermaidParser

LINE = re.compile(r'pie showData|    title [^\n"]+|    "[^"\n<>;#%]{1,80}" : \d+')


def _pie(names: list[str], language: str) -> str:
    report = sample("http-dns.pcapng")
    layers = report.capture.protocols
    whole = layers[0]
    called = [replace(whole, path=f"eth:ip:{name}", bytes=1_000) for name in names]
    drawn = protocol_pie(
        replace(report, capture=replace(report.capture, protocols=(*layers, *called))), language
    )
    assert drawn is not None
    return drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_are_only_counted(language: str) -> None:
    for name in (*CORPUS, *fuzz(100, seed=7)):
        drawn = _pie([name], language)
        assert all(LINE.fullmatch(line) for line in drawn.rstrip("\n").split("\n")), drawn
        assert "forged" not in drawn
        assert "http:" not in drawn


def test_mermaid_understands_it_with_hostile_names(mermaid_parsers: list[MermaidParser]) -> None:
    names = [*CORPUS, *fuzz(100, seed=7)]
    for start in range(0, len(names), 20):
        drawn = _pie(names[start : start + 20], "en")
        assert [parser.parse(drawn).error for parser in mermaid_parsers] == [None] * len(mermaid_parsers)
