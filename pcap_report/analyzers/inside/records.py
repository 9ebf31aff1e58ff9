"""What was found inside a connection as records of the report: exchanges, events, texts that may be RPC."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from pcap_report.analyzers.inside.bodies import Content, body_record, content_of
from pcap_report.analyzers.inside.masking import Shown, masked_header, masked_path
from pcap_report.analyzers.inside.sse import events_in
from pcap_report.analyzers.proof import direction_of, side_of
from pcap_report.model.around import HttpExchange
from pcap_report.model.inside import EventMessage, HttpBody, HttpHeader

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.analyzers.inside.found import Found
    from pcap_report.analyzers.inside.http_record import Half, HttpRecord
    from pcap_report.analyzers.inside.pieces import Span

_EVENTS_LISTED: Final = 1000
_HEADERS_TOLD: Final = frozenset(
    (
        *(
            "accept",
            "accept-encoding",
            "access-control-allow-origin",
            "authorization",
            "cache-control",
            "connection",
        ),
        *(
            "content-encoding",
            "content-type",
            "cookie",
            "date",
            "etag",
            "last-event-id",
            "location",
            "mcp-session-id",
        ),
        *("mcp-protocol-version", "origin", "proxy-authorization", "retry-after", "sec-websocket-extensions"),
        *("sec-websocket-version", "server", "set-cookie", "strict-transport-security", "transfer-encoding"),
        *(
            "upgrade",
            "user-agent",
            "vary",
            "via",
            "www-authenticate",
            "x-api-key",
            "x-forwarded-for",
            "x-powered-by",
        ),
        *("x-request-id", "alt-svc"),
    )
)
"""Headers that tell something of the exchange; the rest is left out."""
_HEADERS_LISTED: Final = 24
_VALUE_SHOWN: Final = 300
_NS_PER_MS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class JsonText:
    """A text that is JSON, with the frames that carry it."""

    value: object
    size: int
    frames: tuple[int, ...]
    time_ns: int
    from_client: bool
    carrier: Literal["http", "sse", "websocket"]


@dataclass
class Told:
    """The records of a connection's inside."""

    exchanges: list[HttpExchange] = field(default_factory=list)
    events: list[EventMessage] = field(default_factory=list)
    texts: list[JsonText] = field(default_factory=list)
    events_omitted: int = 0


def tell(
    found: Found, connection: int, seconds: Callable[[int], float], shown: Shown, *, decrypted: bool
) -> Told:
    """Make the records.

    Args:
        found: what the readers of the protocols left.
        connection: its number in the report.
        seconds: turns a time into seconds since the first packet.
        shown: what the user asked to see.
        decrypted: it was read with keys.
    """
    told = Told()
    for record in found.records:
        request_body = _body(record.request, from_client=True, told=told, shown=shown)
        response_body = _body(record.response, from_client=False, told=told, shown=shown)
        exchange = _exchange(record, connection, shown, decrypted=decrypted)
        told.exchanges.append(_with_bodies(exchange, request_body, response_body))
        _add_events(record, told, seconds, shown)
    for message in found.messages:
        content = content_of(bytes(message.body.kept), None)
        if content.is_json and message.name == "text":
            told.texts.append(_text(content, message.span, "websocket", from_client=message.from_client))
        _add_event(
            told,
            EventMessage(
                kind="websocket",
                direction=direction_of(side_of(message.from_client)),
                frames=tuple(message.span.frames),
                time_s=seconds(message.span.last_ns),
                bytes=message.body.size,
                name=message.name,
                exchange=found.websocket_exchange,
                body=body_record(message.body.size, content, None, shown, complete=True),
            ),
        )
    told.texts.sort(key=lambda one: (one.time_ns, one.frames[-1:]))
    return told


def _with_bodies(exchange: HttpExchange, request: HttpBody | None, response: HttpBody | None) -> HttpExchange:
    from msgspec.structs import replace

    return replace(exchange, request_body=request, response_body=response)


