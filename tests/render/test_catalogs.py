"""The catalogs: every message of sources and templates is in them, translated, with its placeholders."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from pcap_report.render.phrases import LANGUAGES

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "msg": None, "msg_n": (1, 2)}
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def _key(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


@cache
def _in_the_sources() -> frozenset[str]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call] # Babel's own
    found = [
        message
        for folder in ("pcap_report", "templates")
        for _, _, message, _, _ in extract_from_dir(
            ROOT / folder,
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods],
            {pattern.removeprefix(f"{folder}/"): values for pattern, values in options.items()},
            keywords=KEYWORDS,
        )
    ]
    return frozenset(_key(message) for message in found if message)


@cache
def _catalog(language: str) -> Catalog:
    with (ROOT / f"pcap_report/locale/{language}/LC_MESSAGES/pcap_report.po").open("rb") as source:
        return read_po(source, locale=language)


def _messages(language: str) -> list[Message]:
    return [message for message in _catalog(language) if message.id]


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_messages_are_found() -> None:
    assert len(_in_the_sources()) > 400  # a wrong pattern finds nothing and says nothing


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalog_is_up_to_date(language: str) -> None:
    known = {_key(message.id) for message in _messages(language)}
    assert sorted(_in_the_sources() - known) == [], "make catalogs, and translate"
    assert sorted(known - _in_the_sources()) == [], "make catalogs"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    missing = [_key(one.id) for one in _messages(language) if one.fuzzy or not all(_strings(one))]
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_their_message(language: str) -> None:
    for message in _messages(language):
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        allowed = {name for text in originals for name in PLACEHOLDER.findall(text)}
        needed = set(PLACEHOLDER.findall(originals[-1])) - {"count"}
        for text in _strings(message):
            assert set(PLACEHOLDER.findall(text)) <= allowed, _key(message.id)
        assert needed <= set(PLACEHOLDER.findall(_strings(message)[-1])), _key(message.id)


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_spaces_at_the_ends_and_bold(language: str) -> None:
    for message in _messages(language):
        for text in _strings(message):
            original = _key(message.id)
            assert text == text.strip(), original
            assert text.count("**") == original.count("**"), original
