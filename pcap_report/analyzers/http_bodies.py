"""How large the body of a message is, without transfer coding (RFC 9112, 6.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pcap_report.analyzers.http_messages import Head

_WITHOUT_BODY: Final = frozenset((204, 304))
_CHUNKED: Final = "chunked"
_DIGITS: Final = 18


def is_chunked(head: Head) -> bool:
    """Tell whether the body comes in chunks."""
    return bool(head.chunks) or (head.header("transfer-encoding") or "").lower().endswith(_CHUNKED)


def stated_length(head: Head) -> int | None:
    """Return what the header says of the body's length."""
    value = head.header("content-length") or ""
    return int(value) if value.isdecimal() and len(value) <= _DIGITS else None


def request_body(head: Head) -> int | None:
    """Return the bytes of a request's body; a request without length has none."""
    if is_chunked(head):
        return sum(head.chunks)
    if head.headers is None:
        return None
    return stated_length(head) or 0


def response_body(head: Head, method: str | None) -> int | None:
    """Return the bytes of a response's body; without a length it goes on to the end of the connection."""
    status = int(head.start)
    if status in _WITHOUT_BODY or status < 200 or method == "HEAD":
        return 0
    if method == "CONNECT" and status < 300:
        return 0
    if is_chunked(head):
        return sum(head.chunks)
    there = None if head.total is None else max(0, head.total - head.size)
    stated = stated_length(head)
    if stated is None:
        return there
    return stated if there is None else min(stated, there)