def _exchange(record: HttpRecord, connection: int, shown: Shown, *, decrypted: bool) -> HttpExchange:
    request, response = record.request, record.response
    provisional = record.provisional[-1] if record.provisional else None
    if response is None and record.upgraded and provisional is not None:
        response = provisional
    path = request.start[1] if request else None
    asked = request is not None and request.done
    came = response is not None and bool(response.span.frames)
    return HttpExchange(
        frame=_frame(request),
        response_frame=_frame(response),
        method=request.start[0] if request and request.start[0] else None,
        host=_header(request, "host"),
        path=path if path is None or shown.secrets else masked_path(path),
        status=_status(response),
        reason=response.start[1] if response else None,
        content_type=_header(response, "content-type"),
        content_length=_length(response),
        user_agent=_header(request, "user-agent"),
        latency_ms=_between(request.span.last_ns, response.span.last_ns)
        if request and response and asked and came and response.done
        else None,
        connection=connection,
        version=(response or request).version if response or request else None,  # type: ignore[union-attr]  # one is there
        referrer=_masked_url(_header(request, "referer"), shown),
        origin=_header(request, "origin"),
        provisional_status=_status(provisional),
        provisional_reason=provisional.start[1] if provisional else None,
        provisional_frames=tuple(half.head_frame for half in record.provisional if half.head_frame),
        request_body_bytes=request.body.size if request else None,
        response_body_bytes=response.body.size if response else None,
        content_encoding=_header(response, "content-encoding"),
        chunked=(_header(response, "transfer-encoding") or "").lower().endswith("chunked"),
        stream=record.stream,
        depth=record.depth,
        decrypted=decrypted,
        request_frames=tuple(request.span.frames) if request else (),
        response_frames=tuple(response.span.frames) if response else (),
        wait_ms=_between(request.span.last_ns, response.span.first_ns)
        if request and response and asked and came
        else None,
        transfer_ms=_between(response.span.first_ns, response.span.last_ns) if response and came else None,
        request_headers=_headers(request, shown),
        response_headers=_headers(response, shown),
    )


def _frame(half: Half | None) -> int | None:
    """The frame in which it ends, where Wireshark shows it; of one without an end, its head's."""
    if half is None or half.head_frame is None:
        return None
    if half.version in {"1.0", "1.1"}:
        return half.span.frames[-1] if half.done and half.span.frames else half.head_frame
    return half.head_frame


def _between(begin_ns: int, end_ns: int) -> float:
    return (end_ns - begin_ns) / _NS_PER_MS


def _status(half: Half | None) -> int | None:
    text = half.start[0] if half else ""
    return int(text) if text.isdecimal() and len(text) <= 3 else None


def _length(half: Half | None) -> int | None:
    text = _header(half, "content-length") or ""
    return int(text) if text.isdecimal() and len(text) <= 18 else None


def _header(half: Half | None, name: str) -> str | None:
    return (half.header(name) or None) if half else None


def _masked_url(url: str | None, shown: Shown) -> str | None:
    return url if url is None or shown.secrets else masked_path(url)


def _headers(half: Half | None, shown: Shown) -> tuple[HttpHeader, ...]:
    if half is None:
        return ()
    told = [(name, value) for name, value in half.headers if name in _HEADERS_TOLD][:_HEADERS_LISTED]
    return tuple(
        HttpHeader(name, (value if shown.secrets else _safe_value(name, value))[:_VALUE_SHOWN])
        for name, value in told
    )


def _safe_value(name: str, value: str) -> str:
    return masked_path(value) if name == "location" else masked_header(name, value)


def _body(half: Half | None, *, from_client: bool, told: Told, shown: Shown) -> HttpBody | None:
    if half is None or not half.body.size:
        return None
    content = content_of(bytes(half.body.kept), half.media_type, half.header("content-encoding"))
    if content.is_json and half.done:
        told.texts.append(_text(content, half.span, "http", from_client=from_client))
    return body_record(half.body.size, content, half.media_type, shown, complete=half.done)


def _text(
    content: Content, span: Span, carrier: Literal["http", "sse", "websocket"], *, from_client: bool
) -> JsonText:
    return JsonText(content.json, len(content.data), tuple(span.frames), span.last_ns, from_client, carrier)


def _add_events(record: HttpRecord, told: Told, seconds: Callable[[int], float], shown: Shown) -> None:
    """Take the events out of a response that is a stream of them, also one without an end."""
    response = record.response
    if response is None or response.media_type != "text/event-stream" or response.header("content-encoding"):
        return
    for event in events_in(bytes(response.body.kept)):
        span = response.body.where(event.begin, event.end)
        content = content_of(event.data, None)
        if content.is_json:
            told.texts.append(_text(content, span, "sse", from_client=False))
        _add_event(
            told,
            EventMessage(
                kind="sse",
                direction="server_to_client",
                frames=tuple(span.frames),
                time_s=seconds(span.last_ns),
                bytes=len(event.data),
                name=event.name,
                exchange=record.depth,
                body=body_record(len(event.data), content, None, shown, complete=True),
            ),
        )


def _add_event(told: Told, event: EventMessage) -> None:
    if len(told.events) < _EVENTS_LISTED:
        told.events.append(event)
    else:
        told.events_omitted += 1
