"""Pseudonyms of what is put together out of parts: URLs, paths, and certificates' names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from pcap_report.anonymize.kinds import Kind

if TYPE_CHECKING:
    from pcap_report.anonymize.filters import Mapper
    from pcap_report.anonymize.words import Words

_SCHEME: Final = re.compile(r"(https?|wss?|ftp|rtsp)://", re.IGNORECASE)
_ENDING: Final = re.compile(
    r"\.(?:html?|php|asp|aspx|jsp|js|mjs|css|json|xml|txt|png|jpe?g|gif|svg|ico|webp|pdf|zip|gz|woff2?"
    r"|ttf|mp4|mp3"
    r"|wasm|md|csv)$",
    re.IGNORECASE,
)
_MOST_PARTS: Final = 20
_ATTRIBUTE: Final = re.compile(r"(?:\\.|[^,+\\])+|[,+]", re.DOTALL)
_TYPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,30}|[0-2](?:\.\d{1,9}){1,12}")
_ESCAPED: Final = re.compile(r"\\([0-9A-Fa-f]{2})|\\(.)", re.DOTALL)


def rewritten(text: str, of: Mapper, words: Words) -> str:
    """Return a URL or a path with pseudonyms: its shape stays, and the endings of usual files."""
    scheme = _SCHEME.match(text)
    if not scheme:
        return _path(text, of, words)
    host, slash, path = text[scheme.end() :].partition("/")
    user, at, host = host.rpartition("@")
    user = words.of(user) if user else ""
    return f"{scheme[0].lower()}{user}{at}{of(Kind.NAME, host)}{_path(slash + path, of, words)}"


def _path(text: str, of: Mapper, words: Words) -> str:
    path, mark, query = text.partition("?")
    if not path.startswith("/"):  # CONNECT's host and port, or nothing that we know
        path = of(Kind.NAME, path) if path not in {"*", ""} else path
    else:
        parts = path.split("/", _MOST_PARTS)
        path = "/".join(_part(part, words) for part in parts)
    return path + mark + (words.of(query) if query else "")


def _part(part: str, words: Words) -> str:
    if not part:
        return part
    ending = _ENDING.search(part)
    return words.of(unquote(part)) + (ending[0].lower() if ending else "")


def rewritten_subject(text: str, of: Mapper, words: Words) -> str:
    """Return a certificate's name with the kinds of its attributes and pseudonyms for their values."""
    return "".join(
        part if part in {",", "+"} else _attribute(part, of, words) for part in _ATTRIBUTE.findall(text)
    )


def _attribute(part: str, of: Mapper, words: Words) -> str:
    name, equals, value = part.partition("=")
    if not equals or not _TYPE.fullmatch(name.strip()):
        return words.of(part)
    value = _ESCAPED.sub(_unescaped, value).strip()
    is_host = "." in value and not re.search(r"\s", value)
    return f"{name}={of(Kind.NAME if is_host else Kind.USER, value)}" if value else part


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]
