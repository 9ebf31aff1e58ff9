"""Values into Markdown: what templates call, and the rule that nothing reaches the page unescaped.

A value that a template prints and that is no ``Markup`` is a stranger's text and becomes inline code. What is
``Markup`` was made safe for Markdown: by a template, by a translation, or by a function here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Undefined, pass_context
from markupsafe import Markup

from pcap_report.model.message import Message
from pcap_report.render.phrases import Phrases
from pcap_report.render.safe import markdown_code, markdown_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2.runtime import Context

_FILTER_LIMIT: Final = 700
_TITLE_LIMIT: Final = 300


class MarkdownSink:
    """Says things in one language as Markdown; the filters of the templates are its methods."""

    def __init__(self, language: str) -> None:
        self.prose = Phrases(language, markdown_code)
        self.cells = Phrases(language, partial(markdown_code, table=True), tabular=True)

    def finalize(self, value: object) -> Markup:
        """Make any printed value safe: Jinja2 calls this for every expression of a template."""
        return self._shown("", value, self.prose)

    def gettext(self, text: str, /, **values: Any) -> Markup:  # noqa: ANN401 - whatever a template has
        """Translate a template's sentence and put its values in, by the rules of `Message`'s arguments."""
        return self._filled(self.prose.word(text), values)

    def ngettext(
        self,
        singular: str,
        plural: str,
        number: int,
        /,
        **values: Any,  # noqa: ANN401
    ) -> Markup:
        """Translate a template's counting sentence."""
        return self._filled(self.prose.count(singular, plural, number), {"num": number, **values})

    def _filled(self, text: str, values: dict[str, Any]) -> Markup:
        shown = {name: self._shown(name, value, self.prose) for name, value in values.items()}
        return Markup(text % shown)  # noqa: S704 - our sentence, its values made safe

    def _shown(self, name: str, value: object, phrases: Phrases) -> Markup:
        if isinstance(value, Markup):
            return value
        if isinstance(value, Undefined):
            return Markup(str(value))  # noqa: S704 - raises: templates are strict
        if isinstance(value, Message):
            return Markup(phrases.say(value))  # noqa: S704 - its values are escaped by the phrases
        if isinstance(value, list):
            value = tuple(value)
        if isinstance(value, (str, int, float, tuple)) or value is None:
            return Markup(phrases.value(name, value))  # noqa: S704 - escaped by the phrases
        return Markup(markdown_code(str(value)))  # noqa: S704 - inline code

    # Filters

    def code(self, value: object, limit: int = 120) -> Markup:
        """Inline code, for a stranger's text in prose."""
        return Markup("–" if value is None else markdown_code(str(value), limit))  # noqa: S704

    def cell(self, value: object, limit: int = 120) -> Markup:
        """Anything in a table's cell: texts as code with their pipes escaped, numbers with a point."""
        if isinstance(value, str) and not isinstance(value, Markup):
            return Markup(markdown_code(value, limit, table=True))  # noqa: S704
        return self._shown("", value, self.cells)

    def plain(self, value: str) -> Markup:
        """What the user of this program typed: text without any markup of its own."""
        return Markup(markdown_text(value, _TITLE_LIMIT, autolinks=True))  # noqa: S704

    def milliseconds(self, value: float | None) -> Markup:
        """Duration in milliseconds, for tables."""
        return self._shown("_ms", value, self.cells)

    def seconds(self, value: float | None) -> Markup:
        """Duration in seconds, for tables."""
        return self._shown("_s", value, self.cells)

    def size(self, value: int | None) -> Markup:
        """Amount of data, for tables."""
        return self._shown("_bytes", value, self.cells)

    def clock(self, value: float | None) -> Markup:
        """Seconds since the first packet as Wireshark's Time column prints them."""
        return Markup("–" if value is None else f"{value:.6f}")  # noqa: S704 - digits

    def frames(self, frames: Iterable[int], limit: int = 40) -> Markup:
        """Frame numbers as ranges: ``76–79, 82``."""
        return Markup(self.prose.frames(list(frames), limit))  # noqa: S704 - digits and our words

    def numbers(self, numbers: Iterable[int], limit: int = 40) -> Markup:
        """Numbers of something else than frames, as ranges."""
        return self.frames(numbers, limit)

    def display_filter(self, text: str, *, table: bool = False) -> Markup:
        """Return a display filter, whole, so that it can be pasted; cut in the middle beyond all bounds."""
        return Markup(markdown_code(text, _FILTER_LIMIT, table=table))  # noqa: S704 - inline code

    def message_cell(self, message: Message) -> Markup:
        """Put a sentence into a table's cell."""
        return self._shown("", message, self.cells)


def translators(sink: MarkdownSink) -> dict[str, Any]:
    """Return what Jinja2's i18n extension calls; Any because Jinja2 types them so."""

    @pass_context
    def gettext(_context: Context, message: str, /, **values: Any) -> Markup:  # noqa: ANN401
        return sink.gettext(message, **values)

    @pass_context
    def ngettext(
        _context: Context,
        singular: str,
        plural: str,
        number: int,
        /,
        **values: Any,  # noqa: ANN401
    ) -> Markup:
        return sink.ngettext(singular, plural, number, **values)

    return {"gettext": gettext, "ngettext": ngettext, "_": gettext}
