"""HTTP/1, HTTP/2 and WebSocket inside the encryption, in any pieces, are read or called unreadable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.inside.pieces import PREFACE, Piece
from pcap_report.analyzers.inside.sse import events_in
from pcap_report.analyzers.inside.streams import Streams
from tests.fuzz.supply import Supply

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLIENT: Final = 1
_LONG: Final = 0x80
_REQUEST: Final = b"POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
_ANSWER: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
_UPGRADE: Final = (
    b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: eA==\r\n\r\n"
)
_SWITCHED: Final = (
    b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
_CONNECT: Final = b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n"
_SETTINGS: Final = bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
_HEADERS: Final = bytes((0, 0, 4, 1, 4, 0, 0, 0, 1)) + bytes((0x82, 0x86, 0x84, 0x87))
_STATUS: Final = bytes((0, 0, 1, 1, 4, 0, 0, 0, 1, 0x88))
_BODY: Final = bytes((0, 0, 2, 0, 1, 0, 0, 0, 1)) + b"ab"


def _written(*pieces: tuple[int, bytes]) -> bytes:
    return b"".join(bytes((side | _LONG,)) + len(data).to_bytes(2, "big") + data for side, data in pieces)


def seeds() -> Iterator[bytes]:
    """Conversations, piece by piece."""
    yield _written((_CLIENT, _REQUEST), (0, b"HTTP/1.1 100 Continue\r\n\r\n"), (0, _ANSWER))
    yield _written((_CLIENT, _REQUEST + _REQUEST), (0, _ANSWER[:30]), (0, _ANSWER[30:]), (0, _ANSWER))
    yield _written(
        (_CLIENT, _UPGRADE),
        (0, _SWITCHED),
        (_CLIENT, b"\x81\x82\0\0\0\0hi"),
        (0, b"\xc1\x04\xca\xc9\x04\x00"),
        (0, b"\x88\x02\x03\xe8"),
    )
    yield _written((_CLIENT, _CONNECT), (0, b"HTTP/1.1 200 OK\r\n\r\n"), (_CLIENT, b"\x16\x03\x01"))
    yield _written((0, _SETTINGS), (_CLIENT, PREFACE + _SETTINGS + _HEADERS), (0, _STATUS + _BODY))
    yield _written((_CLIENT, PREFACE[:9]), (_CLIENT, PREFACE[9:] + _HEADERS[:12]), (_CLIENT, _HEADERS[12:]))
    yield _written((0, b"data: x\n\nevent: y\ndata: z\r\n\r\n"), (_CLIENT, b"GET / HTTP/1.0\n\n"))


def attempt(data: bytes) -> None:
    """Read both directions."""
    streams = Streams()
    sent = {True: 0, False: 0}
    for number, (kind, piece) in enumerate(Supply(data).chunks(), 1):
        from_client = bool(kind & _CLIENT)
        sent[from_client] += len(piece)
        streams.feed(Piece(number, number * 1000, piece), from_client=from_client)
    streams.finish()
    assert streams.sent == sent
    for record in streams.reader.records if streams.reader else ():
        for half in (record.request, record.response, *record.provisional):
            if half is not None:
                assert half.span.frames == sorted(set(half.span.frames))
                assert half.body.size >= len(half.body.kept)
    for event in events_in(data):
        assert 0 <= event.begin < event.end <= len(data)
