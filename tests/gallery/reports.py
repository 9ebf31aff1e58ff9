"""The reports of the gallery: every sample, in every profile and language, as Markdown; a few as pages."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.render.environment import profiles
from pcap_report.render.html import LIMITS, render_html
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from pcap_report.render.phrases import LANGUAGES
from tests.render.reports import SAMPLES, sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.model.report import Report

ROOT: Final = Path(__file__).resolve().parents[2]
GALLERY: Final = ROOT / "docs/gallery"
NAMES: Final = tuple(name.removesuffix(".pcapng") for name in SAMPLES)
PAGES: Final = (("mcp-tls13", "lab", "en"), ("lossy-three-connections", "triage", "es"))
"""Sample, profile and language of the reports that are there as HTML, too."""


@cache
def shown(name: str) -> Report:
    """Return a sample's report without what differs from machine to machine: the programs' versions."""
    report = sample(f"{name}.pcapng")
    versions = replace(report.generator, version="VERSION", tshark_version="VERSION")
    return replace(report, generator=versions)


def reports() -> dict[str, Callable[[], str]]:
    """Return, by its place in the gallery, what makes each report."""
    return _markdown() | _pages()


def _markdown() -> dict[str, Callable[[], str]]:
    return {
        f"{name}/{profile}.{language}.md": partial(_told, name, profile, language)
        for name in NAMES
        for profile in profiles()
        for language in LANGUAGES
    }


def _pages() -> dict[str, Callable[[], str]]:
    return {
        f"{name}/{profile}.{language}.html": partial(_page, name, profile, language)
        for name, profile, language in PAGES
    }


def _told(name: str, profile: str, language: str) -> str:
    return render_markdown(shown(name), MarkdownOptions(language=language, profile=profile))


def _page(name: str, profile: str, language: str) -> str:
    return render_html(shown(name), MarkdownOptions(language=language, profile=profile, limits=LIMITS))
