"""The report on paper: the page's blocks, set by typst, with its drawings as vectors.

Texts reach typst as data, by ``json()``: nothing of them is markup there. It is an optional part, for it
weighs more than all the rest: ``pip install 'pcap-report[pdf]'``.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from pcap_report.errors import UsageError
from pcap_report.private_folder import PrivateFolder
from pcap_report.render.environment import markdown_environment, template_text
from pcap_report.render.html_blocks import html_of
from pcap_report.render.html_pictures import Draw, Pictures
from pcap_report.render.html_sink import HtmlSink
from pcap_report.render.html_telling import HtmlTelling
from pcap_report.render.markdown import ONE_PAGE, MarkdownOptions, require_profile, story
from pcap_report.render.pdf_tree import Node, Tree
from pcap_report.render.svg.sheet import Sheet

if TYPE_CHECKING:
    from pcap_report.model.report import Report

_TEXT_FONTS: Final = ("Noto Sans", "Roboto", "Liberation Sans", "DejaVu Sans", "Libertinus Serif")
_CODE_FONTS: Final = ("Noto Sans Mono", "DejaVu Sans Mono")
_CJK_FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Hiragino Sans GB",
    "Heiti SC",
    "SimHei",
    "SimSun",
    "Droid Sans Fallback",
)
"""In the order of liking; typst brings Libertinus Serif and DejaVu Sans Mono along."""
_CJK: Final = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)
_PICTURE: Final = re.compile(r"<svg.*?</svg>", re.DOTALL)


def render_pdf(report: Report, options: MarkdownOptions | None = None) -> bytes:
    """Write a report as PDF.

    Raises:
        UsageError: typst is not installed; there is no such language or profile; a template is broken; the
            report is to be Chinese and no font on this machine is.
    """
    require_typst()
    require_font((options or MarkdownOptions()).language)
    return _compiled(pdf_sources(report, options or MarkdownOptions()))


def pdf_sources(report: Report, options: MarkdownOptions) -> dict[str, str]:
    """Return the files that the typesetter is handed, by name: all that a PDF says stands in them.

    Raises:
        UsageError: there is no such language or profile; a template is broken.
    """
    require_profile(options)
    sink = HtmlSink(options.language)
    environment = markdown_environment(sink, options.template_dir)
    pictures = PaperPictures(options.language)
    telling = HtmlTelling(report, sink, options.language, pictures)
    blocks = Tree(html_of(story(report, options, environment, telling))).blocks
    content = json.dumps({**_face(sink, options, blocks), "blocks": blocks}, ensure_ascii=False)
    page = template_text(environment, "pdf/report.typ")
    return {"report.json": content, "report.typ": page, **pictures.files}


def require_typst() -> None:
    """Make sure that the typesetter is installed.

    Raises:
        UsageError: it is not.
    """
    try:
        import typst  # noqa: F401 - only whether it is there
    except ImportError as error:
        message = "A PDF is set by typst, which is not installed"
        raise UsageError(message, "pip install 'pcap-report[pdf]'") from error


def require_font(language: str) -> None:
    """Make sure that the machine has a font for a language: typst brings only Latin ones along.

    Raises:
        UsageError: the language is Chinese, and there is none.
    """
    if language == "zh" and not _families().intersection(_CJK_FONTS):
        message = "This machine has no font with Chinese characters for the PDF"
        raise UsageError(message, "apt-get install fonts-noto-cjk, or install Noto Sans SC by hand")


class PaperPictures(Pictures):
    """Draws for paper; the page names the files.

    Attributes:
        files: name and text of each picture.
    """

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.files: dict[str, str] = {}

    def _figure(self, draw: Draw, kind: str) -> str:
        drawn = draw(Sheet(f"d{len(self.files)}", self._language, "paper"))
        title = _TITLE.search(drawn)
        if title is None:
            return ""
        names = []
        for picture in _PICTURE.findall(drawn):
            names.append(f"picture-{len(self.files) + 1}.svg")
            self.files[names[-1]] = picture
        caption = f"<figcaption>{title[1]}</figcaption>"
        return f'<figure class="{kind}" data-files="{" ".join(names)}">{caption}</figure>'


def _face(sink: HtmlSink, options: MarkdownOptions, blocks: list[Node]) -> Node:
    """Name the fonts that there are, and say so when Chinese, Japanese or Korean texts have none."""
    known = _families()
    chinese = [name for name in _CJK_FONTS if name in known]
    missing = not chinese and _CJK.search(json.dumps(blocks, ensure_ascii=False)) is not None
    note = sink.gettext(
        "This machine has no font with Chinese characters: where they stand, this PDF is empty."
    )
    return {
        "language": options.language,
        "contents": sink.gettext("Contents").unescape(),
        "author": options.author or "",
        "one_page": options.profile in ONE_PAGE,
        "fonts": [*(name for name in _TEXT_FONTS if name in known), *chinese],
        "chinese": chinese,
        "mono": [*(name for name in _CODE_FONTS if name in known), *chinese],
        "note": note.unescape() if missing else "",
    }


@cache
def _families() -> frozenset[str]:
    import typst

    return frozenset(font.family for font in typst.Fonts().fonts())


def _compiled(files: dict[str, str]) -> bytes:
    import typst

    with PrivateFolder() as folder:
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
        written: bytes = typst.compile(str(folder / "report.typ"), root=str(folder))
    return written
