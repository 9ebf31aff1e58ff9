"""What a user had accepted, re-rated, switched off or known stands, counted, in every form of the report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.engine import Options, analyze
from pcap_report.model.judging import Acceptance, Judging, KnownFindings, RuleChange
from pcap_report.render.html import render_html
from pcap_report.render.judged import left_out
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from pcap_report.render.pdf import pdf_sources
from pcap_report.render.terminal import TerminalOptions, render_terminal
from tests.truth.collection import ROOT

if TYPE_CHECKING:
    from pcap_report.model.report import Report

SAID: Final = {
    "en": (
        "Accepted: 1 finding of tcp.refused (a lesson)",
        "Re-rated: 1 finding of tcp.retransmission, to high",
        "Switched off: tcp.reset, which would have found 0",
        "known.json has 3 findings; left out here: 1.",
        "Known: 1 finding of tcp.unanswered at 203.0.113.66, TCP port 443",
    ),
    "es": (
        "Aceptado: 1 hallazgo de tcp.refused (a lesson)",
        "Recalificado: 1 hallazgo de tcp.retransmission, a gravedad alta",
        "Desactivada: tcp.reset, que habría encontrado 0",
        "known.json tiene 3 hallazgos; omitidos aquí: 1.",
        "Conocido: 1 hallazgo de tcp.unanswered en 203.0.113.66, puerto TCP 443",
    ),
    "zh": (
        "已接受：tcp.refused 的 1 项发现（a lesson）",
        "已重新评级：tcp.retransmission 的 1 项发现，改为高",
        "已停用：tcp.reset，本来会有 0 项发现",
        "known.json 有 3 项发现；此处略去：1。",
        "已知：tcp.unanswered 的 1 项发现，位于 203.0.113.66，TCP 端口 443",
    ),
}
PROFILES: Final = ("lab", "brief", "triage", "layers")
WANTED: Final = Judging(
    changes=(
        RuleChange("tcp.retransmission", "high", thresholds={"segments": 3}),
        RuleChange("tcp.reset", None, False),
    ),
    accepted=(Acceptance("tcp.refused", "a lesson"),),
    baseline="known.json",
    known=(
        KnownFindings("tcp.unanswered", "tcp", "203.0.113.66", 443, before=1),
        KnownFindings("tcp.unanswered", "tcp", "203.0.113.67", 443, before=2),
    ),
)


@pytest.fixture(scope="module")
def report() -> Report:
    return analyze(ROOT / "samples" / "refused-and-unanswered.pcapng", Options(judging=WANTED))


def bare(text: str) -> str:
    """Return a text without what marks code, and without the spaces and breaks of its layout."""
    return re.sub(r"[`\\\s]|<[^>]*>", "", text)


def requires(text: str, language: str) -> None:
    for said in SAID[language]:
        assert bare(said) in bare(text), said


def test_what_is_left_out_is_counted(report: Report) -> None:
    assert [one.id for one in report.findings] == ["tcp.retransmission"]
    assert left_out(report) == 2


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("profile", PROFILES)
def test_markdown_tells_it(report: Report, profile: str, language: str) -> None:
    requires(render_markdown(report, MarkdownOptions(profile=profile, language=language)), language)


@pytest.mark.parametrize("language", SAID)
def test_the_terminal_tells_it(report: Report, language: str) -> None:
    requires(render_terminal(report, TerminalOptions(language=language, width=120)), language)


def test_html_and_paper_tell_it(report: Report) -> None:
    for profile in PROFILES:
        options = MarkdownOptions(profile=profile)
        page = render_html(report, options)
        assert "a lesson" in page
        assert "left out here: 1." in page
    assert "a lesson" in "".join(pdf_sources(report, MarkdownOptions()).values())
