"""The first paragraph of a report, where things went wrong or are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.render.markdown import render_markdown
from tests.dialogue import tls
from tests.dialogue.sessions import tls12

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording


def summary(recording: Recording) -> str:
    text = render_markdown(recording.report())
    return text[text.index("## 1.") : text.index("## 2.")]


def test_a_handshake_that_fails_names_its_alert(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.data(tls.alert(2, 70))

    assert "the server ends it with the alert `protocol_version` (frame 5)" in summary(recording)


def test_a_handshake_that_fails_without_a_word(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.rst()

    assert "The TLS handshake fails." in summary(recording)


def test_what_goes_before_tls_is_not_said_to_be_protected(recording: Recording) -> None:
    client, server = recording.talk(server_port=25).established()
    server.data(b"220 mail.example.org ESMTP\r\n")
    client.data(b"STARTTLS\r\n")
    server.data(b"220 Go ahead\r\n")
    client.data(tls.client_hello(versions=()))
    server.data(
        tls.server_hello(version=tls.TLS12, suite=tls.ECDHE_RSA_AES_256_GCM) + tls.server_hello_done()
    )
    client.data(tls.client_key_exchange() + tls.change_cipher_spec() + tls.finished12())
    server.data(tls.change_cipher_spec() + tls.finished12())
    client.data(tls.encrypted(100))

    text = summary(recording)
    assert "Under this protection the client sends 100 B of application data and the server 0 B." in text
    assert "Outside it, in the clear, the client sends 10 B and the server 42 B." in text


def test_a_connection_that_began_before_the_recording_may_have_tls(recording: Recording) -> None:
    talk = tls12(recording.talk(server_port=9999))
    opening = list(recording.frames)
    talk.server.data(bytes(range(200)))
    recording.without(*opening)

    assert "No TLS is to be seen in what was recorded of it" in summary(recording)


def test_a_last_fin_that_nobody_acknowledges(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin()
    server.ack()
    server.fin()

    assert "not both are acknowledged in what was recorded" in summary(recording)


def test_records_of_one_size_are_no_full_segments(recording: Recording) -> None:
    client, server = tls12(recording.talk())
    client.data(tls.encrypted(50))
    for _ in range(3):
        server.data(tls.encrypted(1200))

    assert "full segments" not in render_markdown(recording.report())


def test_full_segments_are_said_to_be_full(recording: Recording) -> None:
    client, server = tls12(recording.talk())
    client.data(tls.encrypted(50))
    for _ in range(3):
        server.data(tls.encrypted(1460 - 5))

    assert "3 of the 3 frames with the server's data are 1514 bytes long: full segments" in render_markdown(
        recording.report()
    )
