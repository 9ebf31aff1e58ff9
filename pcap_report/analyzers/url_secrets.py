"""Secrets in URLs: passwords before the host (RFC 3986, 3.2.1), and parameters that are named like a secret.

A report may be published, so what it shows of a URL holds no secret; the name of the user stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.credentials import SecretKind

MASK: Final = "***"

PASSWORD_KEY: Final = re.compile(
    r"(?:^|[_\-\[.])(?:pass|passwd|password|passwort|passphrase|passwrd|pwd|psw|contrase(?:n|ñ)a|clave|secret|pin)"
    r"(?:$|[_\-\].0-9])|(?:password|passwd)$",
    re.IGNORECASE,
)
USER_KEY: Final = re.compile(
    r"(?:^|[_\-\[.])(?:user|username|user_?name|userid|uname|login|log|email|e-mail|mail|usuario|account|name)"
    r"(?:$|[_\-\].0-9])|(?:username|email|login)$",
    re.IGNORECASE,
)
_SESSION_KEY: Final = re.compile(
    r"(?:^|[_\-\[.])(?:token|jwt|api_?key|access_?key)(?:$|[\].])|(?:token|apikey|api_key|session_?id|sessid)$",
    re.IGNORECASE,
)

_USER_INFO: Final = re.compile(
    r"(?P<start>(?:(?::|%3a)(?://|%2f%2f)|^//))(?P<user>[^/?#@:&]{0,256}?)(?P<colon>:|%3a)"
    r"(?P<secret>[^/?#&]{1,1024}?)(?=@|%40)",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(
    r"(?P<start>[?&#]|(?P<parameter>;)|%3f|%26)(?P<key>(?:%(?!3d)[0-9a-f]{2}|[^?&;#=%]){1,128})(?P<equals>=|%3d)"
    r"(?P<value>(?(parameter)[^?&;#]+|(?:(?!%26)[^&;#])+))",
    re.IGNORECASE,
)


class UrlSecret(NamedTuple):
    """A secret that a URL holds."""

    user: str | None
    kind: SecretKind
    length: int
    """Characters of the secret."""


def masked(url: str | None) -> str | None:
    """Return a URL, a path or a query with ``***`` in the place of every secret."""
    if not url or ("=" not in url and "@" not in url and "%" not in url):
        return url
    url = _PAIR.sub(_masked_pair, url)
    return _USER_INFO.sub(lambda found: f"{found['start']}{found['user']}{found['colon']}{MASK}", url)


def secrets_in(url: str) -> Iterator[UrlSecret]:
    """Yield the passwords and tokens of a URL."""
    for found in _USER_INFO.finditer(url):
        yield UrlSecret(unquote(found["user"]) or None, "password", len(unquote(found["secret"])))
    pairs = [(unquote(found["key"]), unquote(found["value"])) for found in _PAIR.finditer(url)]
    user = next(
        (value for key, value in pairs if USER_KEY.search(key) and not PASSWORD_KEY.search(key)), None
    )
    for key, value in pairs:
        if PASSWORD_KEY.search(key):
            yield UrlSecret(user, "password", len(value))
        elif _SESSION_KEY.search(key):
            yield UrlSecret(user, "session", len(value))


def _masked_pair(found: re.Match[str]) -> str:
    key = unquote(found["key"])
    if PASSWORD_KEY.search(key) or _SESSION_KEY.search(key):
        return f"{found['start']}{found['key']}{found['equals']}{MASK}"
    # a value may be a URL itself, percent-encoded once more
    return f"{found['start']}{found['key']}{found['equals']}{_PAIR.sub(_masked_pair, found['value'])}"
