"""Which requests went over plain HTTP, and how were they answered?

HTTP/1.x (RFC 9112) is paired in the order of each connection, cleartext HTTP/2 (RFC 9113) by stream.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mypy_extensions import mypyc_attr

from pcap_report.analyzers import http2_messages, http_messages
from pcap_report.analyzers.base import CaptureAnalyzer
from pcap_report.analyzers.http2_messages import Part, parts_in
from pcap_report.analyzers.http_exchange import Exchange, record_of
from pcap_report.analyzers.http_messages import requests_in, responses_in
from pcap_report.analyzers.http_story import claim_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.analyzers.http_messages import Head
    from pcap_report.model.around import HttpExchange
    from pcap_report.model.evidence import Claim
    from pcap_report.model.packet import Packet

_LISTED: Final = 5000
_CLAIMED: Final = 200
_STREAMS_KEPT: Final = 1000
_FINAL: Final = 200
_PROVISIONAL_LISTED: Final = 20
_SOCKS: Final = ":tcp:socks:"
_UPGRADED: Final = 1
"""The request that asked for HTTP/2 is answered as stream 1 (RFC 7540, 3.2)."""


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
@dataclass(slots=True)
class _Connection:
    """Exchanges of a connection that are not over."""

    number: int
    depth: int = 0
    waiting: deque[Exchange] = field(default_factory=deque)
    early: Exchange | None = None
    """Something came back, and its request may still be on the way."""
    streams: dict[int, Exchange] = field(default_factory=dict)
    client: tuple[str, int] | None = None


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class HttpAnalyzer(CaptureAnalyzer["tuple[HttpExchange, ...]"]):
    """Pairs requests with responses."""

    id = "http"
    protocols = frozenset(("http", "http2"))
    fields = (*http_messages.FIELDS, *http2_messages.FIELDS)

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []
        self._connections: dict[int, _Connection] = {}

    def on_packet(self, packet: Packet) -> None:
        if packet.stream is None:
            return
        connection = self._connections.get(packet.stream)
        if connection is None:
            connection = self._connections[packet.stream] = _Connection(packet.stream)
        for request in requests_in(packet):
            self._on_request(packet, connection, request)
        for response in responses_in(packet):
            self._on_response(packet, connection, response)
        if packet.has(http2_messages.TYPE):
            for part in parts_in(packet, lambda stream: _has_head(connection, packet, stream)):
                self._on_part(packet, connection, part)

    def _on_request(self, packet: Packet, connection: _Connection, head: Head) -> None:
        early, connection.early = connection.early, None
        # 100, or a refusal, came between the first and the last segment of the request
        answered = early.first_answer if early else None
        if early is None or answered is None or answered < head.first_frame:
            early = self._new(connection)
        _ask(early, packet, head)
        if early.response is None:
            connection.waiting.append(early)

    def _on_response(self, packet: Packet, connection: _Connection, head: Head) -> None:
        _pass_over_lost_answers(connection.waiting, head)
        if connection.waiting:
            exchange = connection.waiting[0]
        elif connection.early is not None and connection.early.response is None:
            exchange = connection.early
        else:
            exchange = connection.early = self._new(connection)
        _answer(exchange, packet, head)
        if exchange.response is not None and connection.waiting:
            connection.waiting.popleft()

    def _on_part(self, packet: Packet, connection: _Connection, part: Part) -> None:
        sender = (packet.source, packet.source_port)
        exchange = connection.streams.get(part.stream)
        if part.head is None:
            if exchange is not None and sender == connection.client:
                exchange.request_bytes += part.size
            elif exchange is not None:
                exchange.response_bytes += part.size
        elif part.is_request:
            connection.client = sender
            _ask(self._stream(connection, part.stream), packet, part.head)
        else:
            if exchange is None:
                exchange = self._stream(connection, part.stream)
            _answer(exchange, packet, part.head)

    def _stream(self, connection: _Connection, number: int) -> Exchange:
        """Begin a stream; the first one may go on with the request that asked for HTTP/2."""
        if number == _UPGRADED and connection.waiting:
            exchange = connection.waiting.popleft()
            exchange.stream = number
        else:
            exchange = self._new(connection, number)
        if len(connection.streams) >= _STREAMS_KEPT:
            del connection.streams[next(iter(connection.streams))]
        connection.streams[number] = exchange
        return exchange

    def _new(self, connection: _Connection, stream: int | None = None) -> Exchange:
        connection.depth += 1
        exchange = Exchange(connection.number, connection.depth, stream)
        if len(self._exchanges) < _LISTED:
            self._exchanges.append(exchange)
        else:
            self.omitted += 1
        return exchange

    def result(self) -> tuple[HttpExchange, ...]:
        return tuple(map(record_of, self._exchanges))

    def claims(self, result: tuple[HttpExchange, ...]) -> Sequence[Claim]:
        return [claim_of(number, exchange) for number, exchange in enumerate(result[:_CLAIMED], start=1)]


def _has_head(connection: _Connection, packet: Packet, stream: int) -> bool:
    """Tell whether the packet's sender has sent the head of a stream already."""
    exchange = connection.streams.get(stream)
    if exchange is None:
        return False
    is_client = (packet.source, packet.source_port) == connection.client
    return (exchange.request if is_client else exchange.response) is not None


def _pass_over_lost_answers(waiting: deque[Exchange], head: Head) -> None:
    """Give up requests whose answers the client had and the capture has not.

    Before it asked again, the client acknowledged data that came after its last request; so a response that
    begins later than the next request does not belong to the last one.
    """
    while len(waiting) > 1:
        first, following = waiting[0], waiting[1]
        had_answer = following.acked > first.acked and first.provisional is None
        if not had_answer or following.frame is None or head.first_frame <= following.frame:
            return
        waiting.popleft()


def _ask(exchange: Exchange, packet: Packet, head: Head) -> None:
    exchange.frame, exchange.asked_ns, exchange.request = packet.frame, packet.time_ns, head
    exchange.acked = packet.ack
    exchange.over_socks = _SOCKS in packet.protocols


def _answer(exchange: Exchange, packet: Packet, head: Head) -> None:
    """Add a response; a provisional one leaves the exchange open (RFC 9110, 15.2)."""
    if int(head.start) < _FINAL:
        exchange.provisional, exchange.answered_ns = head, packet.time_ns
        if len(exchange.provisional_frames) < _PROVISIONAL_LISTED:
            exchange.provisional_frames.append(packet.frame)
    elif exchange.response is None:
        exchange.response, exchange.response_frame = head, packet.frame
        exchange.answered_ns = packet.time_ns
