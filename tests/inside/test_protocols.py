"""HTTP/1, HTTP/2, HTTP/3, server-sent events and WebSocket out of the bytes of a connection."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import hpack
import pylsqpack
import pytest
from hyperframe.frame import ContinuationFrame, DataFrame, HeadersFrame, PushPromiseFrame, SettingsFrame
from wsproto.extensions import PerMessageDeflate
from wsproto.frame_protocol import FrameProtocol

from pcap_report.analyzers.inside import http1, http2, http3, records
from pcap_report.analyzers.inside.found import Found, FrameList
from pcap_report.analyzers.inside.http3 import Http3Reader
from pcap_report.analyzers.inside.masking import Shown
from pcap_report.analyzers.inside.pieces import PREFACE, Piece
from pcap_report.analyzers.inside.records import Told, tell
from pcap_report.analyzers.inside.streams import Streams
from pcap_report.analyzers.inside.tls_inside import found_in
from pcap_report.analyzers.rpc.session import rpc_read

if TYPE_CHECKING:
    from pcap_report.model.rpc import Rpc
    from tests.dialogue.recording import Recording

VERSION = {"protocolVersion": "2025-06-18"}
INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": VERSION}
RESULT = {"jsonrpc": "2.0", "id": 1, "result": {**VERSION, "serverInfo": {"name": "s"}}}


class Talk:
    """A conversation in bytes; each piece comes in a frame of its own, a millisecond after the last."""

    def __init__(self) -> None:
        self.streams = Streams()
        self.frame = 0

    def client(self, data: bytes | bytearray) -> int:
        return self._said(bytes(data), from_client=True)

    def server(self, data: bytes | bytearray) -> int:
        return self._said(bytes(data), from_client=False)

    def _said(self, data: bytes, *, from_client: bool) -> int:
        self.frame += 1
        self.streams.feed(Piece(self.frame, self.frame * 1_000_000, data), from_client=from_client)
        return self.frame

    def told(self) -> Told:
        return told(found_in(self.streams, FrameList(), FrameList()))


def told(found: Found) -> Told:
    return tell(found, 0, seconds, Shown(bodies=True), decrypted=True)


def seconds(time_ns: int) -> float:
    return time_ns / 1e9


def rpc_in(one: Told) -> Rpc:
    found = rpc_read(one.texts, seconds)
    assert found is not None
    return found


def request(body: bytes, *headers: str, method: str = "POST", path: str = "/mcp") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    return (
        "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]).encode() + body
    )


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def frame3(kind: int, data: bytes) -> bytes:
    return bytes([kind]) + (0x4000 | len(data)).to_bytes(2, "big") + data


def dumped(value: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps(value).encode()


def test_frames_and_times_of_a_request_in_pieces() -> None:
    talk = Talk()
    whole = request(dumped(INITIALIZE))
    talk.client(whole[:30])
    talk.client(whole[30:90])
    talk.client(whole[90:])
    answer = response(dumped(RESULT), "Content-Type: application/json")
    talk.server(answer[:40])
    talk.server(answer[40:])
    (one,) = talk.told().exchanges
    assert (one.frame, one.request_frames, one.response_frame, one.response_frames) == (
        3,
        (1, 2, 3),
        5,
        (4, 5),
    )
    assert (one.wait_ms, one.transfer_ms, one.latency_ms) == (1.0, 1.0, 2.0)
    assert one.request_body_bytes == len(dumped(INITIALIZE))


def test_pipelined_requests_are_answered_in_order() -> None:
    talk = Talk()
    talk.client(request(b"{}", path="/a") + request(b"{}", path="/b"))
    talk.server(response(b"one", status="201 Created") + response(b"", status="202 Accepted"))
    assert [(one.path, one.status, one.depth) for one in talk.told().exchanges] == [
        ("/a", 201, 1),
        ("/b", 202, 2),
    ]


def test_a_provisional_answer_and_a_head_request() -> None:
    talk = Talk()
    talk.client(b"PUT /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    talk.server(b"HTTP/1.1 100 Continue\r\n\r\n")
    talk.client(b"abc")
    talk.server(response(b""))
    talk.client(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
    talk.server(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
    first, second = talk.told().exchanges
    assert (first.provisional_status, first.status, first.request_body_bytes) == (100, 200, 3)
    assert (second.method, second.status, second.response_body_bytes) == ("HEAD", 200, 0)


def test_batches_notifications_and_errors() -> None:
    talk = Talk()
    batch = [
        INITIALIZE,
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": "a", "method": "tools/call", "params": {"name": "echo"}},
        1,
    ]
    talk.client(request(dumped(batch)))
    failed = {"jsonrpc": "2.0", "id": "a", "error": {"code": -32602, "message": "no"}}
    talk.server(response(gzip.compress(dumped([failed, RESULT])), "Content-Encoding: gzip"))
    rpc = rpc_in(talk.told())
    assert [(one.kind, one.id, one.method, one.tool, one.batch) for one in rpc.messages] == [
        ("request", "1", "initialize", None, 1),
        ("notification", None, "notifications/initialized", None, 2),
        ("request", '"a"', "tools/call", "echo", 3),
        ("invalid", None, None, None, 4),
        ("error", '"a"', "tools/call", "echo", 1),
        ("result", "1", "initialize", None, 2),
    ]
    assert rpc.messages[4].error_code == -32602
    assert [(one.method, one.calls, one.errors) for one in rpc.methods][-1] == ("tools/call", 1, 1)
    assert rpc.mcp is not None
    assert (rpc.mcp.server_name, rpc.mcp.tool_errors) == ("s", 1)


def test_events_of_a_stream_that_has_no_end() -> None:
    talk = Talk()
    talk.client(request(dumped(INITIALIZE)))
    talk.server(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    progress = {"jsonrpc": "2.0", "method": "notifications/progress"}
    event = b": ping\n\nevent: message\ndata: " + dumped(progress) + b"\n\n"
    talk.server(chunk(event[:20]))
    talk.server(chunk(event[20:]))
    talk.server(chunk(b"data: " + dumped(RESULT) + b"\r\n\r\n"))
    one = talk.told()
    assert [(event.name, event.frames) for event in one.events] == [("message", (3, 4)), (None, (5,))]
    rpc = rpc_in(one)
    assert [(message.kind, message.carrier, message.frames) for message in rpc.messages] == [
        ("request", "http", (1,)),
        ("notification", "sse", (3, 4)),
        ("result", "sse", (5,)),
    ]
    assert rpc.messages[2].latency_ms == pytest.approx(4.0)


@pytest.mark.parametrize("packed", [False, True])
def test_websocket_messages(packed: bool) -> None:
    talk = Talk()
    talk.client(
        b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    offer = "permessage-deflate; client_max_window_bits=15; server_max_window_bits=15"
    agreed = f"Sec-WebSocket-Extensions: {offer}\r\n" if packed else ""
    ends = {}
    for from_client in (True, False):
        extension = PerMessageDeflate()
        extension.finalize(offer)
        ends[from_client] = FrameProtocol(client=from_client, extensions=[extension] if packed else [])
    first = ends[False].send_data(b'{"jsonrpc": "2.0", "method": "hello"}'.decode(), fin=True)
    talk.server(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + f"{agreed}\r\n".encode()
        + first
    )
    whole = ends[True].send_data(dumped(INITIALIZE).decode(), fin=True)
    talk.client(whole[:7])
    talk.client(whole[7:] + ends[True].ping(b"x"))
    talk.server(ends[False].send_data(dumped(RESULT).decode(), fin=True) + ends[False].close(1000))
    one = talk.told()
    assert [(event.name, event.frames) for event in one.events] == [
        ("text", (2,)),
        ("text", (3, 4)),
        ("ping", (4,)),
        ("text", (5,)),
        ("close", (5,)),
    ]
    assert [message.method for message in rpc_in(one).messages] == ["hello", "initialize", "initialize"]
    assert talk.streams.protocol == "websocket"
    assert one.exchanges[0].status == 101


def test_an_upgrade_that_is_refused() -> None:
    talk = Talk()
    talk.client(
        request(b"{}", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings") + request(b"{}", path="/b")
    )
    talk.server(response(b"") + response(b""))
    assert [one.path for one in talk.told().exchanges] == ["/mcp", "/b"]


def test_a_tunnel_that_is_granted_hides_what_follows() -> None:
    """RFC 9110, 9.3.6: after the 200, the bytes are another protocol's."""
    talk = Talk()
    talk.client(b"CONNECT b.example:443 HTTP/1.1\r\nHost: b.example:443\r\n\r\n")
    talk.server(b"HTTP/1.1 200 OK\r\n\r\n")
    talk.client(b"GET /in-the-tunnel HTTP/1.1\r\nHost: b.example\r\n\r\n")
    (one,) = talk.told().exchanges
    assert (one.method, one.status, one.response_body_bytes) == ("CONNECT", 200, 0)


