"""The TLS handshake: offers, choice, and from where on everything is encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialogue import tls
from tests.dialogue.sessions import tls12, tls13

if TYPE_CHECKING:
    from pcap_report.model.tls import TlsHandshake
    from tests.dialogue.recording import Recording


def handshake(recording: Recording) -> TlsHandshake:
    found = recording.connection().tls_handshake
    assert found is not None
    return found


def test_tls13(recording: Recording) -> None:
    tls13(recording.talk())

    found = handshake(recording)
    assert (found.version, found.cipher_suite, found.outcome) == (
        "TLS 1.3",
        "TLS_AES_256_GCM_SHA384",
        "complete",
    )
    assert (found.sni, found.alpn, found.resumed, found.hello_retry_request) == (
        "www.example.org",
        None,
        False,
        None,
    )
    assert (found.server_change_cipher_spec_frame, found.client_change_cipher_spec_frame) == (5, 6)
    assert (found.encrypted_from_frame, found.client_finished_frame) == (5, 6)
    assert found.duration_ms == pytest.approx(2)
    assert (found.alerts, found.certificates) == ((), ())


def test_the_client_hello(recording: Recording) -> None:
    tls13(recording.talk())

    hello = handshake(recording).client_hello
    assert hello is not None
    assert (hello.frame, hello.frames) == (4, (4,))
    assert (hello.record_version, hello.legacy_version) == ("TLS 1.0", "TLS 1.2")
    assert hello.supported_versions == ("TLS 1.3", "TLS 1.2")
    assert hello.cipher_suites == (
        "TLS_AES_256_GCM_SHA384",
        "TLS_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    )
    assert (hello.groups, hello.key_share_groups) == (("x25519", "secp256r1"), ("x25519",))
    assert hello.alpn == ("h2", "http/1.1")
    assert (hello.random, hello.session_id) == (tls.RANDOM.hex(), tls.SESSION.hex())
    assert hello.length == len(tls.client_hello()) - 9
    assert hello.extensions == (0, 10, 11, 16, 13, 43, 51)


def test_the_server_hello(recording: Recording) -> None:
    tls13(recording.talk())

    answer = handshake(recording).server_hello
    assert answer is not None
    assert (answer.frame, answer.version, answer.cipher_suite) == (5, "TLS 1.3", "TLS_AES_256_GCM_SHA384")
    assert (answer.key_share_group, answer.legacy_version) == ("x25519", "TLS 1.2")
    assert (answer.random, answer.session_id) == (tls.RANDOM[::-1].hex(), tls.SESSION.hex())


def test_tls12(recording: Recording) -> None:
    tls12(recording.talk())

    found = handshake(recording)
    assert (found.version, found.cipher_suite) == ("TLS 1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
    assert (found.outcome, found.resumed) == ("complete", False)
    assert (found.client_change_cipher_spec_frame, found.server_change_cipher_spec_frame) == (6, 7)
    assert (found.client_finished_frame, found.encrypted_from_frame) == (6, 6)
    hello = found.client_hello
    assert hello is not None
    assert hello.supported_versions == ("TLS 1.2",)
    assert hello.key_share_groups == ()


def test_tls12_shows_from_where_each_side_encrypts(recording: Recording) -> None:
    tls12(recording.talk())

    steps = [step for step in recording.connection().steps if step.phase == "tls_handshake"]
    assert [step.frames for step in steps[-3:]] == [(6,), (7,), (7,)]
    assert steps[-2].direction == "server_to_client"
    assert steps[-1].label[0].args == {"client": 6, "server": 7}


def test_pieces_of_a_record_are_whole_before_the_end_of_the_flight(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.data(tls.client_hello(versions=()))
    first = tls.server_hello(version=tls.TLS12, suite=tls.ECDHE_RSA_AES_256_GCM)
    chain, done = tls.certificate12(b"\x30\x00" * 900), tls.server_hello_done()
    talk.server.data(first + chain[:600])
    talk.server.data(chain[600:1200])
    talk.server.data(chain[1200:] + done[:2])
    talk.server.data(done[2:])

    flight = handshake(recording).server_flight
    assert flight is not None
    assert (flight.frames, flight.segments, flight.reassembled_in) == ((5, 6, 7, 8), (6,), 7)


def test_tls12_selected_alpn_is_visible(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.data(tls.client_hello(versions=()))
    talk.server.data(
        tls.server_hello(version=tls.TLS12, suite=tls.ECDHE_RSA_AES_256_GCM, alpn="h2")
        + tls.server_hello_done()
    )

    found = handshake(recording)
    assert (found.alpn, found.outcome) == ("h2", "incomplete")


def test_tls12_resumed(recording: Recording) -> None:
    """The server goes to its ChangeCipherSpec without a certificate (RFC 5246, 7.3)."""
    talk = recording.talk().established()
    talk.client.data(tls.client_hello(versions=()))
    talk.server.data(
        tls.server_hello(version=tls.TLS12, suite=tls.ECDHE_RSA_AES_256_GCM)
        + tls.change_cipher_spec()
        + tls.finished12()
    )
    talk.client.data(tls.change_cipher_spec() + tls.finished12())

    found = handshake(recording)
    assert (found.resumed, found.outcome) == (True, "complete")
    assert (found.encrypted_from_frame, found.client_finished_frame) == (5, 6)


def test_tls13_resumed(recording: Recording) -> None:
    talk = recording.talk().established()
    psk = tls.extension(41, b"\0\x06\0\0\0\0\0\0\0\x21\x20" + bytes(32))
    talk.client.data(tls.client_hello(more=(tls.extension(45, b"\1\1"), psk)))
    talk.server.data(tls.server_hello(resumed=True) + tls.change_cipher_spec() + tls.encrypted(80))
    talk.client.data(tls.change_cipher_spec() + tls.finished13())

    assert handshake(recording).resumed is True


def test_early_data_offered(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.data(tls.client_hello(more=(tls.extension(42),)))

    assert handshake(recording).early_data_offered
    assert handshake(recording).outcome == "incomplete"
