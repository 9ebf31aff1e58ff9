"""HTTP/1 beyond request and response: sizes of bodies, odd orders, what breaks the pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialogue.wire import proved

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.around import HttpExchange
    from tests.dialogue.recording import Recording
    from tests.dialogue.tcp import Talk

GET = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"


@pytest.fixture
def talk(recording: Recording) -> Talk:
    return recording.talk(server_port=80).established()


def exchanges(talk: Talk) -> tuple[HttpExchange, ...]:
    return proved(talk.recording.write()).http


def only(talk: Talk) -> HttpExchange:
    (found,) = exchanges(talk)
    return found


def test_bodies_of_stated_length(talk: Talk) -> None:
    talk.client.data(b"POST /up HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\n\r\nbody")
    talk.server.data(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    found = only(talk)
    assert (found.request_body_bytes, found.response_body_bytes, found.version) == (4, 5, "1.1")


def test_chunks_count_without_their_frame(talk: Talk) -> None:
    talk.client.data(GET)
    talk.server.data(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"
    )
    found = only(talk)
    assert (found.response_body_bytes, found.chunked, found.content_length) == (6, True, None)


def test_a_compressed_body_is_as_large_as_it_was_sent(talk: Talk) -> None:
    import gzip

    body = gzip.compress(b"hello " * 100, mtime=0)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    talk.client.data(GET)
    talk.server.data(head.encode() + body)
    found = only(talk)
    assert (found.content_encoding, found.response_body_bytes) == ("gzip", len(body))


def test_a_body_that_ends_with_the_connection(talk: Talk) -> None:
    talk.client.data(b"GET / HTTP/1.0\r\nHost: a.example\r\n\r\n")
    talk.server.data(b"HTTP/1.0 200 OK\r\nServer: s\r\n\r\n" + b"x" * 700)
    talk.server.data(b"y" * 800)
    talk.server.fin()
    talk.client.fin()
    found = only(talk)
    assert (found.response_body_bytes, found.content_length, found.version) == (1500, None, "1.0")


@pytest.mark.parametrize(
    ("request_line", "response"),
    [
        (b"HEAD / HTTP/1.1", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
        (b"GET / HTTP/1.1", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n"),
        (b"CONNECT a.example:443 HTTP/1.1", b"HTTP/1.1 200 Connection established\r\n\r\n"),
        (b"DELETE / HTTP/1.1", b"HTTP/1.1 204 No Content\r\n\r\n"),
    ],
    ids=["head", "not modified", "connect", "no content"],
)
def test_responses_without_body(talk: Talk, request_line: bytes, response: bytes) -> None:
    talk.client.data(request_line + b"\r\nHost: a.example\r\n\r\n")
    talk.server.data(response)
    found = only(talk)
    assert (found.frame, found.response_frame, found.response_body_bytes) == (4, 5, 0)


def test_headers_of_two_requests_in_one_frame_are_told_apart(talk: Talk) -> None:
    one = b"GET /one HTTP/1.1\r\nHost: a.example\r\nReferer: http://r.example/\r\nUser-Agent: probe\r\n\r\n"
    other = b"GET /two HTTP/1.1\r\nHost: b.example\r\nOrigin: http://o.example\r\n\r\n"
    talk.client.data(one + other)
    first, second = exchanges(talk)
    assert (first.host, first.referrer, first.user_agent, first.origin) == (
        "a.example",
        "http://r.example/",
        "probe",
        None,
    )
    assert (second.host, second.referrer, second.user_agent, second.origin) == (
        "b.example",
        None,
        None,
        "http://o.example",
    )
    assert [one.depth for one in (first, second)] == [1, 2]


def test_continue_stands_beside_the_answer(talk: Talk) -> None:
    head = b"POST /up HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    talk.client.data(head)
    talk.server.data(b"HTTP/1.1 100 Continue\r\n\r\n")
    talk.client.data(b"body")
    talk.server.data(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
    found = only(talk)
    assert (found.frame, found.response_frame, found.status) == (6, 7, 201)
    assert (found.provisional_status, found.provisional_reason) == (100, "Continue")
    assert (found.provisional_frames, found.request_body_bytes) == ((5,), 4)


def test_refused_before_the_request_is_whole(talk: Talk) -> None:
    talk.client.data(b"POST /up HTTP/1.1\r\nHost: a.example\r\nContent-Length: 8\r\n\r\nhalf")
    talk.server.data(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
    talk.client.data(b"half")
    found = only(talk)
    assert (found.method, found.status, found.response_frame) == ("POST", 413, 5)


def test_an_unasked_response_is_not_given_to_a_later_request(talk: Talk) -> None:
    talk.server.data(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
    talk.client.data(GET)
    talk.server.data(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    unasked, answered = exchanges(talk)
    assert (unasked.frame, unasked.status) == (None, 408)
    assert (answered.frame, answered.response_frame, answered.status) == (5, 6, 200)


def test_behind_switching_protocols_nothing_follows(talk: Talk) -> None:
    talk.client.data(b"GET /ws HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n")
    talk.server.data(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n")
    found = only(talk)
    assert (found.status, found.response_frame) == (101, 5)
    assert found.latency_ms == pytest.approx(1)


@pytest.mark.parametrize(
    ("capture", "expected"),
    [
        ("http/zeek-100-continue.pcap", ("POST", "www.osu.edu", "/", "1.1", 2001, 60731, 200, 100)),
        (
            "http/zeek-connect-with-header.pcap",
            ("CONNECT", "secure.newegg.com:443", "secure.newegg.com:443", "1.0", 0, 0, 200, None),
        ),
        ("linktypes/zeek-nflog-http.pcap", ("GET", "www.example.net", "/", "1.1", 0, 1270, 200, None)),
        ("tunnels/zeek-gre-over-udp-4754.pcap", ("GET", "zeek.org", "/", "1.1", 0, 162, 301, None)),
    ],
)
def test_as_zeek_says(captures_dir: Path, capture: str, expected: tuple[object, ...]) -> None:
    """Columns of its http.log."""
    (found,) = proved(captures_dir / capture).http
    assert (
        found.method,
        found.host,
        found.path,
        found.version,
        found.request_body_bytes,
        found.response_body_bytes,
        found.status,
        found.provisional_status,
    ) == expected
