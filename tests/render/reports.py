"""Reports of captures, made once per test run."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pcap_report.render import phrases
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from tests.analyzed import analyzed

if TYPE_CHECKING:
    from pcap_report.model.report import Report

SAMPLES_DIR = Path(__file__).resolve().parents[2] / "samples"
LANGUAGES = phrases.LANGUAGES
SAMPLES = tuple(sorted(path.name for path in SAMPLES_DIR.glob("*.pcapng")))


def report_of(path: Path) -> Report:
    return analyzed(path)


def sample(name: str) -> Report:
    return report_of(SAMPLES_DIR / name)


@cache
def markdown_of(path: Path, language: str) -> str:
    return render_markdown(report_of(path), MarkdownOptions(language=language))
