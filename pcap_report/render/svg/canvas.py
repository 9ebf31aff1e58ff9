"""Writes elements of SVG: the one place where texts are escaped and coordinates rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import escape

from pcap_report.render.safe import html_text
from pcap_report.render.svg.measure import is_certain
from pcap_report.render.svg.style import FONTS, file_style, paper_style

if TYPE_CHECKING:
    from pcap_report.render.svg.measure import Fitted
    from pcap_report.render.svg.sheet import Sheet

_NAMESPACE: Final = ' xmlns="http://www.w3.org/2000/svg"'


def num(value: float) -> str:
    """Write a coordinate, to a tenth of a pixel."""
    return f"{round(value, 1) + 0.0:g}"


class Canvas:
    """Collects the elements of a picture."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def add(self, *parts: str) -> None:
        """Add elements that are written already."""
        self._parts.extend(parts)

    def text(self, x: float, y: float, fitted: Fitted, classes: str, leading: float = 16) -> None:
        """Write lines, the first on the base line `y`."""
        for place, line in enumerate(fitted.lines):
            self._parts.append(text((x, y + place * leading), line, classes, whole=fitted.whole))

    def path(self, data: str, classes: str, tip: str | None = None) -> None:
        """Draw a path."""
        self._parts.append(_with_tip("path", f'class="{classes}" d="{data}"', tip))

    def rect(self, box: tuple[float, float, float, float], classes: str, tip: str | None = None) -> None:
        """Draw a rectangle: left, top, width, height."""
        x, y, width, height = map(num, box)
        places = f'class="{classes}" x="{x}" y="{y}" width="{width}" height="{height}"'
        self._parts.append(_with_tip("rect", places, tip))

    def written(self) -> str:
        """Return the elements."""
        return "".join(self._parts)

    def picture(self, sheet: Sheet, height: float, title: str, description: str) -> str:
        """Return the whole picture."""
        width = sheet.width
        name = html_text(sheet.prefix)
        role = "group" if sheet.link else "img"
        return "".join(
            (
                f'<svg{_NAMESPACE} class="pr" viewBox="0 0 {width} {num(height)}" width="{width}" ',
                f'height="{num(height)}" role="{role}" aria-labelledby="{name}-t {name}-d">',
                f'<title id="{name}-t">{html_text(title)}</title>',
                f'<desc id="{name}-d">{html_text(description)}</desc>',
                _ground(sheet, height),
                *self._parts,
                "</svg>",
            )
        )


def _ground(sheet: Sheet, height: float) -> str:
    """A page has its style and its ground; a file brings both, and paper is white."""
    if sheet.medium == "page":
        return ""
    if sheet.medium == "paper":
        return f"<style>{paper_style()}</style>"
    ground = f'<rect class="bg" width="{sheet.width}" height="{num(height)}"/>'
    return f"<style>{file_style()}</style>{ground}"


def text(
    at: tuple[float, float], line: str, classes: str, *, whole: str | None = None, frames: str = ""
) -> str:
    """Write one line, visible already.

    Args:
        at: where its base line begins, or ends, or has its middle, as its classes say.
        line: the text.
        classes: the first one says in which font.
        whole: all of the text, where this is a part of it.
        frames: its beginning, which stands back.
    """
    length = ""
    if not is_certain(line):
        frames = ""  # readers of SVG differ in how they stretch a text of two parts
        width = FONTS[classes.split(" ", 1)[0]].width(line)
        length = f' textLength="{num(width)}" lengthAdjust="spacingAndGlyphs"'
    content = str(escape(line))
    if frames and line.startswith(frames):
        content = f'<tspan class="n">{escape(frames)}</tspan>{escape(line[len(frames) :])}'
    tip = f"<title>{escape(whole)}</title>" if whole else ""
    return f'<text class="{classes}" x="{num(at[0])}" y="{num(at[1])}"{length}>{tip}{content}</text>'


def _with_tip(name: str, attributes: str, tip: str | None) -> str:
    if tip is None:
        return f"<{name} {attributes}/>"
    return f"<{name} {attributes}><title>{html_text(tip)}</title></{name}>"
