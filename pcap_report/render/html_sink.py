"""Values into HTML: the same rules as in Markdown, another door.

The templates of the profiles are written once, as lines: headings, bullets, table rows, paragraphs. What they
print goes through this sink, which writes inline HTML; `html_blocks` puts the elements around the lines. So a
stranger's text never stands where a line is read: every character that means something there is an entity.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jinja2 import Undefined
from markupsafe import Markup, escape

from pcap_report.model.message import Message
from pcap_report.render.markdown_sink import MarkdownSink
from pcap_report.render.phrases import Phrases
from pcap_report.render.quantities import Quantities
from pcap_report.render.ranges import filter_ranges
from pcap_report.render.safe import html_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.model.message import Argument

NO_BREAK: Final = "\u00a0"
"""A space at which no line is broken."""
_FILTER_LIMIT: Final = 4_000
_CODE_LIMIT: Final = 240
_SHORT: Final = 26
"""Characters that a table's cell keeps on one line."""
_TITLE_LIMIT: Final = 300
_FRAME_NAMES: Final = frozenset(("frame", "query", "answer", "first", "last"))
"""Arguments of our sentences that hold one frame's number."""
_NOT_FRAMES: Final = frozenset(("ports", "connections"))
"""Arguments that hold several numbers of something else."""
_LINE_MARKS: Final = {ord(mark): f"&#{ord(mark)};" for mark in "|*`"}
_PLAIN_FILTER: Final = re.compile(r"[ -~]*")
_COPIED_FILTER: Final = Markup(
    '<span class="df"><code>{}</code>&#8288;'
    '<button type="button" class="cp" aria-label="{}"></button>&#8288;</span>'
)
_CONTROLS: Final = re.compile(r"[\x00-\x1f]")
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")


def inert(text: str, limit: int = _CODE_LIMIT) -> Markup:
    """Make a stranger's text safe both for HTML and for the lines that are still to be read."""
    return Markup(str(html_text(text, limit)).translate(_LINE_MARKS))  # noqa: S704 - escaped


def coded(text: str, limit: int = _CODE_LIMIT) -> Markup:
    """Set a stranger's text as code."""
    short = Markup(' class="s"') if len(text) <= _SHORT else ""
    return Markup("<code{}>{}</code>").format(short, inert(text or '""', limit))


def frame_button(first: int, last: int) -> Markup:
    """Write a frame's number, or a range of them, as a button that copies the filter that shows it."""
    button = Markup('<button type="button" class="fr" title="{}">{}</button>')
    if first == last:
        return button.format(f"frame.number == {first}", first)
    return button.format(f"frame.number in {{{first}..{last}}}", f"{first}–{last}")


class HtmlPhrases(Phrases):
    """Says messages as HTML: our words escaped, their ``**`` bold, frame numbers as buttons.

    No line is broken between a number and its unit. (Markdown has plain spaces there: its source is read,
    searched and compared, too.)
    """

    def __init__(self, language: str, *, tabular: bool = False) -> None:
        super().__init__(language, lambda text: str(coded(text)), tabular=tabular)
        self.quantities = Quantities("en" if tabular else language, NO_BREAK)

    def word(self, text: str) -> str:
        """Translate a word of ours."""
        return _ours(super().word(text))

    def count(self, singular: str, plural: str, number: int) -> str:
        """Translate a counting sentence of ours, its placeholders still in it."""
        return _ours(super().count(singular, plural, number))

    def say(self, message: Message) -> str:
        """Translate a message and put its values in."""
        if message.plural is not None and message.count is not None:
            text = self.count(message.text, message.plural, message.count)
        else:
            text = self.word(message.text)
        return text % {name: self.value(name, value) for name, value in message.args.items()}

    def value(self, name: str, value: Argument) -> str:
        """Format one value; numbers that sort by more than what is seen bring their worth along."""
        if isinstance(value, int) and (name in _FRAME_NAMES or name.endswith("_frame")):
            return str(frame_button(value, value))
        if isinstance(value, tuple) and value and isinstance(value[0], int) and name in _NOT_FRAMES:
            return self.numbers([int(one) for one in value])
        told = super().value(name, value)
        return told.replace(" ", NO_BREAK) if name.endswith("_percent") else told

    def numbers(self, numbers: Sequence[int], limit: int = 40) -> str:
        """Write numbers that are no frames as ranges."""
        return super().frames(numbers, limit)

    def frames(self, frames: Sequence[int], limit: int = 40) -> str:
        """Write frame numbers as ranges, each a button."""
        runs = _runs(frames)
        text = self.marks.listed.join(str(frame_button(*run)) for run in runs[:limit])
        return self._with_rest(text, sum(last - first + 1 for first, last in runs[limit:]))


