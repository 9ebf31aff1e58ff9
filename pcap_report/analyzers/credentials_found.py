"""A log-in as a reader finds it: of the secret only its length goes on."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pcap_report.model.credentials import SecretKind
    from pcap_report.model.packet import Packet

_ENCODED_LIMIT: Final = 4096
USER_LIMIT: Final = 256
"""Characters of a user name that are kept."""


class Found(NamedTuple):
    """A log-in, or the half of it that was seen."""

    protocol: str
    mechanism: str
    user: str | None
    secret: SecretKind | None
    secret_length: int | None
    name_frame: int | None = None
    """The frame of the name, where it came before the secret."""
    from_server: bool = False
    """The packet went from server to client."""


Memory = dict[str, tuple[str, int]]
"""What a connection has said before: names that wait for their secret, each with its frame."""

if TYPE_CHECKING:
    Reader = Callable[[Packet, Memory], Iterator[Found]]


def decoded(text: str | None) -> str | None:
    """Decode base64; None where it is none, or far too long for a log-in."""
    if not text or len(text) > _ENCODED_LIMIT:
        return None
    try:
        return base64.b64decode(text.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


def plain_parts(text: str | None) -> tuple[str, int] | None:
    """Return the name and the length of the secret in a SASL PLAIN response (RFC 4616)."""
    parts = (decoded(text) or "").split("\0")
    return (parts[1], len(parts[2])) if len(parts) == 3 else None
