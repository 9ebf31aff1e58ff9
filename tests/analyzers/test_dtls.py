"""DTLS: sessions of two ends, cookies, fragments, ids, and what tshark does not take apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.engine import analyze
from tests.dialogue import dtls, tls
from tests.dialogue.dtls import CLIENT_HELLO, HELLO_VERIFY_REQUEST, SERVER_HELLO, DtlsEnd, DtlsTalk
from tests.dialogue.told import told

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.connection import Connection
    from pcap_report.model.dtls import Dtls
    from pcap_report.model.tls import TlsHandshake
    from tests.dialogue.recording import Frame, Recording

COOKIE = b"address proved"
FINISHED13 = 12 + 48 + 1 + 16
"""With SHA-384: header, hash, content type, tag."""


def dtls_of(connection: Connection) -> Dtls:
    assert connection.dtls is not None
    return connection.dtls


def handshake_of(connection: Connection) -> TlsHandshake:
    assert connection.tls_handshake is not None
    return connection.tls_handshake


def hello(client: DtlsEnd, number: int = 0, cookie: bytes = b"") -> Frame:
    return client.sends(client.record(dtls.message(CLIENT_HELLO, dtls.client_hello(cookie=cookie), number)))


def finish(end: DtlsEnd) -> Frame:
    """ChangeCipherSpec, and the first record under the new keys."""
    return end.sends(end.record(b"\x01", 20), end.record(bytes(40), epoch=1))


def shaken12(client: DtlsEnd, server: DtlsEnd) -> tuple[Frame, Frame, Frame, Frame, Frame, Frame]:
    first = hello(client)
    asked = server.sends(server.record(dtls.message(HELLO_VERIFY_REQUEST, dtls.hello_verify_request(COOKIE))))
    second = hello(client, 1, cookie=COOKIE)
    answer = server.sends(server.record(dtls.message(SERVER_HELLO, dtls.server_hello(), 1)))
    done = finish(client)
    return first, asked, second, answer, done, finish(server)


def test_a_handshake_with_a_cookie(recording: Recording) -> None:
    first, asked, second, answer, done, last = shaken12(*DtlsTalk(recording))

    found = recording.connection()
    handshake, request = handshake_of(found), dtls_of(found).hello_verify_request
    assert (found.protocol, found.display_filter, found.orientation) == ("dtls", "udp.stream == 0", "tls")
    assert (found.conn_state, found.history) == ("SF", "Dd")
    assert request is not None
    assert (request.frame, request.cookie_length, request.second_client_hello_frame) == (
        asked.number,
        len(COOKIE),
        second.number,
    )
    assert handshake.client_hello is not None
    assert handshake.server_hello is not None
    assert (handshake.client_hello.frame, handshake.server_hello.frame) == (first.number, answer.number)
    assert (handshake.version, handshake.sni, handshake.outcome) == ("DTLS 1.2", "dtls.example", "complete")
    assert handshake.client_hello.ja4 is not None
    assert handshake.client_hello.ja4.startswith("dd2d")
    assert (handshake.client_change_cipher_spec_frame, handshake.server_change_cipher_spec_frame) == (
        done.number,
        last.number,
    )
    assert handshake.client_finished_frame == handshake.encrypted_from_frame == done.number
    assert dtls_of(found).repeated_hellos == ()
    assert told(found, "dtls")["hello_verify_request"] == (asked.number,)


def test_application_data_in_bursts(recording: Recording) -> None:
    client, server = DtlsTalk(recording)
    shaken12(client, server)
    request = client.sends(client.record(bytes(100), 23, epoch=1))
    recording.after(ms=30)
    answer = server.sends(server.record(bytes(200), 23, epoch=1), server.record(bytes(50), 23, epoch=1))

    found = recording.connection().app_data
    assert found is not None
    assert [(one.frames, one.records, one.bytes) for one in found.bursts] == [
        ((request.number,), 1, 100),
        ((answer.number,), 2, 250),
    ]
    assert found.exchanges[0].latency_ms == pytest.approx(31)


def test_a_hello_in_fragments(recording: Recording) -> None:
    client, server = DtlsTalk(recording)
    body = dtls.client_hello()
    one = client.sends(client.record(dtls.fragment(CLIENT_HELLO, body, 0, 0, 60)))
    two = client.sends(client.record(dtls.fragment(CLIENT_HELLO, body, 0, 60, len(body) - 60)))
    server.sends(server.record(dtls.message(SERVER_HELLO, dtls.server_hello())))

    found = recording.connection()
    first = handshake_of(found).client_hello
    assert first is not None
    assert (first.frames, first.sni) == ((one.number, two.number), "dtls.example")
    assert dtls_of(found).fragmented_messages == 1


def test_hellos_without_an_answer(recording: Recording) -> None:
    client, _ = DtlsTalk(recording)
    hello(client)
    again = [hello(client) for _ in range(2)]

    found = recording.connection()
    assert (found.conn_state, found.history) == ("S0", "D")
    assert dtls_of(found).repeated_hellos == tuple(one.number for one in again)
    assert handshake_of(found).outcome == "incomplete"


def test_a_fatal_alert(recording: Recording) -> None:
    client, server = DtlsTalk(recording)
    hello(client)
    refused = server.sends(server.record(bytes((2, 40)), 21))

    handshake = handshake_of(recording.connection())
    (alert,) = handshake.alerts
    assert (alert.frame, alert.sender, alert.level, alert.description) == (
        refused.number,
        "server",
        "fatal",
        "handshake_failure",
    )
    assert handshake.outcome == "failed"


def test_version_13_and_its_sealed_records(recording: Recording) -> None:
    client, server = DtlsTalk(recording)
    offers = dtls.client_hello(versions=(dtls.DTLS13, dtls.DTLS12))
    client.sends(client.record(dtls.message(CLIENT_HELLO, offers)))
    answer = dtls.server_hello(suite=tls.AES_256_GCM, version=dtls.DTLS13)
    server.sends(server.record(dtls.message(SERVER_HELLO, answer)))
    sealed = server.sends(dtls.ciphertext13(900))
    done = client.sends(dtls.ciphertext13(FINISHED13))
    server.sends(dtls.ciphertext13(40))

    found = recording.connection()
    handshake = handshake_of(found)
    assert handshake.client_hello is not None
    assert handshake.client_hello.supported_versions == ("DTLS 1.3", "DTLS 1.2")
    assert (handshake.version, handshake.cipher_suite) == ("DTLS 1.3", "TLS_AES_256_GCM_SHA384")
    assert (handshake.encrypted_from_frame, handshake.client_finished_frame) == (sealed.number, done.number)
    assert handshake.client_hello.ja4 is not None
    assert handshake.client_hello.ja4.startswith("dd3d")
    assert (dtls_of(found).undissected.client, dtls_of(found).undissected.server) == (1, 2)
    assert found.packets == 5


def test_connection_ids(recording: Recording) -> None:
    client, _ = DtlsTalk(recording)
    body = dtls.client_hello(more=[dtls.connection_id(b"\x01\x02\x03")])
    first = client.sends(client.record(dtls.message(CLIENT_HELLO, body)))

    found = dtls_of(recording.connection())
    assert found.client_connection_id is not None
    assert (found.client_connection_id.frame, found.client_connection_id.id) == (first.number, "010203")
    assert found.server_connection_id is None


def test_what_the_two_ends_said_before(recording: Recording) -> None:
    client, server = DtlsTalk(recording)
    binding = b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12)
    server.sends(binding)
    hello(client)

    found = recording.connection()
    assert (found.first_frame, found.packets, found.history) == (1, 2, "dD")
    assert (found.client.port, found.client_packets, found.server_packets) == (50000, 1, 1)


def test_no_dtls_no_record(recording: Recording) -> None:
    recording.talk().established().closed()
    recording.resolver().asks("www.example.org")
    assert recording.connection().dtls is None


def test_as_zeek_has_it_with_version_10(captures_dir: Path) -> None:
    (found,) = analyze(captures_dir / "dtls" / "zeek-webrtc-stun.pcap").connections
    handshake = handshake_of(found)
    assert (found.packets, found.client.ip) == (14, "74.201.205.9")
    assert (handshake.version, handshake.cipher_suite) == ("DTLS 1.0", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA")
    assert (handshake.resumed, handshake.outcome) == (False, "complete")
    assert [(one.sender, one.subject) for one in handshake.certificates] == [
        ("server", "CN=a"),
        ("client", "CN=mantis.tokbox.com,O=Tokbox,L=San Francisco,ST=California,C=US"),
    ]


def test_as_zeek_has_it_with_version_13(captures_dir: Path) -> None:
    named = ["zeek-dtls13-wolfssl.pcap", "zeek-dtls13-cid.pcap"]
    found = [one for name in named for one in analyze(captures_dir / "dtls" / name).connections]
    told_of = {
        one.client.port: (
            handshake_of(one).version,
            handshake_of(one).cipher_suite,
            handshake_of(one).outcome,
        )
        for one in found
    }
    agreed = ("DTLS 1.3", "TLS_AES_128_GCM_SHA256", "complete")
    unanswered = (None, None, "incomplete")
    assert told_of == {
        33714: agreed,
        57488: agreed,
        47904: agreed,
        52232: unanswered,
        56544: unanswered,
        58771: unanswered,
    }
    retried = [handshake_of(one).hello_retry_request is not None for one in found if one.server_packets]
    assert retried == [True, True, True]
    ids = {one.client.port: dtls_of(one).client_connection_id for one in found}
    assert ids[57488] is not None
    assert bytes.fromhex(ids[57488].id) == b"I am a client CID"
