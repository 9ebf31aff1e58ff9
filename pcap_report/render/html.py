"""The report as one HTML file: it opens without a network, in the light or in the dark, and prints well.

The profiles' templates tell the story once, for Markdown and for pages; this module gives them another sink
and puts a page around what they tell. Nothing in it can load anything: the policy allows the page's own
style, one script by its hash, and no address at all.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from pcap_report.render.environment import markdown_environment, render_template, template_text
from pcap_report.render.html_blocks import html_of
from pcap_report.render.html_sink import HtmlSink, inert
from pcap_report.render.html_telling import Heading, HtmlTelling
from pcap_report.render.markdown import ONE_PAGE, MarkdownOptions, require_profile, story
from pcap_report.render.marks import LANGUAGE_TAGS
from pcap_report.render.plan import Limits
from pcap_report.render.svg.style import page_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment

    from pcap_report.model.report import Report

MAX_BYTES: Final = 6_000_000
LIMITS: Final = Limits(told=10, rows=400, claims=1_500, anatomies=8)
"""A page has room for more rows than a text that is pasted somewhere."""
_TRIES: Final = 6
_PUNCTUATED: Final = re.compile(
    r'(<button type="button" class="fr"[^<>]*>[^<>]*</button>[,.;:)，。、；：）]+)'
)
_PAGE: Final = "html/page.html.j2"


@dataclass(frozen=True)
class Page:
    """What the page's template puts around a report; every text is safe for HTML already.

    Attributes:
        one_page: it is to be printed on one sheet.
    """

    language: Markup
    title: Markup
    generator: Markup
    headings: Sequence[Heading]
    body: Markup
    style: Markup
    script: Markup
    script_hash: Markup
    one_page: bool


def render_html(report: Report, options: MarkdownOptions | None = None) -> str:
    """Write a report as one HTML file.

    Raises:
        UsageError: there is no such language or profile, or a template is broken.
    """
    options = options or MarkdownOptions(limits=LIMITS)
    require_profile(options)
    sink = HtmlSink(options.language)
    environment = markdown_environment(sink, options.template_dir)
    limits = options.limits
    text = _rendered(report, options, environment, sink)
    for _ in range(_TRIES):
        if len(text.encode()) <= MAX_BYTES:
            break
        limits = limits.smaller()
        text = _rendered(report, replace(options, limits=limits), environment, sink)
    return text


def _rendered(report: Report, options: MarkdownOptions, environment: Environment, sink: HtmlSink) -> str:
    telling = HtmlTelling(report, sink, options.language)
    body = _held(html_of(story(report, options, environment, telling)))
    script = template_text(environment, "html/page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = Page(
        language=inert(LANGUAGE_TAGS.get(options.language, options.language)),
        title=_title(report, options, sink),
        generator=inert(f"{report.generator.name} {report.generator.version}"),
        headings=telling.headings,
        body=_markup(body + ("</section>" if telling.headings else "")),
        style=_markup(page_style() + template_text(environment, "html/page.css")),
        script=_markup(script),
        script_hash=_markup(f"sha256-{digest}"),
        one_page=options.profile in ONE_PAGE,
    )
    return render_template(environment, _PAGE, {"page": page}).strip() + "\n"


def _held(body: str) -> str:
    """Keep punctuation on the line of the button before it: a browser would let it begin the next one."""
    return _PUNCTUATED.sub(r'<span class="held">\1</span>', body)


def _title(report: Report, options: MarkdownOptions, sink: HtmlSink) -> Markup:
    if options.title:
        return sink.plain(options.title)
    return sink.gettext("What happens in %(file)s", file=inert(report.capture.file))


def _markup(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - written by this package, its values made inert by the sink