def test_a_tunnel_that_is_refused_leaves_the_protocol_as_it_was() -> None:
    talk = Talk()
    talk.client(b"CONNECT b.example:443 HTTP/1.1\r\nHost: b.example:443\r\n\r\n")
    talk.server(response(b"no", status="407 Proxy Authentication Required"))
    talk.client(request(b"{}", path="/b"))
    talk.server(response(b"yes"))
    assert [(one.method, one.status, one.response_body_bytes) for one in talk.told().exchanges] == [
        ("CONNECT", 407, 2),
        ("POST", 200, 3),
    ]


@pytest.mark.parametrize(("announced", "whole"), [(False, True), (True, False)])
def test_a_body_that_ends_with_the_stream(announced: bool, whole: bool) -> None:
    """RFC 9112, 6.3: without a length the end of the connection is the body's."""
    talk = Talk()
    talk.client(request(b"{}"))
    length = b"Content-Length: 50\r\n" if announced else b""
    talk.server(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + length + b"\r\nhello")
    (one,) = talk.told().exchanges
    body = one.response_body
    assert body is not None
    assert (one.response_body_bytes, body.complete) == (5, whole)


def test_streams_of_http2() -> None:
    talk = Talk()
    client, server = hpack.Encoder(), hpack.Encoder()
    talk.server(SettingsFrame(0).serialize())
    head = [(":method", "POST"), (":path", "/mcp"), (":authority", "x"), ("content-type", "application/json")]
    body = dumped(INITIALIZE)
    opening = PREFACE + SettingsFrame(0).serialize()
    opening += HeadersFrame(1, client.encode(head), flags=["END_HEADERS"]).serialize()
    talk.client(opening[:50])
    talk.client(opening[50:])
    talk.client(DataFrame(1, body, flags=["END_STREAM"]).serialize())
    talk.client(
        HeadersFrame(
            3, client.encode([(":method", "GET"), (":path", "/e")]), flags=["END_HEADERS", "END_STREAM"]
        ).serialize()
    )
    events = HeadersFrame(
        3, server.encode([(":status", "200"), ("content-type", "text/event-stream")]), flags=["END_HEADERS"]
    ).serialize()
    answer = HeadersFrame(1, server.encode([(":status", "200")]), flags=["END_HEADERS"]).serialize()
    talk.server(events + answer)
    talk.server(DataFrame(3, b"data: " + dumped(RESULT) + b"\n\n").serialize())
    talk.server(DataFrame(1, dumped(RESULT), flags=["END_STREAM"]).serialize())
    one = talk.told()
    first, second = one.exchanges
    assert (first.stream, first.host, first.frame, first.request_frames, first.response_frame) == (
        1,
        "x",
        3,
        (2, 3, 4),
        6,
    )
    assert (second.stream, second.path, second.response_frames) == (3, "/e", (6, 7))
    assert [event.frames for event in one.events] == [(7,)]
    assert talk.streams.protocol == "h2"


