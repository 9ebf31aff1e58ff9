"""The report as Markdown with Mermaid diagrams: one bounded file that can be pasted into a ticket."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from pcap_report.errors import UsageError
from pcap_report.render.chart_files import ChartFiles
from pcap_report.render.environment import markdown_environment, profiles, render_template
from pcap_report.render.markdown_sink import MarkdownSink
from pcap_report.render.plan import Limits, plan_of
from pcap_report.render.sections import Sections
from pcap_report.render.telling import Telling
from pcap_report.render.typography import typeset

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment

    from pcap_report.model.report import Report

MAX_BYTES: Final = 300_000
ONE_PAGE: Final = frozenset(("brief",))
"""The profiles whose reports fit on one sheet of paper."""
_TRIES: Final = 6
_BLANK_LINES = re.compile(r"\n{3,}")
_TRAILING_SPACES = re.compile(r"[ \t]+$", re.MULTILINE)


@dataclass(frozen=True)
class MarkdownOptions:
    """How a report is to be written.

    Attributes:
        language: one of :data:`~pcap_report.render.phrases.LANGUAGES`.
        profile: the kind of report: a folder of templates.
        template_dir: the user's own templates; each replaces ours of the same path.
        title: replaces the title that the report gives itself.
        author: who hands it in.
        course: for which course.
        date: when, as the user writes it.
        limits: how much of everything is shown.
        charts: the folder of the charts' files as links name it, percent-encoded; None for no such files.
    """

    language: str = "en"
    profile: str = "lab"
    template_dir: Path | None = None
    title: str | None = None
    author: str | None = None
    course: str | None = None
    date: str | None = None
    limits: Limits = field(default_factory=Limits)
    charts: str | None = None


def render_markdown(report: Report, options: MarkdownOptions | None = None) -> str:
    """Write a report as Markdown.

    Whatever the capture, the text stays below 300 kB: what was left out is counted in it.

    Raises:
        UsageError: there is no such language or profile, or a template is broken.
    """
    return markdown_with_charts(report, options or MarkdownOptions())[0]


def markdown_with_charts(report: Report, options: MarkdownOptions) -> tuple[str, dict[str, str]]:
    """Write a report as Markdown, and the SVG files that it shows, by name.

    Raises:
        UsageError: there is no such language or profile, or a template is broken.
    """
    sink = MarkdownSink(options.language)
    environment = markdown_environment(sink, options.template_dir)
    require_profile(options)
    limits = options.limits
    text, files = _rendered(report, options, environment, sink, limits)
    for _ in range(_TRIES):
        if len(text.encode()) <= MAX_BYTES:
            break
        limits = limits.smaller()
        text, files = _rendered(report, options, environment, sink, limits)
    return text, files


def require_profile(options: MarkdownOptions) -> None:
    """Make sure that there is such a profile, ours or the user's.

    Raises:
        UsageError: there is none.
    """
    own = options.template_dir and (options.template_dir / options.profile / "report.md.j2").is_file()
    if options.profile not in profiles() and not own:
        message = f"There is no profile {options.profile}"
        raise UsageError(message, f"The profiles are: {', '.join(profiles())}")


def _rendered(
    report: Report, options: MarkdownOptions, environment: Environment, sink: MarkdownSink, limits: Limits
) -> tuple[str, dict[str, str]]:
    charts = None if options.charts is None else ChartFiles(options.language, options.charts)
    telling = Telling(report, sink, options.language, charts)
    text = _tidy(story(report, replace(options, limits=limits), environment, telling))
    return text, charts.files if charts else {}


def story(report: Report, options: MarkdownOptions, environment: Environment, telling: Telling) -> str:
    """Let a profile's templates tell a report, in the words of a sink, line by line."""
    context: dict[str, Any] = {
        "report": report,
        "capture": report.capture,
        "options": options,
        "limits": options.limits,
        "plan": plan_of(report, options.limits),
        "tell": telling,
    }
    context["sections"] = Sections(environment, context)
    text = render_template(environment, f"{options.profile}/report.md.j2", context)
    return typeset(text, options.language)


def _tidy(text: str) -> str:
    """Take out what templates leave behind: spaces at the ends of lines and more than one blank line."""
    return _BLANK_LINES.sub("\n\n", _TRAILING_SPACES.sub("", text)).strip("\n") + "\n"
