"""Bodies by their shape: what they hold, how much, and their text only where it is asked for."""

from __future__ import annotations

import zlib
from typing import Any, Final, NamedTuple

import msgspec

from pcap_report.analyzers.inside.masking import Shown, masked_form, masked_json, masked_text
from pcap_report.model.inside import BodyKind, HttpBody

_TEXT_SHOWN: Final = 20_000
"""Characters of a body that are shown."""
_UNPACKED: Final = 8 << 20
_KEYS_SHOWN: Final = 12
_KEY_CHARACTERS: Final = 40
_GZIP_OR_ZLIB: Final = 47


class Content(NamedTuple):
    """A body without its content coding."""

    data: bytes
    kind: BodyKind
    json: Any
    """The value, where it is JSON (Any: JSON's own types); None else."""
    is_json: bool


def content_of(data: bytes, media_type: str | None, coding: str | None = None) -> Content:
    """Undo the content coding and look at what is there."""
    unpacked = _unpacked(data, (coding or "").strip().lower())
    if unpacked is None:
        return Content(b"", "compressed", None, is_json=False)
    if media_type == "text/event-stream":
        return Content(unpacked, "event_stream", None, is_json=False)
    value, is_json = parsed_json(unpacked)
    if is_json:
        return Content(unpacked, "json", value, is_json=True)
    if media_type == "application/x-www-form-urlencoded":
        return Content(unpacked, "form", None, is_json=False)
    return Content(unpacked, "text" if _is_text(unpacked) else "binary", None, is_json=False)


def parsed_json(data: bytes) -> tuple[Any, bool]:
    """Return a JSON object or array and True, or None and False."""
    if data.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] not in (b"{", b"["):
        return None, False
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf")), True
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None, False


def body_record(
    size: int, content: Content, media_type: str | None, shown: Shown, *, complete: bool
) -> HttpBody:
    """Return a body as it stands in the report."""
    return HttpBody(
        bytes=size,
        kind=content.kind,
        media_type=media_type,
        shape=_shape(content.json) if content.is_json else None,
        text=_text(content, shown) if shown.bodies else None,
        complete=complete,
    )


def _unpacked(data: bytes, coding: str) -> bytes | None:
    if coding in {"", "identity"}:
        return data
    if coding not in {"gzip", "x-gzip", "deflate"}:
        return None
    for window in (_GZIP_OR_ZLIB, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(window).decompress(data, _UNPACKED)
        except zlib.error:
            continue
    return None


def _is_text(data: bytes) -> bool:
    if b"\0" in data[:4096]:
        return False
    try:
        data[:4096].decode()
    except UnicodeDecodeError as error:
        return error.start > 4096 - 4
    return True


def _shape(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        keys = [str(key)[:_KEY_CHARACTERS] for key in list(value)[:_KEYS_SHOWN]]
        more = len(value) - len(keys)
        return f"object: {', '.join(keys)}" + (f" +{more}" if more > 0 else "")
    return f"array of {len(value)}"


def _text(content: Content, shown: Shown) -> str | None:
    if content.kind in {"binary", "compressed"}:
        return None
    if content.is_json:
        value = content.json if shown.secrets else masked_json(content.json)
        text = msgspec.json.encode(value).decode()
    else:
        text = content.data[: 4 * _TEXT_SHOWN].decode("utf-8", "backslashreplace")
        if not shown.secrets:
            text = masked_form(masked_text(text)) if content.kind == "form" else masked_text(text)
    more = len(text) - _TEXT_SHOWN
    return f"{text[:_TEXT_SHOWN]}… (+{more})" if more > 0 else text