def test_what_else_travels_in_http2() -> None:
    """A header block in two frames, a provisional answer, a push that nobody asked for, trailers."""
    talk = Talk()
    client, server = hpack.Encoder(), hpack.Encoder()
    block = client.encode([(":method", "GET"), (":path", "/a"), ("x-long", "y" * 200)])
    talk.client(PREFACE[:10])
    talk.client(PREFACE[10:] + SettingsFrame(0).serialize()[:5])
    talk.client(SettingsFrame(0).serialize()[5:])
    talk.client(HeadersFrame(1, block[:20], flags=["END_STREAM"]).serialize())
    talk.client(ContinuationFrame(1, block[20:], flags=["END_HEADERS"]).serialize())
    promised = server.encode([(":method", "GET"), (":path", "/pushed")])
    talk.server(
        SettingsFrame(0).serialize()
        + HeadersFrame(1, server.encode([(":status", "103")]), flags=["END_HEADERS"]).serialize()
        + PushPromiseFrame(1, 2, promised, flags=["END_HEADERS"]).serialize()
        + DataFrame(7, b"of a stream that nobody opened", flags=["END_STREAM"]).serialize()
        + HeadersFrame(1, server.encode([(":status", "200")]), flags=["END_HEADERS"]).serialize()
        + DataFrame(1, b"hello").serialize()
    )
    trailers = server.encode([("x-sum", "1")])
    talk.server(HeadersFrame(1, trailers, flags=["END_HEADERS", "END_STREAM"]).serialize())

    (one,) = talk.told().exchanges
    assert (one.method, one.path, one.provisional_status, one.status) == ("GET", "/a", 103, 200)
    assert (one.request_frames, one.response_frames, one.response_body_bytes) == ((4, 5), (6, 7), 5)


