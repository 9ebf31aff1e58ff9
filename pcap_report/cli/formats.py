"""The formats that a report can be written in: one row each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pcap_report.cli.output import STANDARD_OUTPUT
from pcap_report.cli.settings import is_terminal
from pcap_report.errors import UsageError
from pcap_report.files import Content

if TYPE_CHECKING:
    from pcap_report.model.report import Report

DEFAULT_PROFILE: Final = "lab"


@dataclass(frozen=True)
class Presentation:
    """How a report is to look.

    Attributes:
        language: code of the language.
        profile: which sections, in which order.
        template_dir: folder whose templates go before ours.
        title: instead of the title that the report gives itself.
        author: who hands it in.
        course: for which course.
        date: the date to print.
        width: columns of a terminal.
        color: with terminal colours.
        chosen: the connections were chosen one by one, so each is drawn.
        charts: the folder of the charts' files as links name it; None for no such files.
    """

    language: str = "en"
    profile: str = DEFAULT_PROFILE
    template_dir: Path | None = None
    title: str | None = None
    author: str | None = None
    course: str | None = None
    date: str | None = None
    width: int = 100
    color: bool = False
    chosen: bool = False
    charts: str | None = None


@dataclass(frozen=True)
class Written:
    """A report as it is written.

    Attributes:
        content: the report itself.
        charts: name and text of the files beside it.
    """

    content: Content
    charts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Format:
    """A format of the report.

    Attributes:
        name: what ``-f`` calls it.
        endings: file endings that mean it.
        render: turns a report into text, or into the bytes of a PDF.
        sources: the texts that a PDF is made of, in which one can search.
        with_charts: turns a report into text and the files of its charts.
        pieces: writes a report piece by piece, where it may be too large for memory.
        require: makes sure, before a capture is read, that what it needs is installed.
    """

    name: str
    endings: tuple[str, ...]
    render: Callable[[Report, Presentation], str | bytes]
    sources: Callable[[Report, Presentation], str] | None = None
    require: Callable[[], None] | None = None
    with_charts: Callable[[Report, Presentation], Written] | None = None
    pieces: Callable[[Report], Iterable[bytes]] | None = None

    def written(self, report: Report, how: Presentation) -> Written:
        """Write a report, with the files of its charts where they are asked for."""
        if how.charts is not None and self.with_charts:
            return self.with_charts(report, how)
        if self.pieces:
            return Written(self.pieces(report))
        return Written(self.render(report, how))

    def searchable(self, report: Report, how: Presentation) -> str:
        """Return all that is written, as text."""
        if self.sources:
            return self.sources(report, how)
        written = self.written(report, how)
        content = written.content
        if not isinstance(content, (str, bytes)):
            content = b"".join(content)
        text = content if isinstance(content, str) else content.decode("latin-1")
        return "\n".join([text, *written.charts.values()])


def _markdown(report: Report, how: Presentation) -> str:
    from pcap_report.render.markdown import MarkdownOptions, render_markdown

    return render_markdown(report, MarkdownOptions(**_told(how)))


def _markdown_with_charts(report: Report, how: Presentation) -> Written:
    from pcap_report.render.markdown import MarkdownOptions, markdown_with_charts

    return Written(*markdown_with_charts(report, MarkdownOptions(charts=how.charts, **_told(how))))


def _html(report: Report, how: Presentation) -> str:
    from pcap_report.render.html import LIMITS, render_html
    from pcap_report.render.markdown import MarkdownOptions

    return render_html(report, MarkdownOptions(limits=LIMITS, **_told(how)))


def _pdf(report: Report, how: Presentation) -> bytes:
    from pcap_report.render.markdown import MarkdownOptions
    from pcap_report.render.pdf import render_pdf

    return render_pdf(report, MarkdownOptions(**_told(how)))


def _pdf_sources(report: Report, how: Presentation) -> str:
    from pcap_report.render.markdown import MarkdownOptions
    from pcap_report.render.pdf import pdf_sources

    return "\n".join(pdf_sources(report, MarkdownOptions(**_told(how))).values())


def _require_pdf() -> None:
    from pcap_report.render.pdf import require_typst

    require_typst()


def _told(how: Presentation) -> dict[str, Any]:
    """Return what Markdown and HTML are told alike; Any because the values differ in type."""
    return {
        "language": how.language,
        "profile": how.profile,
        "template_dir": how.template_dir,
        "title": how.title,
        "author": how.author,
        "course": how.course,
        "date": how.date,
    }


def _json(report: Report, _: Presentation) -> str:
    from pcap_report.render.json_report import render_json

    return render_json(report)


def _json_pieces(report: Report) -> Iterable[bytes]:
    from pcap_report.render.json_report import json_pieces

    return json_pieces(report)


def _text(report: Report, how: Presentation) -> str:
    from pcap_report.render.terminal import TerminalOptions, render_terminal

    return render_terminal(
        report,
        TerminalOptions(
            language=how.language, width=how.width, color=how.color, every_ladder=how.chosen, title=how.title
        ),
    )


FORMATS: Final = (
    Format("md", (".md", ".markdown"), _markdown, with_charts=_markdown_with_charts),
    Format("html", (".html", ".htm"), _html),
    Format("pdf", (".pdf",), _pdf, _pdf_sources, _require_pdf),
    Format("json", (".json",), _json, pieces=_json_pieces),
    Format("text", (".txt", ".text"), _text),
)


def chosen_format(name: str | None, out: str | None) -> Format:
    """Return the format that was asked for, or that fits where the report goes.

    Raises:
        UsageError: there is no such format, or the file's ending does not tell one.
    """
    if name is not None:
        return _named(name)
    if out is None:
        return _named("text" if is_terminal(sys.stdout) else "md")
    if out == STANDARD_OUTPUT:
        return _named("md")
    ending = Path(out).suffix.lower()
    for form in FORMATS:
        if ending in form.endings:
            return form
    endings = ", ".join(form.endings[0] for form in FORMATS)
    what = f"No format is written to files that end in {ending}" if ending else f"{out} has no ending"
    raise UsageError(what, f"The endings are {endings}; or name the format: -f {_names('|')}")


def require_presentable(how: Presentation) -> None:
    """Make sure that the language, the profile and the folder of templates are there.

    Raises:
        UsageError: one of them is not.
    """
    from pcap_report.render.phrases import translations

    try:
        translations(how.language)
    except OSError as error:  # a clone whose catalogs were never compiled
        message = f"The catalog of language {how.language} is not there"
        raise UsageError(message, "In a clone, compile it: make catalogs") from error
    if how.template_dir is not None and not how.template_dir.is_dir():
        message = f"The template folder {how.template_dir} does not exist"
        raise UsageError(message, "Give --template a folder with your own *.j2 files.")
    if how.profile != DEFAULT_PROFILE:
        _require_profile(how)


def _require_profile(how: Presentation) -> None:
    from pcap_report.render.environment import profiles

    own = how.template_dir is not None and (how.template_dir / how.profile / "report.md.j2").is_file()
    if how.profile not in profiles() and not own:
        raise UsageError(f"There is no profile {how.profile}", f"The profiles are: {', '.join(profiles())}")


def _named(name: str) -> Format:
    for form in FORMATS:
        if form.name == name:
            return form
    raise UsageError(f"There is no format {name}", f"The formats are: {_names(', ')}")


def _names(separator: str) -> str:
    return separator.join(form.name for form in FORMATS)
