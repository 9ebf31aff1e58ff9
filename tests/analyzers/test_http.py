"""Plain HTTP: requests, and how they were answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.render.markdown import MarkdownOptions, render_markdown

if TYPE_CHECKING:
    from pcap_report.model.around import HttpExchange
    from tests.dialogue.recording import Recording
    from tests.dialogue.tcp import Talk


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: probe/1\r\n\r\n".encode()


def answer(status: str, body: bytes = b"", kind: str = "text/plain") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@pytest.fixture
def talk(recording: Recording) -> Talk:
    return recording.talk(server_port=80).established()


def exchanges(talk: Talk) -> tuple[HttpExchange, ...]:
    report = talk.recording.report()
    assert [one for one in report.attempts if one.status == "failed"] == []
    return report.http


def paired(talk: Talk) -> list[tuple[int | None, str | None, int | None, int | None]]:
    return [(one.frame, one.path, one.response_frame, one.status) for one in exchanges(talk)]


def test_a_request_and_its_response(talk: Talk) -> None:
    talk.client.data(get("/index.html?a=1"))
    talk.after(ms=29)
    talk.server.data(answer("200 OK", b"hello"))

    (found,) = exchanges(talk)
    assert (found.frame, found.response_frame, found.connection) == (4, 5, 0)
    assert (found.method, found.host, found.path) == ("GET", "www.example.org", "/index.html?a=1")
    assert (found.status, found.reason, found.user_agent) == (200, "OK", "probe/1")
    assert (found.content_type, found.content_length) == ("text/plain", 5)
    assert found.latency_ms == pytest.approx(30)


def test_a_response_in_several_segments_is_complete_in_the_last(talk: Talk) -> None:
    talk.client.data(get("/"))
    body = answer("200 OK", b"x" * 2000)
    talk.server.data(body[:1400])
    talk.server.data(body[1400:])

    assert paired(talk) == [(4, "/", 6, 200)]


def test_one_after_the_other(talk: Talk) -> None:
    for path in ("/one", "/two"):
        talk.client.data(get(path))
        talk.server.data(answer("200 OK", path.encode()))

    assert paired(talk) == [(4, "/one", 5, 200), (6, "/two", 7, 200)]


def test_pipelined(talk: Talk) -> None:
    talk.client.data(get("/one"))
    talk.client.data(get("/two"))
    talk.server.data(answer("200 OK", b"1"))
    talk.server.data(answer("404 Not Found", b"2"))

    assert paired(talk) == [(4, "/one", 6, 200), (5, "/two", 7, 404)]


def test_pipelined_in_one_frame(talk: Talk) -> None:
    talk.client.data(get("/one") + get("/two"))
    talk.server.data(answer("200 OK", b"1") + answer("404 Not Found", b"2"))

    assert paired(talk) == [(4, "/one", 5, 200), (4, "/two", 5, 404)]


def test_continue_is_not_the_answer(talk: Talk) -> None:
    head = b"POST /up HTTP/1.1\r\nHost: www.example.org\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    talk.client.data(head)
    talk.server.data(b"HTTP/1.1 100 Continue\r\n\r\n")
    talk.client.data(b"body")
    talk.server.data(answer("201 Created"))

    # tshark shows the request where its body ends
    (found,) = exchanges(talk)
    assert (found.method, found.path, found.status, found.response_frame) == ("POST", "/up", 201, 7)
    assert (found.provisional_status, found.provisional_frames) == (100, (5,))


def test_a_request_without_a_response(talk: Talk) -> None:
    talk.client.data(get("/"))
    talk.server.ack()

    assert paired(talk) == [(4, "/", None, None)]


def test_a_response_that_the_capture_cuts_off(talk: Talk) -> None:
    """The dissector waits for the end of the body and says nothing; the status line is there all the same."""
    talk.client.data(get("/film"))
    head = b"HTTP/1.1 206 Partial Content\r\nContent-Type: video/x-flv\r\nContent-Length: 5000\r\n\r\n"
    talk.server.data(head + bytes(100))
    talk.client.ack()
    talk.server.data(bytes(1000))

    (found,) = exchanges(talk)
    assert (found.frame, found.response_frame, found.status, found.reason) == (4, 5, 206, "Partial Content")
    assert (found.content_type, found.content_length, found.version) == ("video/x-flv", 5000, "1.1")
    # how long it took and how much came is not known
    assert (found.response_cut_off, found.latency_ms, found.response_body_bytes) == (True, None, None)
    (claim,) = talk.recording.report().claims
    assert (claim.frames, claim.display_filter) == ((4, 5), "tcp.stream == 0 && frame.number in {4..5}")


def test_a_cut_off_response_behind_whole_ones(talk: Talk) -> None:
    talk.client.data(get("/1"))
    talk.server.data(answer("200 OK", b"one"))
    talk.client.data(get("/2") + get("/3"))
    talk.server.data(b"HTTP/1.1 100 Continue\r\n\r\n")
    talk.server.data(b"HTTP/1.1 404 Not Found\r\nContent-")
    talk.server.data(b"Length: 50\r\n\r\nno")

    assert [(one.path, one.status, one.response_frame) for one in exchanges(talk)] == [
        ("/1", 200, 5),
        ("/2", 404, 9),
        ("/3", None, None),
    ]


def test_an_answer_that_is_not_http(talk: Talk) -> None:
    talk.client.data(get("/"))
    talk.server.data(b"\x00\x01\x02 what is this")

    (found,) = exchanges(talk)
    assert (found.status, found.response_cut_off) == (None, False)


def test_a_response_without_its_request(talk: Talk) -> None:
    with talk.lost():
        talk.client.data(get("/"))
    talk.server.data(answer("200 OK", b"hello"))

    assert paired(talk) == [(None, None, 4, 200)]


def test_an_answer_that_the_recording_lost_is_not_the_next_ones(talk: Talk) -> None:
    talk.client.data(get("/first"))
    with talk.lost():
        talk.server.data(answer("200 OK", b"x" * 500))
    talk.client.data(get("/second"))
    talk.server.data(answer("404 Not Found"))

    assert paired(talk) == [(4, "/first", None, None), (5, "/second", 6, 404)]


def test_on_another_port(recording: Recording) -> None:
    talk = recording.talk(server_port=18080).established()
    talk.client.data(get("/"))
    talk.server.data(answer("200 OK"))

    assert paired(talk) == [(4, "/", 5, 200)]


def test_the_host_names_the_server(talk: Talk) -> None:
    talk.client.data(get("/"))
    (connection,) = talk.recording.report().connections
    assert connection.server.names == ("www.example.org",)
    assert [(one.source, one.frame) for one in connection.server.name_evidence] == [("http_host", 4)]


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("www.example.org:8080", ("www.example.org",)),
        ("203.0.113.5", ()),
        ("203.0.113.5:8080", ()),
        ("[2001:db8::1]:80", ()),
        ("2001:db8::1", ()),
        ("", ()),
    ],
)
def test_the_port_is_no_part_of_a_name_and_an_address_is_none(
    talk: Talk, host: str, names: tuple[str, ...]
) -> None:
    talk.client.data(get("/").replace(b"www.example.org", host.encode()))
    (connection,) = talk.recording.report().connections
    assert connection.server.names == names


def _told_of(talk: Talk) -> str:
    report = talk.recording.report()
    assert report.connections[0].server.names == ()
    return render_markdown(report, MarkdownOptions())


def test_a_proxy_has_not_the_name_of_what_it_is_asked_for(talk: Talk) -> None:
    talk.client.data(get("http://www.example.org/a?b=/c"))
    text = _told_of(talk)
    assert "**The server is asked as a proxy.** The request in frame 4 names a whole URL" in text
    assert "`tcp.stream == 0 && frame.number == 4`" in text


def test_a_tunnel_through_a_proxy_is_told(talk: Talk) -> None:
    talk.client.data(get("www.example.org:443").replace(b"GET", b"CONNECT"))
    talk.server.data(b"HTTP/1.1 200 Connection established\r\n\r\n")
    text = _told_of(talk)
    assert "tunnel to `www.example.org:443`, and frame 5 grants it (status 200)." in text
    assert "`tcp.stream == 0 && frame.number in {4..5}`" in text


def test_a_tunnel_that_is_refused(talk: Talk) -> None:
    talk.client.data(get("www.example.org:443").replace(b"GET", b"CONNECT"))
    talk.server.data(answer("403 Forbidden"))
    assert "tunnel to `www.example.org:443`; no answer grants it." in _told_of(talk)


def test_every_exchange_is_told_with_its_frames(talk: Talk) -> None:
    talk.client.data(get("/"))
    talk.server.data(answer("200 OK"))

    (told,) = (one for one in talk.recording.report().claims if one.id.startswith("http"))
    assert told.frames == (4, 5)


def test_a_socks_proxy_has_not_the_name_of_what_is_behind_it(recording: Recording) -> None:
    talk = recording.talk(server_port=1080).established()
    behind = b"\x00\x50\xc6\x33\x64\x07"  # port 80 of 198.51.100.7
    talk.client.data(b"\x04\x01" + behind + b"\x00")  # SOCKS4: CONNECT
    talk.server.data(b"\x00\x5a" + behind)
    talk.client.data(get("/"))
    talk.server.data(answer("200 OK"))
    text = _told_of(talk)
    assert [one.over_socks for one in recording.report().http] == [True]
    assert "**A proxy stands between.** What the client says in frame 6 travels over SOCKS" in text
