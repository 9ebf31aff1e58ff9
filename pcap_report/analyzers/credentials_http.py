"""Log-ins over HTTP (RFC 7617, RFC 7616, RFC 6750), and over SIP with the same schemes (RFC 3261, 22)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.credentials_found import Found, Memory, decoded
from pcap_report.analyzers.url_secrets import PASSWORD_KEY, USER_KEY, secrets_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.packet import Packet

_HEADERS: Final = (
    ("http.authorization", "HTTP"),
    ("http.proxy_authorization", "HTTP proxy"),
    ("http2.headers.authorization", "HTTP"),
)
_KEYS: Final = "urlencoded-form.key"
_VALUES: Final = "urlencoded-form.value"
_SIP: Final = "sip.auth"
_TARGETS: Final = ("http.request.uri", "http2.headers.path")

FIELDS: Final = (*(field for field, _ in _HEADERS), _KEYS, _VALUES, _SIP, *_TARGETS)

_HEADER_NAME: Final = re.compile(r"^[\w-]+\s*:")
_USER_NAME: Final = re.compile(r'username="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_RESPONSE: Final = re.compile(r'(?<![a-z])response="?([0-9a-f]+)', re.IGNORECASE)


def read_http(packet: Packet, memory: Memory) -> Iterator[Found]:
    """Authorization headers, with the schemes Basic, Digest and Bearer; secrets in the request's target."""
    del memory  # a header holds it all
    for field, protocol in _HEADERS:
        for value in packet.texts(field):
            found = _authorization(protocol, value)
            if found is not None:
                yield found
    for field in _TARGETS:
        for target in packet.texts(field):
            for secret in secrets_in(target):
                yield Found("HTTP", "URL", secret.user, secret.kind, secret.length)


def read_form(packet: Packet, memory: Memory) -> Iterator[Found]:
    """A form with a field that is named like a secret."""
    del memory  # a form holds it all
    keys, values = packet.texts(_KEYS), packet.texts(_VALUES)
    secrets = [place for place, key in enumerate(keys) if PASSWORD_KEY.search(key)]
    if not secrets:
        return
    paired = len(keys) == len(values)
    users = [place for place, key in enumerate(keys) if USER_KEY.search(key) and place not in secrets]
    user = values[users[0]] if users and paired else None
    yield Found("HTTP", "form", user, "password", len(values[secrets[0]]) if paired else None)


def read_sip(packet: Packet, memory: Memory) -> Iterator[Found]:
    """Digest; tshark gives the whole line, the header's name in front."""
    del memory  # a header holds it all
    for line in packet.texts(_SIP):
        found = _authorization("SIP", _HEADER_NAME.sub("", line))
        if found is not None and found.secret_length:  # a server's challenge has no response
            yield found


def _authorization(protocol: str, value: str) -> Found | None:
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() == "basic":
        user, colon, secret = (decoded(rest) or "").partition(":")
        return Found(protocol, "Basic", user or None, "password", len(secret) if colon else None)
    if scheme.lower() == "digest":
        name, response = _USER_NAME.search(rest), _RESPONSE.search(rest)
        return Found(
            protocol, "Digest", name[1] if name else None, "hash", len(response[1]) if response else None
        )
    if scheme.lower() == "bearer":
        return Found(protocol, "Bearer", None, "session", len(rest))
    return None