def test_a_header_block_of_http2_that_does_not_end() -> None:
    talk = Talk()
    talk.client(PREFACE + HeadersFrame(1, b"").serialize())
    for _ in range(20):
        talk.client(ContinuationFrame(1, bytes(16_000)).serialize())
    assert talk.streams.unread is not None
    assert "longer than any should be" in talk.streams.unread


class Http3Talk:
    """QUIC streams of both sides, with their encoders for header blocks."""

    def __init__(self) -> None:
        self.reader = Http3Reader()
        self.encoders = {True: pylsqpack.Encoder(), False: pylsqpack.Encoder()}
        self.frame = 0
        self.said(2, b"\x00\x04\x00")

    def said(self, stream: int, data: bytes, *, from_client: bool = True, ends: bool = False) -> None:
        self.frame += 1
        piece = Piece(self.frame, self.frame * 1_000_000, data)
        self.reader.feed(stream, piece, from_client=from_client, ends=ends)

    def headers(self, *pairs: tuple[bytes, bytes], from_client: bool = True, stream: int = 0) -> bytes:
        _, block = self.encoders[from_client].encode(stream, list(pairs))
        return frame3(1, block)

    def told(self) -> Told:
        frames, sizes = FrameList(), {True: 0, False: 0}
        reader = self.reader
        return told(Found(frames, frames, reader.protocol, sizes, reader.unread, reader.records))


def test_what_else_travels_in_http3() -> None:
    """A provisional answer, trailers, other kinds of frames, data before headers, a stream of no request."""
    talk = Http3Talk()
    talk.said(0, talk.headers((b":method", b"GET"), (b":path", b"/a")), ends=True)
    talk.said(1, b"a stream that a server may not open", from_client=False)
    talk.said(6, b"")
    talk.said(6, b"\x40")
    talk.said(6, b"\x54 a push or something to come")
    talk.said(4, frame3(0, b"data without headers"), ends=True)
    answer = talk.headers((b":status", b"103"), from_client=False) + frame3(0x21, b"to grease")
    answer += talk.headers((b":status", b"200"), from_client=False) + frame3(0, b"hello")
    talk.said(0, answer + talk.headers((b"x-sum", b"1"), from_client=False), from_client=False)
    talk.said(0, b"", from_client=False, ends=True)

    (one,) = talk.told().exchanges
    assert (one.method, one.path, one.provisional_status, one.status) == ("GET", "/a", 103, 200)
    assert (one.response_frames, one.response_body_bytes) == ((8,), 5)
    assert talk.reader.unread is None


def test_header_blocks_of_http3_that_wait_for_their_table() -> None:
    """The encoder's stream comes after the block that needs it (RFC 9204, 2.1.2)."""
    talk = Http3Talk()
    encoder = pylsqpack.Encoder()
    table = encoder.apply_settings(4096, 16)
    seen = [(b":method", b"GET"), (b":path", b"/seen"), (b"x-name", b"value")]
    before, first = encoder.encode(0, seen)
    again, second = encoder.encode(4, seen)
    talk.said(6, b"\x02" + table)
    talk.said(0, frame3(1, first), ends=True)
    talk.said(4, frame3(1, second), ends=True)
    assert len(talk.told().exchanges) < 2
    talk.said(6, before + again)
    assert [one.path for one in talk.told().exchanges] == ["/seen", "/seen"]


@pytest.mark.parametrize(
    "noise",
    [frame3(1, b"\xff" * 40), b"\x01\xc0\x00\x00\x00\x7f\xff\xff\xff", b"\x00\x05hello"],
    ids=["no header block", "a frame of 2 GB", "no header first"],
)
def test_noise_in_http3(noise: bytes) -> None:
    reader = Http3Reader()
    reader.feed(0, Piece(1, 1, noise), from_client=True, ends=True)
    assert reader.records == []


