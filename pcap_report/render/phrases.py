"""Spell out messages: translated, with their values formatted, and escaped for where they will stand."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.additions import catalog_folders
from pcap_report.errors import UsageError
from pcap_report.model.message import Message, msg
from pcap_report.render.marks import marks
from pcap_report.render.quantities import Quantities
from pcap_report.render.ranges import first_ranges
from pcap_report.render.safe import visible

if TYPE_CHECKING:
    from pcap_report.model.message import Argument

LANGUAGES: Final = ("en", "es", "zh")
DOMAIN: Final = "pcap_report"
_RANGES_SHOWN: Final = 40
_TEXTS_SHOWN: Final = 12

TERMS: Final = (msg("client"), msg("server"), msg("both"))
"""Words that messages take as ``*_term`` arguments, for the catalogs."""

Escape = Callable[[str], str]
"""Makes a stranger's text safe for one kind of output."""


class Phrases:
    """Says messages in one language, for one kind of output."""

    def __init__(self, language: str, escape: Escape, *, tabular: bool = False) -> None:
        """Prepare a language.

        Args:
            language: one of :data:`LANGUAGES`.
            escape: makes strangers' texts safe for where the phrases will stand.
            tabular: for tables and diagrams, where every language writes numbers with a point.
        """
        self.language = language
        self.translations = translations(language)
        self.quantities = Quantities("en" if tabular else language)
        self.marks = marks(language)
        self._escape = escape

    def say(self, message: Message) -> str:
        """Translate a message and put its values in."""
        if message.plural is not None and message.count is not None:
            text = self.translations.ngettext(message.text, message.plural, message.count)
        else:
            text = self.translations.gettext(message.text)
        values = {name: self.value(name, value) for name, value in message.args.items()}
        try:
            return text % values
        except (
            KeyError,
            TypeError,
            ValueError,
        ):  # an addition's translation, whose places are not the text's
            plural = message.plural if message.plural is not None and message.count != 1 else message.text
            return plural % values

    def word(self, text: str) -> str:
        """Translate a word of ours."""
        return self.translations.gettext(text) if text else ""

    def count(self, singular: str, plural: str, number: int) -> str:
        """Translate a counting sentence of ours, its placeholders still in it."""
        return self.translations.ngettext(singular, plural, number)

    def value(self, name: str, value: Argument) -> str:
        """Format one value by its name and type; see :data:`pcap_report.model.message.Argument`."""
        if value is None:
            return "–"
        if isinstance(value, str):
            return self.word(value) if name.endswith("_term") else self._escape(value)
        if isinstance(value, tuple):
            return self._terms(value) if name.endswith("_terms") else self._list(value)
        if name.endswith("_ms"):
            return self.quantities.milliseconds(value)
        if name.endswith("_s"):
            return self.quantities.seconds(value)
        if name.endswith("_bytes"):
            return self.quantities.bytes(int(value))
        if name.endswith("_percent"):
            return f"{self.quantities.number(value, 1)}{self.marks.percent}"
        return str(value)

    def _terms(self, words: tuple[int | str, ...]) -> str:
        return self.marks.listed.join(self.word(str(word)) for word in words)

    def _list(self, values: tuple[int | str, ...]) -> str:
        if values and isinstance(values[0], int):
            return self.frames([int(value) for value in values])
        text = self.marks.listed.join(self._escape(str(value)) for value in values[:_TEXTS_SHOWN])
        return self._with_rest(text, max(0, len(values) - _TEXTS_SHOWN))

    def frames(self, frames: Sequence[int], limit: int = _RANGES_SHOWN) -> str:
        """Write frame numbers as ranges, at most `limit` of them, and count the rest."""
        return self._with_rest(*first_ranges(frames, limit, self.marks.listed))

    def _with_rest(self, text: str, omitted: int) -> str:
        if not omitted:
            return text or "–"
        more = self.translations.ngettext("and %(count)s more", "and %(count)s more", omitted)
        return f"{text}{self.marks.rest}{more % {'count': omitted}}"


def plain_phrases(language: str) -> Phrases:
    """Return phrases for plain text: JSON and terminals."""
    return Phrases(language, visible)


class _Catalog(gettext.GNUTranslations):
    """A catalog that finds a word which some sentence also counts.

    Both make one entry with plural forms, and Python before 3.11.4 does not look there for a single word.
    """

    def gettext(self, message: str) -> str:
        """Translate a text that counts nothing."""
        text = super().gettext(message)
        return self.ngettext(message, message, 1) if text == message else text


def translations(language: str) -> gettext.NullTranslations:
    """Load a language's catalog, and behind it those that analyzers from elsewhere bring.

    Raises:
        UsageError: there is no such language.
    """
    return _translations(language, catalog_folders())


@lru_cache(maxsize=8)
def _translations(language: str, folders: tuple[Path, ...]) -> gettext.NullTranslations:
    catalog = _own_catalog(language)
    for path in (path for folder in folders for path in sorted(folder.glob(f"{language}/LC_MESSAGES/*.mo"))):
        with path.open("rb") as file:
            catalog.add_fallback(_Catalog(file))
    return catalog


def _own_catalog(language: str) -> gettext.NullTranslations:
    if language not in LANGUAGES:
        message = f"There is no language {language}"
        raise UsageError(message, f"The languages are: {', '.join(LANGUAGES)}")
    folder = Path(__file__).parent.parent / "locale"
    try:
        return gettext.translation(DOMAIN, folder, [language], _Catalog, fallback=language == "en")
    except FileNotFoundError as error:  # a clone whose catalogs were never compiled
        message = f"The catalog of the language {language} is not compiled"
        raise UsageError(message, "make catalogs") from error
