"""A saved report renders without its capture, in any language, exactly as it did with it."""

from __future__ import annotations

import msgspec
import pytest

from pcap_report.model.report import Report
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from tests.render.reports import LANGUAGES, SAMPLES, SAMPLES_DIR, markdown_of, sample


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_saved_report_renders_the_same(name: str, language: str) -> None:
    saved = msgspec.json.encode(sample(name))
    report = msgspec.json.decode(saved, type=Report)
    assert render_markdown(report, MarkdownOptions(language=language)) == markdown_of(
        SAMPLES_DIR / name, language
    )
