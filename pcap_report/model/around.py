"""Facts around the connections: names that were looked up, plain HTTP requests."""

from __future__ import annotations

import re
from typing import Final, Literal

from msgspec import Struct

from pcap_report.model.inside import HttpBody, HttpHeader

_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

NameService = Literal["dns", "mdns", "llmnr", "nbns"]
"""Who was asked: a DNS server (RFC 1035), all on the link (RFC 6762, RFC 4795), or NetBIOS (RFC 1002)."""


class DnsLookup(Struct, frozen=True):
    """A question to a name service with its answer (RFC 1035)."""

    frame: int | None
    """Frame of the query; None when only the answer was captured."""
    response_frame: int | None
    name: str
    """As it was asked, with its upper and lower case."""
    type: str | None
    """Record type, IANA's name: ``A``, ``AAAA``, ``CNAME`` …; None for an answer that repeats no question."""
    rcode: str | None
    """``NOERROR``, ``NXDOMAIN`` …; None without an answer."""
    answers: tuple[str, ...]
    """The answer section in order: addresses and names as they are, other types in Zeek's words."""
    rtt_ms: float | None
    """From the query (the first, where it was repeated) to the answer."""
    client: str | None = None
    server: str | None = None
    retries: tuple[int, ...] = ()
    """Frames of the same query sent again."""
    led_to: tuple[int, ...] = ()
    """Connections whose server address stands in the answer and that began after it."""
    transport: str = "udp"
    protocol: NameService = "dns"
    ttls: tuple[int, ...] = ()
    """Seconds for which each of ``answers`` may be kept."""
    answer_types: tuple[str, ...] = ()
    """Record type of each of ``answers``."""
    cnames: tuple[str, ...] = ()
    """The aliases on the way from the name to its addresses, in order (RFC 1034, 3.6.2)."""
    transaction_id: int | None = None
    asked_s: float | None = None
    """When the first query was sent: seconds since the first packet of the capture."""
    answered_s: float | None = None
    authoritative: bool | None = None
    """The server says that it speaks for the name; None without an answer."""
    truncated: bool | None = None
    """The answer did not fit (RFC 1035, 4.1.1); None without an answer."""
    connection: int | None = None
    """The TCP connection that carried it; None over UDP."""


class HttpExchange(Struct, frozen=True):
    """An HTTP request with its response (RFC 9110): in plain text, or read with keys."""

    frame: int | None
    response_frame: int | None
    method: str | None
    host: str | None
    path: str | None
    """The target as the client wrote it, with ``***`` in the place of passwords and tokens."""
    status: int | None
    reason: str | None = None
    content_type: str | None = None
    content_length: int | None = None
    """The response's, as its header says."""
    user_agent: str | None = None
    latency_ms: float | None = None
    """From the request's last frame to the one in which the response is complete; None where it never is."""
    connection: int | None = None
    version: str | None = None
    """The request's, or the response's where the request is not there: ``1.0``, ``1.1``, ``2``."""
    referrer: str | None = None
    origin: str | None = None
    provisional_status: int | None = None
    """The latest 1xx before the final response (RFC 9110, 15.2)."""
    provisional_reason: str | None = None
    provisional_frames: tuple[int, ...] = ()
    request_body_bytes: int | None = None
    """Bytes of the request's body, without transfer coding."""
    response_body_bytes: int | None = None
    """Bytes of the response's body, without transfer coding and before decompression."""
    content_encoding: str | None = None
    """How the response's body is compressed: ``gzip``, ``br`` …"""
    chunked: bool = False
    """The response's body came in chunks (RFC 9112, 7.1)."""
    stream: int | None = None
    """HTTP/2's stream (RFC 9113, 5); None in HTTP/1."""
    depth: int | None = None
    """Place of the exchange in its connection, from 1."""
    response_cut_off: bool = False
    """The response begins in ``response_frame`` and its end is not in the capture: only its head is known."""
    decrypted: bool = False
    """It travelled encrypted and was read with keys."""
    request_frames: tuple[int, ...] = ()
    """Read with keys: all frames of the request, in which its records end."""
    response_frames: tuple[int, ...] = ()
    wait_ms: float | None = None
    """Read with keys: from the end of the request to the first byte of the response."""
    transfer_ms: float | None = None
    """Read with keys: from the first to the last byte of the response."""
    request_headers: tuple[HttpHeader, ...] = ()
    response_headers: tuple[HttpHeader, ...] = ()
    request_body: HttpBody | None = None
    response_body: HttpBody | None = None
    over_socks: bool = False
    """It travels through a SOCKS proxy (RFC 1928): the connection's server is the proxy."""

    @property
    def asks_proxy(self) -> bool:
        """Whether it is said to a proxy: over SOCKS, with CONNECT, or with a whole URL (RFC 9112, 3.2)."""
        return self.over_socks or self.method == "CONNECT" or _ABSOLUTE.match(self.path or "") is not None
