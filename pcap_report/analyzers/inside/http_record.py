"""An HTTP exchange as the readers of HTTP/1, HTTP/2 and HTTP/3 make it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pcap_report.analyzers.inside.pieces import Body, Span

Headers = list[tuple[str, str]]
"""Names in lower case, with their values."""
_VALUE_KEPT: Final = 8192
_HEADERS_KEPT: Final = 200


@dataclass(slots=True)
class Half:
    """A request or a response.

    Attributes:
        span: its frames and times.
        head_frame: the frame in which its head was complete.
        start: method and target, or status and reason.
        version: ``1.1``, ``2``, ``3``.
        headers: of the head; trailers are left out.
        done: its end was seen.
    """

    span: Span = field(default_factory=Span)
    head_frame: int | None = None
    start: tuple[str, str | None] = ("", None)
    version: str = "1.1"
    headers: Headers = field(default_factory=list)
    body: Body = field(default_factory=Body)
    done: bool = False

    def header(self, name: str) -> str | None:
        """Return the first value of a header."""
        return next((value for one, value in self.headers if one == name), None)

    def begin_request(self, pseudo_headers: dict[str, str]) -> None:
        """Take what stands in the place of a request line (RFC 9113, 8.3.1; RFC 9114, 4.3.1)."""
        self.start = (pseudo_headers.get(":method", ""), pseudo_headers.get(":path"))
        if ":authority" in pseudo_headers and not self.header("host"):
            self.headers.insert(0, ("host", pseudo_headers[":authority"]))

    @property
    def media_type(self) -> str | None:
        """Return the content type without its parameters, in lower case."""
        value = self.header("content-type")
        return value.partition(";")[0].strip().lower() or None if value else None


@dataclass(slots=True)
class HttpRecord:
    """A request with what came back.

    Attributes:
        depth: place in its connection, from 1.
        stream: HTTP/2's or HTTP/3's stream.
        provisional: responses with a 1xx status.
        upgraded: the connection speaks another protocol from here on.
    """

    depth: int
    stream: int | None = None
    request: Half | None = None
    response: Half | None = None
    provisional: list[Half] = field(default_factory=list)
    upgraded: str | None = None

    def half(self, *, from_client: bool) -> Half | None:
        """Return the request or the (final) response, if it has begun."""
        return self.request if from_client else self.response


def headers_of(pairs: list[tuple[bytes, bytes]]) -> Headers:
    """Decode headers as they travelled."""
    return [
        (
            name.decode("utf-8", "backslashreplace").lower(),
            value[:_VALUE_KEPT].decode("utf-8", "backslashreplace"),
        )
        for name, value in pairs[:_HEADERS_KEPT]
    ]
