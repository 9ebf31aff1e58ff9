"""Cleartext HTTP/2: streams of one connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialogue.wire import proved

if TYPE_CHECKING:
    from pcap_report.model.around import HttpExchange
    from tests.dialogue.recording import Recording
    from tests.dialogue.tcp import Talk

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS = 0, 1, 4
END_HEADERS, END_STREAM = 4, 1


def frame(kind: int, stream: int, body: bytes = b"", flags: int = 0) -> bytes:
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + body


def headers(stream: int, **fields: str) -> bytes:
    """Every name and value spelled out (RFC 7541, 6.2.2); an underscore in front stands for a colon."""
    names = ((_header(name), text.encode()) for name, text in fields.items())
    block = b"".join(b"\0" + bytes([len(name)]) + name + bytes([len(text)]) + text for name, text in names)
    return frame(HEADERS, stream, block, END_HEADERS)


def _header(name: str) -> bytes:
    return (":" * name.startswith("_") + name.removeprefix("_").replace("_", "-")).encode()


def asks(stream: int, path: str, method: str = "GET", **more: str) -> bytes:
    return headers(stream, _method=method, _scheme="http", _path=path, _authority="a.example", **more)


@pytest.fixture
def talk(recording: Recording) -> Talk:
    talk = recording.talk(server_port=80).established()
    talk.client.data(PREFACE + frame(SETTINGS, 0))
    talk.server.data(frame(SETTINGS, 0))
    return talk


def exchanges(talk: Talk) -> tuple[HttpExchange, ...]:
    return proved(talk.recording.write()).http


def test_a_stream(talk: Talk) -> None:
    talk.client.data(asks(1, "/a?x=1", user_agent="probe"))
    talk.server.data(
        headers(1, _status="200", content_type="text/plain") + frame(DATA, 1, b"hello", END_STREAM)
    )

    (found,) = exchanges(talk)
    assert (found.version, found.stream, found.frame, found.response_frame) == ("2", 1, 6, 7)
    assert (found.method, found.host, found.path) == ("GET", "a.example", "/a?x=1")
    assert (found.status, found.content_type, found.user_agent) == (200, "text/plain", "probe")
    assert (found.request_body_bytes, found.response_body_bytes) == (0, 5)
    assert found.latency_ms == pytest.approx(1)


def test_two_streams_in_one_segment_answered_in_the_other_order(talk: Talk) -> None:
    talk.client.data(asks(1, "/one") + asks(3, "/two", "POST") + frame(DATA, 3, b"body", END_STREAM))
    talk.server.data(
        headers(3, _status="404") + headers(1, _status="200") + frame(DATA, 1, b"1") + frame(DATA, 3, b"22")
    )

    assert [
        (one.stream, one.path, one.status, one.request_body_bytes, one.response_body_bytes)
        for one in exchanges(talk)
    ] == [(1, "/one", 200, 0, 1), (3, "/two", 404, 4, 2)]


def test_trailers_are_no_answer(talk: Talk) -> None:
    talk.client.data(asks(1, "/one") + asks(3, "/two"))
    talk.server.data(headers(1, _status="200"))
    talk.server.data(headers(1, grpc_status="0") + headers(3, _status="503"))

    assert [(one.path, one.status, one.response_frame) for one in exchanges(talk)] == [
        ("/one", 200, 7),
        ("/two", 503, 8),
    ]


def test_without_an_answer(talk: Talk) -> None:
    talk.client.data(asks(1, "/one"))
    talk.server.ack()
    (found,) = exchanges(talk)
    assert (found.status, found.response_frame, found.version, found.latency_ms) == (None, None, "2", None)


def test_settings_alone_are_no_exchange(talk: Talk) -> None:
    assert exchanges(talk) == ()


def test_an_upgraded_request_is_answered_as_stream_1(recording: Recording) -> None:
    client, server = recording.talk(server_port=80).established()
    client.data(
        b"GET /up HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
    )
    server.data(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    client.data(PREFACE + frame(SETTINGS, 0))
    server.data(frame(SETTINGS, 0) + headers(1, _status="200") + frame(DATA, 1, b"hi", END_STREAM))

    (found,) = proved(recording.write()).http
    assert (found.path, found.provisional_status, found.status) == ("/up", 101, 200)
    assert (found.frame, found.provisional_frames, found.response_frame) == (4, (5,), 7)
    assert (found.stream, found.version, found.response_body_bytes) == (1, "2", 2)
