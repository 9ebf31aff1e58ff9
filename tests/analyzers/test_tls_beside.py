"""What stands beside the hellos: times of arrows, a flight that comes twice, certificates, renegotiation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dialogue import tls
from tests.dialogue.sessions import tls12
from tests.dialogue.told import text_of, told

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from tests.dialogue.recording import Recording

HANDSHAKE = 22
CERTIFICATE_REQUEST = 13


def arrow_times(connection: Connection) -> dict[int, float]:
    return {step.frames[0]: step.time_s for step in connection.steps if step.kind == "arrow"}


def test_each_arrow_has_the_time_of_its_own_frame(recording: Recording) -> None:
    talk = recording.talk()
    talk.established()
    for sender, payload in (
        (talk.client, tls.client_hello(versions=())),
        (talk.server, tls.server_hello(version=tls.TLS12, suite=tls.ECDHE_RSA_AES_256_GCM)),
        (talk.client, tls.client_key_exchange() + tls.change_cipher_spec() + tls.finished12()),
        (talk.server, tls.change_cipher_spec() + tls.finished12()),
    ):
        talk.after(ms=100)
        sender.data(payload)

    times = arrow_times(recording.connection())
    assert {frame: round(times[frame], 1) for frame in (4, 5, 6, 7)} == {4: 0.1, 5: 0.2, 6: 0.3, 7: 0.4}


def test_a_flight_that_comes_twice_is_counted_once(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello(versions=()))
    flight = tls.server_hello(version=tls.TLS12, suite=tls.ECDHE_RSA_AES_256_GCM) + tls.server_hello_done()
    server.data(flight)
    server.again()

    found = recording.connection().tls_handshake
    assert found is not None
    assert found.server_flight is not None
    assert (found.server_flight.frames, found.server_flight.byte_count) == ((5,), len(flight))


def test_a_second_handshake_is_told(recording: Recording) -> None:
    talk = tls12(recording.talk())
    talk.client.data(tls.record(HANDSHAKE, bytes(160)))
    talk.server.data(tls.record(HANDSHAKE, bytes(700)))
    talk.client.data(tls.change_cipher_spec() + tls.finished12())
    talk.server.data(tls.change_cipher_spec() + tls.finished12())

    connection = recording.connection()
    assert told(connection, "tls_handshake")["renegotiation"] == (8, 9, 10, 11)
    assert "the client begins" in text_of(connection, "tls_handshake.renegotiation")


def test_a_client_without_a_certificate(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello(versions=()))
    request = tls.handshake(CERTIFICATE_REQUEST, b"\x01\x01\x00\x02\x04\x01\x00\x00")
    server.data(
        tls.server_hello(version=tls.TLS12, suite=tls.ECDHE_RSA_AES_256_GCM)
        + tls.certificate12(b"\x30\x00")
        + request
        + tls.server_hello_done()
    )
    client.data(tls.certificate12() + tls.client_key_exchange() + tls.change_cipher_spec() + tls.finished12())

    connection = recording.connection()
    assert told(connection, "tls_handshake")["client_authentication"] == (5,)
    assert "no certificate to show" in text_of(connection, "tls_handshake.client_certificate")


def test_the_highest_version_is_no_list(recording: Recording) -> None:
    tls12(recording.talk())
    assert "up to TLS 1.2" in text_of(recording.connection(), "tls_handshake.offered_versions")


def test_a_failed_handshake_hides_no_data(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.data(tls.alert(2, 70))

    limits = [one.what for one in recording.report().not_visible]
    assert "The content of the application data" not in limits


def test_a_client_that_sends_an_encrypted_alert_has_not_finished(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))
    client.data(tls.change_cipher_spec() + tls.close_notify13())
    client.fin()

    found = recording.connection().tls_handshake
    assert found is not None
    assert (found.outcome, found.client_finished_frame) == ("failed", None)
    assert [(one.frame, one.sender, one.description) for one in found.alerts] == [(6, "client", None)]


def test_a_reset_in_reply_to_the_client_hello(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.rst()

    report = recording.report()
    tls_handshake = report.connections[0].tls_handshake
    assert tls_handshake is not None
    assert tls_handshake.outcome == "failed"
    assert "tls.handshake_failed" in [one.id for one in report.findings]


def test_a_server_that_speaks_no_tls(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.data(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    client.fin()

    report = recording.report()
    found = report.connections[0].tls_handshake
    assert found is not None
    assert (found.outcome, found.plain_answer_frame) == ("failed", 5)
    assert told(report.connections[0], "tls_handshake")["plain_answer"] == (5,)
    assert [one.frames for one in report.findings if one.id == "tls.handshake_failed"] == [(5,)]


def test_a_piece_of_a_server_hello_is_tls(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.data((tls.server_hello() + tls.encrypted(900))[:60])

    found = recording.connection().tls_handshake
    assert found is not None
    assert (found.outcome, found.plain_answer_frame) == ("incomplete", None)
