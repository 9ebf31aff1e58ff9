"""A request and what came back, while the connection is being read, and as the record of the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mypy_extensions import mypyc_attr

from pcap_report.analyzers.http_bodies import is_chunked, request_body, response_body, stated_length
from pcap_report.analyzers.url_secrets import masked
from pcap_report.model.around import HttpExchange

if TYPE_CHECKING:
    from pcap_report.analyzers.http_messages import Head

_SWITCHED: Final = "101"
"""Behind it the connection speaks another protocol, so nothing final follows (RFC 9110, 15.2.2)."""


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
@dataclass(slots=True)
class Exchange:
    """A request and what has come back so far."""

    connection: int
    depth: int
    stream: int | None = None
    frame: int | None = None
    asked_ns: int = 0
    acked: int = 0
    """What the request acknowledges: the client has the server's bytes below it."""
    request: Head | None = None
    response_frame: int | None = None
    answered_ns: int = 0
    response: Head | None = None
    provisional: Head | None = None
    provisional_frames: list[int] = field(default_factory=list)
    request_bytes: int = 0
    """HTTP/2: bytes of DATA so far."""
    response_bytes: int = 0
    over_socks: bool = False

    @property
    def first_answer(self) -> int | None:
        """Return the frame of the first thing that came back."""
        return self.provisional_frames[0] if self.provisional_frames else self.response_frame


def record_of(one: Exchange) -> HttpExchange:
    """Return the exchange as it stands in the report."""
    request, response, provisional = one.request, one.response, one.provisional
    response_frame = one.response_frame
    if response is None and provisional is not None and provisional.start == _SWITCHED:
        response, response_frame = provisional, one.provisional_frames[-1]
    answer = response or provisional
    paired = one.frame is not None and response is not None
    return HttpExchange(
        frame=one.frame,
        response_frame=response_frame,
        method=request.start if request else None,
        host=_header(request, "host"),
        path=masked(request.rest) if request else None,
        status=int(response.start) if response else None,
        reason=response.rest if response else None,
        content_type=_header(response, "content-type"),
        content_length=stated_length(response) if response else None,
        user_agent=_header(request, "user-agent"),
        latency_ms=(one.answered_ns - one.asked_ns) / 1_000_000 if paired else None,
        connection=one.connection,
        version=(answer.version if answer else None) or (request.version if request else None),
        referrer=masked(_header(request, "referer")),
        origin=masked(_header(request, "origin")),
        provisional_status=int(provisional.start) if provisional else None,
        provisional_reason=provisional.rest if provisional else None,
        provisional_frames=tuple(one.provisional_frames),
        request_body_bytes=_request_size(one),
        response_body_bytes=_response_size(one),
        content_encoding=_header(response, "content-encoding"),
        chunked=response is not None and is_chunked(response),
        stream=one.stream,
        depth=one.depth,
        over_socks=one.over_socks,
    )


def _header(head: Head | None, name: str) -> str | None:
    return head.header(name) if head else None


def _request_size(one: Exchange) -> int | None:
    if one.request is None:
        return None
    return one.request_bytes if one.request.version == "2" else request_body(one.request)


def _response_size(one: Exchange) -> int | None:
    if one.response is None:
        return None
    if one.response.version == "2":
        return one.response_bytes
    return response_body(one.response, one.request.start if one.request else None)
