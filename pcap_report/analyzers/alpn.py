"""The first protocol of an ALPN list as it travelled, for fingerprints (RFC 7301; RFC 8701 for noise in it).

tshark escapes control characters, ends a string at its first NUL, and replaces bytes that are not UTF-8; the
string's length on the wire tells when it did.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPES: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ESCAPE: Final = re.compile(r"\\([abfnrtv])")


def first_protocol(protocols: Sequence[str], lengths: Sequence[int]) -> list[str]:
    """Return the first protocol alone, without tshark's escapes.

    Args:
        protocols: as tshark prints them.
        lengths: their bytes on the wire.
    """
    if not protocols or not lengths:
        return list(protocols[:1])
    text, length = protocols[0], lengths[0]
    if len(text.encode("utf-8", "replace")) != length:
        text = _ESCAPE.sub(lambda match: _ESCAPES[match[1]], text)
    missing = length - len(text.encode("utf-8", "replace"))
    return [text + "\0" * missing if missing > 0 else text]
