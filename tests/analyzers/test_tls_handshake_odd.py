"""The TLS handshake in segments, tried again, refused, and seen from one side only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dialogue import tls
from tests.dialogue.sessions import tls12, tls13
from tests.dialogue.told import told

if TYPE_CHECKING:
    from pcap_report.model.tls import TlsHandshake
    from tests.dialogue.recording import Recording


def handshake(recording: Recording) -> TlsHandshake:
    found = recording.connection().tls_handshake
    assert found is not None
    return found


def test_a_client_hello_in_three_segments(recording: Recording) -> None:
    client, server = recording.talk().established()
    hello = tls.client_hello(more=(tls.extension(21, bytes(3000)),))
    client.data(hello[:1400])
    client.data(hello[1400:2800])
    client.data(hello[2800:])
    server.ack()
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))

    found = handshake(recording)
    assert found.client_hello is not None
    assert (found.client_hello.frame, found.client_hello.frames) == (6, (4, 5, 6))
    assert (found.client_hello.ack_frame, found.client_hello.acked_with) == (7, len(hello) + 1)
    assert found.sni == "www.example.org"
    assert told(recording.connection(), "tls_handshake")["client_hello.segments"] == (4, 5, 6)


def test_the_servers_flight_in_segments(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    flight = tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(3000)
    server.data(flight[:1400])
    server.data(flight[1400:2800])
    server.data(flight[2800:])
    client.data(tls.change_cipher_spec() + tls.finished13())

    found = handshake(recording)
    flight_found = found.server_flight
    assert flight_found is not None
    assert (flight_found.frames, flight_found.segments, flight_found.reassembled_in) == ((5, 6, 7), (6,), 7)
    assert flight_found.byte_count == len(flight)
    assert (found.encrypted_from_frame, found.client_finished_frame) == (7, 8)


def test_hello_retry_request(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.data(tls.hello_retry_request(group=tls.P384) + tls.change_cipher_spec())
    client.data(tls.change_cipher_spec() + tls.client_hello(key_shares=(tls.P384,)))
    server.data(tls.server_hello(key_share=tls.P384) + tls.encrypted(900))
    client.data(tls.finished13())

    found = handshake(recording)
    retry = found.hello_retry_request
    assert retry is not None
    assert (retry.frame, retry.group, retry.second_client_hello_frame) == (5, "secp384r1", 6)
    assert found.client_hello is not None
    assert found.server_hello is not None
    assert (found.client_hello.frame, found.server_hello.frame) == (4, 7)
    assert (found.outcome, found.client_finished_frame) == ("complete", 8)
    assert (
        found.encrypted_from_frame == 7
    )  # the second ClientHello follows a ChangeCipherSpec without meaning
    assert told(recording.connection(), "tls_handshake")["hello_retry_request"] == (5,)


def test_grease_is_left_out(recording: Recording) -> None:
    grease = tls.GREASE
    client, _ = recording.talk().established()
    client.data(
        tls.client_hello(
            versions=(grease, tls.TLS13),
            suites=(grease, tls.AES_128_GCM),
            groups=(grease, tls.X25519),
            key_shares=(grease, tls.X25519),
            more=(tls.extension(grease),),
        )
    )

    hello = handshake(recording).client_hello
    assert hello is not None
    assert hello.supported_versions == ("TLS 1.3",)
    assert hello.cipher_suites == ("TLS_AES_128_GCM_SHA256",)
    assert (hello.groups, hello.key_share_groups) == (("x25519",), ("x25519",))
    assert grease not in hello.extensions


def test_without_sni_and_alpn(recording: Recording) -> None:
    client, _ = recording.talk().established()
    client.data(tls.client_hello(sni=None, alpn=()))

    found = handshake(recording)
    assert found.client_hello is not None
    assert (found.sni, found.client_hello.alpn) == (None, ())
    assert found.client_hello.ja4 is not None
    assert found.client_hello.ja4.startswith("t13i0305" + "00_")


def test_a_fatal_alert_in_the_open(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.data(tls.alert(2, 40))
    server.fin()

    found = handshake(recording)
    (alert,) = found.alerts
    assert (alert.frame, alert.sender, alert.level, alert.description) == (
        5,
        "server",
        "fatal",
        "handshake_failure",
    )
    assert (found.outcome, found.server_hello) == ("failed", None)
    assert told(recording.connection(), "tls_handshake")["alert.1"] == (5,)


def test_an_encrypted_alert_has_no_name(recording: Recording) -> None:
    client, _ = tls12(recording.talk())
    client.data(tls.encrypted_alert())

    found = handshake(recording)
    (alert,) = found.alerts
    assert (alert.frame, alert.sender, alert.level, alert.description) == (8, "client", None, None)
    assert found.outcome == "complete"


def test_on_any_port(recording: Recording) -> None:
    tls13(recording.talk(server_port=22022))
    assert handshake(recording).version == "TLS 1.3"


def test_only_the_servers_side(recording: Recording) -> None:
    tls13(recording.talk())
    recording.only("server")

    found = handshake(recording)
    assert (found.client_hello, found.sni) == (None, None)
    assert (found.version, found.outcome) == ("TLS 1.3", "incomplete")


def test_only_the_clients_side(recording: Recording) -> None:
    tls13(recording.talk())
    recording.only("client")

    found = handshake(recording)
    assert (found.server_hello, found.version, found.resumed) == (None, None, None)
    assert found.sni == "www.example.org"
    assert found.outcome == "incomplete"


def test_no_tls(recording: Recording) -> None:
    client, _ = recording.talk(server_port=9999).established()
    client.data(b"hello")
    assert recording.connection().tls_handshake is None


def test_a_client_hello_sent_again(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    recording.after(ms=300)
    client.again()
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))
    client.data(tls.change_cipher_spec() + tls.finished13())

    found = handshake(recording)
    assert found.client_hello is not None
    assert (found.client_hello.frame, found.hello_retry_request, found.outcome) == (4, None, "complete")


def test_segments_of_a_client_hello_in_the_wrong_order(recording: Recording) -> None:
    """Without reassembly out of order tshark sees no hello; nothing wrong may be said in its place."""
    client, server = recording.talk().established()
    hello = tls.client_hello(more=(tls.extension(21, bytes(2000)),))
    client.data(hello[:1400])
    client.data(hello[1400:])
    recording.reordered()
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))

    found = handshake(recording)
    assert found.server_hello is not None
    assert found.client_hello is None or found.client_hello.frames == (4, 5)