def _ours(text: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", str(escape(_CONTROLS.sub(" ", text))))


def _runs(frames: Iterable[int]) -> list[tuple[int, int]]:
    written = filter_ranges(frames).strip("{}").split(", ")
    pairs = (run.split("..") for run in written if run != "0")
    return [(int(pair[0]), int(pair[-1])) for pair in pairs]


class HtmlSink(MarkdownSink):
    """Says things in one language as HTML; the filters of the templates are its methods."""

    def __init__(self, language: str) -> None:
        self.prose = self._prose = HtmlPhrases(language)
        self.cells = HtmlPhrases(language, tabular=True)

    def _shown(self, name: str, value: object, phrases: Phrases) -> Markup:
        known = isinstance(value, str | int | float | tuple | list | Message | Undefined) or value is None
        return super()._shown(name, value, phrases) if known else coded(str(value))

    def code(self, value: object, limit: int = _CODE_LIMIT) -> Markup:
        """Code, for a stranger's text in prose."""
        return Markup("–") if value is None else coded(str(value), limit)

    def cell(self, value: object, limit: int = _CODE_LIMIT) -> Markup:
        """Anything in a table's cell."""
        if isinstance(value, str) and not isinstance(value, Markup):
            return coded(value, max(limit, _CODE_LIMIT))
        return self._shown("", value, self.cells)

    def plain(self, value: str) -> Markup:
        """What the user of this program typed."""
        return inert(value, _TITLE_LIMIT)

    def milliseconds(self, value: float | None) -> Markup:
        """Duration in milliseconds, for tables."""
        return _worth(value, super().milliseconds(value))

    def seconds(self, value: float | None) -> Markup:
        """Duration in seconds, for tables."""
        return _worth(None if value is None else value * 1000, super().seconds(value))

    def size(self, value: int | None) -> Markup:
        """Amount of data, for tables."""
        return _worth(value, super().size(value))

    def frames(self, frames: Iterable[int], limit: int = 40) -> Markup:
        """Frame numbers as ranges, each a button."""
        return Markup(self.prose.frames(list(frames), limit))  # noqa: S704 - buttons of ours

    def numbers(self, numbers: Iterable[int], limit: int = 40) -> Markup:
        """Write numbers that are no frames as ranges."""
        return Markup(self._prose.numbers(list(numbers), limit))  # noqa: S704 - digits and our words

    def display_filter(self, text: str, *, table: bool = False) -> Markup:
        """Show a display filter with a button that copies it; one that had to be changed cannot be copied."""
        if _PLAIN_FILTER.fullmatch(text) is None or len(text) > _FILTER_LIMIT:
            return Markup('<code class="df">{}</code>').format(inert(text, _FILTER_LIMIT))
        shown = Markup(str(escape(text)).translate(_LINE_MARKS))  # noqa: S704 - escaped
        return _COPIED_FILTER.format(shown, self.gettext("Copy the display filter"))


def _worth(value: float | None, shown: Markup) -> Markup:
    return shown if value is None else Markup('<data value="{:.9g}">{}</data>').format(value, shown)
