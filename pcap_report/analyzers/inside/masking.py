"""Mask credentials in headers, paths and bodies: what names them is kept, what they are is not.

Masking errs on the side of hiding. What an owner wants to see all the same, ``--show-secrets`` shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from pcap_report.analyzers.url_secrets import MASK, masked

_NAME: Final = (
    r"(?:pass(?:word|wd|phrase|code)?|passwort|contrase(?:n|ñ)a|clave|pwd|psw|pin|secret|token|jwt|bearer"
    r"|api[_-]?key|access[_-]?key|private[_-]?key|(?:x-)?auth(?:orization|entication)?|credentials?|cookie"
    r"|session(?:[_-]?id)?|sid|sig(?:nature)?|otp|csrf|xsrf|nonce|assertion|code[_-]?verifier)"
)
_SECRET_NAME: Final = re.compile(
    rf"(?:^|[_\-.\[]|(?<=[a-z])(?=[A-Z])){_NAME}(?:$|[_\-.\]0-9]|(?=[A-Z]))", re.IGNORECASE
)
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SECRET_HEADERS: Final = frozenset(
    (
        "authorization",
        "proxy-authorization",
        "authentication-info",
        "cookie",
        "set-cookie",
        "mcp-session-id",
        "sec-websocket-key",
        "sec-websocket-accept",
        "sec-websocket-protocol",
    )
)
_CODE_NAMES: Final = frozenset(("code", "key", "state", "jwt", "ticket"))
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,30}(?= )")
_COOKIE: Final = re.compile(r"(^|[;,]\s*)([^=;,\s]+)=[^;]*")
_PARAMETER: Final = re.compile(r"([?&;#]|^)([^=&;#\s?]+)=([^&;#\s]*)")
_USER_INFO: Final = re.compile(r"(?<=://)[^/@\s]*:[^/@\s]*(?=@)")
_IN_TEXT: Final = (
    re.compile(r"(?i)\b(?:bearer|basic|digest|negotiate|token)\s+[A-Za-z0-9+/=_.~:-]{6,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*\.?[A-Za-z0-9_-]*"),
    re.compile(
        r"\b(?:sk|pk|rk|ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[abprs]|AKIA|ASIA|AIza|ya29)[-_.A-Za-z0-9]{8,}"
    ),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL),
)
_DEPTH: Final = 60


@dataclass(frozen=True)
class Shown:
    """What the user asked to see.

    Attributes:
        bodies: the text of bodies.
        secrets: credentials as they are.
    """

    bodies: bool = False
    secrets: bool = False


def is_secret_name(name: str) -> bool:
    """Tell whether what goes by this name is a credential."""
    return bool(_SECRET_NAME.search(_CAMEL.sub("_", name)))


def masked_header(name: str, value: str) -> str:
    """Mask a header's value where it is a credential, or holds one."""
    if name in {"cookie", "set-cookie"}:
        return _COOKIE.sub(rf"\1\2={MASK}", value, count=0 if name == "cookie" else 1)
    if name in _SECRET_HEADERS or is_secret_name(name):
        scheme = _SCHEME.match(value) if "auth" in name else None
        return f"{scheme[0]} {MASK}" if scheme else MASK
    return masked_text(value)


def masked_path(path: str) -> str:
    """Mask the values of parameters that are credentials, in a path or a URL."""
    return masked(_PARAMETER.sub(_parameter, path)) or ""


def _parameter(found: re.Match[str]) -> str:
    begin, name, value = found[1], found[2], found[3]
    hidden = is_secret_name(name) or name.lower() in _CODE_NAMES
    return f"{begin}{name}={MASK if hidden and value else value}"


def masked_text(text: str) -> str:
    """Mask what looks like a credential in free text."""
    for pattern in _IN_TEXT:
        text = pattern.sub(MASK, text)
    return _USER_INFO.sub(MASK, text)


def masked_form(text: str) -> str:
    """Mask the fields of a form (application/x-www-form-urlencoded)."""
    return _PARAMETER.sub(_parameter, text)


def masked_json(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - any value of JSON
    """Mask the values of keys that name credentials, and what looks like one in texts."""
    if depth > _DEPTH:
        return MASK
    if isinstance(value, dict):
        return {
            key: MASK
            if isinstance(key, str) and is_secret_name(key) and not isinstance(one, (bool, type(None)))
            else masked_json(one, depth + 1)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [masked_json(one, depth + 1) for one in value]
    return masked_text(value) if isinstance(value, str) else value
