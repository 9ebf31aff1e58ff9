"""Make sure that the sentences of a saved report are sentences: whoever wrote the file wrote them too.

Renderers put a sentence of ours into the page as it is, and escape only its values. A saved report may have
been tampered with, and it may come from a plugin whose sentences nobody here knows. A sentence that is not
ours and holds a character that acts somewhere becomes a stranger's text, which every renderer escapes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from msgspec.structs import replace

from pcap_report.model.evidence import Claim, Finding
from pcap_report.model.message import Message
from pcap_report.render.phrases import LANGUAGES, translations

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import NotVisible, Step
    from pcap_report.model.report import Report

_PLACE: Final = re.compile(r"%\((\w+)\)s|%%")
_HARMLESS: Final = re.compile(r"[\w \t.,;:!?()'\"/+=–…→·×-]*")
_ACTING: Final = re.compile(r"_|://|www\.|--", re.IGNORECASE)
_STATED = TypeVar("_STATED", Claim, Finding)


def sayable(report: Report) -> Report:
    """Return the report with sentences that can be said.

    Raises:
        msgspec.ValidationError: a sentence has a place for a value that is not there.
    """
    return replace(
        report,
        connections=tuple(map(_connection, report.connections)),
        claims=tuple(map(_stated, report.claims)),
        findings=tuple(map(_stated, report.findings)),
        not_visible=tuple(map(_limit, report.not_visible)),
    )


def _connection(one: Connection) -> Connection:
    if not one.claims and not one.steps:
        return one
    return replace(one, claims=tuple(map(_stated, one.claims)), steps=tuple(map(_step, one.steps)))


def _stated(one: _STATED) -> _STATED:
    return replace(one, message=_message(one.message))


def _step(one: Step) -> Step:
    return replace(one, label=tuple(map(_message, one.label)))


def _limit(one: NotVisible) -> NotVisible:
    return replace(one, what_message=_message(one.what_message), why_message=_message(one.why_message))


def _message(message: Message) -> Message:
    texts = (message.text,) if message.plural is None else (message.text, message.plural)
    if all(map(_is_ours, texts)) and all(map(_is_word, _terms(message))):
        for text in texts:
            for name in _places(text):
                if name not in message.args:
                    raise msgspec.ValidationError(f"a sentence has no value {name}")
        return message
    return Message("%(text)s", {"text": _spelled_out(message)})


def _terms(message: Message) -> list[str]:
    """Return the words that are said as they are."""
    found: list[str] = []
    for name, value in message.args.items():
        if name.endswith(("_term", "_terms")):
            found += [str(one) for one in (value if isinstance(value, tuple) else (value,))]
    return found


def _is_word(text: str) -> bool:
    return _is_ours(text.replace("_", "")) or _is_ours(text)  # the name of an outcome, such as half_closed


@lru_cache(maxsize=4096)
def _is_ours(text: str) -> bool:
    """Tell whether a catalog knows a text, or nothing in it acts anywhere."""
    bare = _PLACE.sub("", text)
    if "%" not in bare and _HARMLESS.fullmatch(bare) and not _ACTING.search(bare):
        return True
    catalogs = (translations(language) for language in LANGUAGES if language != "en")
    return any(text not in {catalog.gettext(text), ""} for catalog in catalogs)


@lru_cache(maxsize=4096)
def _places(text: str) -> tuple[str, ...]:
    return tuple(found[1] for found in _PLACE.finditer(text) if found[1])


def _spelled_out(message: Message) -> str:
    def value(found: re.Match[str]) -> str:
        return str(message.args.get(found[1], "–")) if found[1] else "%"

    return _PLACE.sub(value, message.text)
