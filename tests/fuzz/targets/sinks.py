"""A stranger's text lands in every output as text: who reads it back sees the structure that we wrote."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from unicodedata import category

from markdown_it import MarkdownIt

from pcap_report.render import safe
from tests.render.hostile import CORPUS

if TYPE_CHECKING:
    from collections.abc import Iterator

_GFM: Final = MarkdownIt("gfm-like", {"linkify": False})
_CODE: Final = (
    "before {} after\n\nnext\n",
    "- {}\n- x\n",
    "| a | b |\n|---|---|\n| {} | x |\n",
    "## {}\n",
    "> {}\n",
)
_ACTING: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_ENTITY: Final = re.compile(r"#\d+;")
_MERMAID: Final = re.compile(r"[;#%\"<>&{}\\@$`\n\r]")
_FILTER: Final = re.compile(r'"(?:[ !#-\[\]-~]|\\["\\]|\\x[0-9a-f]{2})*"')


def seeds() -> Iterator[bytes]:
    """The texts that the tests of rendering know."""
    yield from (text.encode("utf-8", "surrogatepass") for text in CORPUS)


def attempt(data: bytes) -> None:
    """Send a text through every door."""
    text = (
        data.decode("utf-8", "surrogatepass" if len(data) % 2 else "backslashreplace")
        if _is_text(data)
        else ""
    )
    text = text or data.decode("utf-16-le", "surrogatepass" if len(data) % 2 == 0 else "replace")[:3000]
    _terminal(text)
    _html(text)
    _markdown(text)
    _mermaid(text)
    _filter(text)


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _terminal(text: str) -> None:
    for limit in (1, 9, safe.TERMINAL_LIMIT):
        shown = safe.terminal_text(text, limit)
        assert not {category(char) for char in shown} & _ACTING
        assert safe.columns(shown) <= limit


class _Reading(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[object] = []
        self.said = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(tag)

    def handle_data(self, data: str) -> None:
        self.said += data


def _html(text: str) -> None:
    shown = str(safe.html_text(text))
    wanted = safe.terminal_text(text, safe.HTML_LIMIT)
    page = _Reading(f'<p title="{shown}">{shown}</p>')
    assert page.seen == [("p", [("title", wanted)]), "p"]
    assert page.said == wanted


def _structure(page: str) -> list[tuple[str, str]]:
    tokens = []
    for token in _GFM.parse(page):
        tokens += [token, *(token.children or ())]
    return [(token.type, token.tag) for token in tokens]


def _markdown(text: str) -> None:
    for place in _CODE:
        wanted = _structure(place.replace("{}", "`x`"))
        assert _structure(place.replace("{}", safe.markdown_code(text, table="|" in place))) == wanted
        plain = safe.markdown_text(text)
        if plain.strip():
            entities = [one for one in _structure(place.replace("{}", plain)) if one[0] != "text_special"]
            assert {kind for kind, _ in entities} <= {
                kind for kind, _ in _structure(place.replace("{}", "x"))
            }


def _mermaid(text: str) -> None:
    for shown in (safe.mermaid_text(text), safe.mermaid_text(text, colon=False)):
        assert shown.strip()
        assert not _MERMAID.search(_ENTITY.sub("", shown))
    assert ":" not in safe.mermaid_text(text, colon=False)
    safe.mermaid_label([safe.mermaid_text(text), "x: y", safe.mermaid_text(text[:10])])


def _filter(text: str) -> None:
    assert _FILTER.fullmatch(safe.display_filter_string(text))
    short = safe.shortened(text)
    assert safe.columns(safe.visible(short)) <= 56
