"""HTTP/1.x out of the two byte streams of a connection (RFC 9112), read by h11; WebSocket behind an upgrade.

Requests and responses are paired in their order. h11 plays one end at a time and wants to see whole
exchanges, so every message gets a connection object of its own, and the bytes behind it go to the next.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

import h11

from pcap_report.analyzers.inside.http_record import Half, HttpRecord, headers_of
from pcap_report.analyzers.inside.pieces import Piece, Unreadable
from pcap_report.analyzers.inside.websocket import WebSocketReader

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD_LIMIT: Final = 64 * 1024
_EXCHANGES: Final = 5000
_HELD: Final = 1 << 20


class Http1Reader:
    """Reads both directions of a connection.

    Attributes:
        records: exchanges, in the order of their beginning.
        websocket: the reader of what follows an upgrade to WebSocket.
        omitted: exchanges that are not listed.
    """

    def __init__(self) -> None:
        self.records: list[HttpRecord] = []
        self.omitted = 0
        self.websocket: WebSocketReader | None = None
        self._waiting: deque[HttpRecord] = deque()
        self._parsers: dict[bool, _Parser] = {
            True: _Parser(self._new_request, is_request=True),
            False: _Parser(self._new_response, is_request=False),
        }
        self._count = 0
        self._undecided: HttpRecord | None = None
        """A request that may change the protocol; what follows it is held until the answer."""
        self._held: list[Piece] = []
        self._blind = False
        """Behind CONNECT or an upgrade to something else: not looked at."""

    @property
    def protocol(self) -> str:
        """What was spoken last."""
        return "websocket" if self.websocket else "http/1.1"

    def feed(self, piece: Piece, *, from_client: bool) -> None:
        """Take the next bytes of a direction.

        Raises:
            Unreadable: they are no HTTP/1.
        """
        while piece.data and not self._blind:
            if self.websocket is not None:
                self.websocket.feed(piece, from_client=from_client)
                return
            if from_client and self._undecided is not None:
                if sum(len(one.data) for one in self._held) < _HELD:
                    self._held.append(piece)
                return
            parser = self._parsers[from_client]
            rest = parser.feed(piece)
            if rest is None:
                return
            piece = Piece(piece.frame, piece.time_ns, rest)
            self._ended(parser.record, from_client=from_client)

    def _ended(self, record: HttpRecord | None, *, from_client: bool) -> None:
        """A message ended: does it change the protocol, or settle that it does not change?"""
        if record is None:
            return
        request = record.request
        if from_client:
            if request and (request.start[0] == "CONNECT" or request.header("upgrade")):
                self._undecided = None if record.upgraded or record.response else record
            return
        if record.upgraded:
            self._switch(record)
        if record is self._undecided:
            self._undecided = None
        held, self._held = self._held, []
        for piece in held:
            self.feed(piece, from_client=True)

    def _switch(self, record: HttpRecord) -> None:
        if record.upgraded == "websocket" and record.provisional:
            extensions = record.provisional[-1].header("sec-websocket-extensions")
            self.websocket = WebSocketReader(record.depth, extensions)
        else:
            self._blind = True

    def _new_request(self) -> HttpRecord:
        record = self._new(HttpRecord(self._count + 1, request=Half()))
        self._waiting.append(record)
        return record

    def _new_response(self) -> HttpRecord:
        return self._waiting.popleft() if self._waiting else self._new(HttpRecord(self._count + 1))

    def _new(self, record: HttpRecord) -> HttpRecord:
        self._count += 1
        if len(self.records) < _EXCHANGES:
            self.records.append(record)
        else:
            self.omitted += 1
        return record

    def finish(self) -> None:
        """The streams end here: a response without a length ends with them."""
        self._parsers[False].finish()


class _Parser:
    """One direction."""

    def __init__(self, begin: Callable[[], HttpRecord], *, is_request: bool) -> None:
        self._begin = begin
        self._is_request = is_request
        self._connection: h11.Connection | None = None
        self.record: HttpRecord | None = None
        self._half = Half()

    def feed(self, piece: Piece) -> bytes | None:
        """Take bytes; return those behind the message that they complete, or None while it goes on."""
        if self._connection is None:
            self._open()
        connection = self._connection
        assert connection is not None
        self._half.span.touch(piece)
        try:
            connection.receive_data(piece.data)
            return self._drain(connection, piece)
        except h11.RemoteProtocolError as error:
            raise Unreadable(str(error)[:200]) from error

    def _open(self) -> None:
        record = self.record = self._begin()
        if self._is_request:
            self._connection = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD_LIMIT)
            assert record.request is not None
            self._half = record.request
        else:
            self._connection = _asked(record.request)
            self._half = record.response = Half()

    def _drain(self, connection: h11.Connection, piece: Piece) -> bytes | None:
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Data):
                self._half.body.add(bytes(event.data), piece)
            elif isinstance(event, (h11.Request, h11.Response)):
                self._head(event, piece)
                if self._is_tunnel(event):
                    return self._end(connection)
            elif isinstance(event, h11.InformationalResponse):
                if self._provisional(event, piece):
                    return self._end(connection)
            elif isinstance(event, h11.EndOfMessage):
                self._half.done = self._half.body.complete = True
                return self._end(connection)
            else:
                return None

    def _end(self, connection: h11.Connection) -> bytes:
        self._connection = None
        return bytes(connection.trailing_data[0])

    def _is_tunnel(self, event: h11.Request | h11.Response) -> bool:
        """A CONNECT that is granted: the response ends with its head (RFC 9110, 9.3.6)."""
        request = self.record.request if self.record else None
        if isinstance(event, h11.Request) or request is None or request.start[0] != "CONNECT":
            return False
        if not 200 <= event.status_code < 300:
            return False
        assert self.record is not None
        self.record.upgraded = "tunnel"
        self._half.done = self._half.body.complete = True
        return True

    def _head(self, event: h11.Request | h11.Response | h11.InformationalResponse, piece: Piece) -> None:
        half = self._half
        half.head_frame = piece.frame
        half.version = _text(event.http_version)
        half.headers = headers_of([(bytes(name), bytes(value)) for name, value in event.headers])
        if isinstance(event, h11.Request):
            half.start = (_text(event.method), _text(event.target))
        else:
            half.start = (str(event.status_code), _text(event.reason) or None)

    def _provisional(self, event: h11.InformationalResponse, piece: Piece) -> bool:
        """Note a 1xx; tell whether another protocol begins behind it."""
        record, half = self.record, self._half
        assert record is not None
        self._head(event, piece)
        half.done = half.body.complete = True
        record.provisional.append(half)
        if event.status_code == 101:
            record.upgraded = (half.header("upgrade") or "").strip().lower() or "unknown"
            record.response = None
            return True
        self._half = record.response = Half()
        self._half.span.touch(piece)
        return False

    def finish(self) -> None:
        """The stream is over."""
        if self._connection is None:
            return
        try:
            self._connection.receive_data(b"")
            event = self._connection.next_event()
        except h11.RemoteProtocolError:
            return
        if isinstance(event, h11.EndOfMessage):
            self._half.done = self._half.body.complete = True


def _asked(request: Half | None) -> h11.Connection:
    """Make the client's end of h11, which has sent what the response answers."""
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_LIMIT)
    method = request.start[0] if request and request.start[0] in {"HEAD", "CONNECT"} else "GET"
    headers = [("host", "x")]
    if request is None or request.header("upgrade"):
        headers += [("upgrade", "x"), ("connection", "upgrade")]
    connection.send(h11.Request(method=method, target="/", headers=headers))
    connection.send(h11.EndOfMessage())
    return connection


def _text(raw: bytes) -> str:
    return bytes(raw).decode("utf-8", "backslashreplace")