def test_streams_of_http3() -> None:
    reader = Http3Reader()
    encoders = {True: pylsqpack.Encoder(), False: pylsqpack.Encoder()}

    def said(stream: int, data: bytes, *, from_client: bool, frame: int, ends: bool = False) -> None:
        reader.feed(stream, Piece(frame, frame * 1_000_000, data), from_client=from_client, ends=ends)

    said(2, b"\x00\x04\x00", from_client=True, frame=1)
    _, block = encoders[True].encode(0, [(b":method", b"POST"), (b":path", b"/mcp"), (b":authority", b"x")])
    body = dumped(INITIALIZE)
    whole = frame3(1, block) + frame3(0, body)
    said(0, whole[:10], from_client=True, frame=2)
    said(0, whole[10:], from_client=True, frame=3, ends=True)
    _, block = encoders[False].encode(0, [(b":status", b"200")])
    said(0, frame3(1, block) + frame3(0, dumped(RESULT)), from_client=False, frame=4, ends=True)
    found = Found(
        FrameList(), FrameList(), reader.protocol, {True: 0, False: 0}, reader.unread, reader.records
    )
    one = told(found)
    (exchange,) = one.exchanges
    assert (exchange.version, exchange.method, exchange.path, exchange.host, exchange.status) == (
        "3",
        "POST",
        "/mcp",
        "x",
        200,
    )
    assert exchange.request_frames == (2, 3)
    assert [message.kind for message in rpc_in(one).messages] == ["request", "result"]


@pytest.mark.parametrize(
    "noise",
    [
        b"\x00" * 3000,
        b"GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        PREFACE + b"\xff" * 500,
        b"SSH-2.0-x\r\n",
    ],
)
def test_noise_is_no_end_of_the_report(noise: bytes) -> None:
    talk = Talk()
    talk.client(noise)
    talk.server(noise)
    assert talk.told().texts == []


def test_json_rpc_in_plain_http(recording: Recording) -> None:
    talk = recording.talk(server_port=8080).established()
    asked = request(dumped(INITIALIZE))
    first = talk.client.data(asked[:100])
    second = talk.client.data(asked[100:])
    answered = talk.server.data(response(dumped(RESULT), "Content-Type: application/json"))
    talk.closed()
    report = recording.report()
    (connection,) = report.connections
    assert connection.rpc is not None
    assert [one.frames for one in connection.rpc.messages] == [
        (first.number, second.number),
        (answered.number,),
    ]
    assert [one.basis for one in connection.rpc.messages] == ["read", "read"]
    body = report.http[0].request_body
    assert body is not None
    assert body.shape == "object: jsonrpc, id, method, params"
    assert not report.http[0].decrypted


@pytest.mark.parametrize("version", ["1", "2", "3"])
def test_exchanges_beyond_the_bound_are_counted(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr({"1": http1, "2": http2, "3": http3}[version], "_EXCHANGES", 2)
    asked = [(":method", "GET"), (":path", "/a")]
    if version == "3":
        quic = Http3Talk()
        for stream in (0, 4, 8):
            pairs = [(name.encode(), value.encode()) for name, value in asked]
            quic.said(stream, quic.headers(*pairs, stream=stream), ends=True)
        assert (len(quic.reader.records), quic.reader.omitted) == (2, 1)
        return
    talk = Talk()
    encoder = hpack.Encoder()
    if version == "2":
        talk.client(PREFACE + SettingsFrame(0).serialize())
        for stream in (1, 3, 5):
            block = encoder.encode(asked)
            talk.client(HeadersFrame(stream, block, flags=["END_HEADERS", "END_STREAM"]).serialize())
    else:
        talk.client(request(b"{}") * 3)
    found = found_in(talk.streams, FrameList(), FrameList())
    assert (len(found.records), found.omitted) == (2, 1)


def test_events_beyond_the_bound_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_EVENTS_LISTED", 2)
    talk = Talk()
    talk.client(request(b"{}"))
    events = b"".join(b"data: %d\n\n" % number for number in range(5))
    talk.server(response(events, "Content-Type: text/event-stream"))
    one = talk.told()
    assert (len(one.events), one.events_omitted) == (2, 3)
