"""The index of a batch: the worst first, what failed at the end; as a page and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from pcap_report import __version__
from pcap_report.batch.places import write
from pcap_report.batch.records import Index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.batch.places import Place
    from pcap_report.batch.records import Entry, Failure

INDEX_VERSION: Final = 1
_SHOWN: Final = 2_000
"""Captures on the page; all of them are in index.json."""


def make_index(entries: Sequence[Entry], failures: Sequence[Failure], tables: Sequence[str]) -> Index:
    """Make the index of captures that are in order, the worst first."""
    generator = f"pcap-report {__version__}"
    return Index(INDEX_VERSION, generator, tuple(entries), tuple(failures), tuple(tables))


def gravity(entry: Entry) -> tuple[int, int, int, str]:
    """Sort by the number of grave findings, then of lesser ones, then by path."""
    found = entry.summary.findings
    return (-found.high, -found.medium, -found.low, entry.path)


def write_index(index: Index, place: Place, reports: str, language: str) -> None:
    """Write ``index.json`` and ``index.html``.

    Raises:
        OSError: they cannot be written here.
        UsageError: they cannot be written elsewhere.
    """
    from pcap_report.render.json_report import pretty_json

    write(place, "index.json", pretty_json(index))
    write(place, "index.html", render_page(index, reports, language))


def render_page(index: Index, reports: str, language: str) -> str:
    """Write the index as a page that loads nothing; names of files are strangers' texts."""
    from pcap_report.render.environment import markdown_environment, render_template, template_text
    from pcap_report.render.html_sink import HtmlSink, inert
    from pcap_report.render.marks import LANGUAGE_TAGS
    from pcap_report.render.svg.style import page_style

    environment = markdown_environment(HtmlSink(language))
    style = page_style() + template_text(environment, "html/page.css")
    context = {
        "index": index,
        "captures": index.captures[:_SHOWN],
        "omitted": max(0, len(index.captures) - _SHOWN),
        "failures": index.failures[:_SHOWN],
        "failures_omitted": max(0, len(index.failures) - _SHOWN),
        "packets": sum(entry.summary.packets for entry in index.captures),
        "folder": inert(reports),
        "language": inert(LANGUAGE_TAGS.get(language, language)),
        "generator": inert(index.generator),
        "style": Markup(style),  # noqa: S704 - our own stylesheet
    }
    return render_template(environment, "html/index.html.j2", context).strip() + "\n"
