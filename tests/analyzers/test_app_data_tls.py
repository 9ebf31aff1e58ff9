"""Application data inside TLS: records, what of them is handshake, and what says goodbye."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.engine import analyze
from tests.dialogue import tls
from tests.dialogue.sessions import tls12, tls13

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.app_data import AppData
    from tests.dialogue.recording import Recording

C2S, S2C = "client_to_server", "server_to_client"


def app_data(recording: Recording) -> AppData:
    found = recording.connection().app_data
    assert found is not None
    return found


def bursts(found: AppData) -> list[tuple[str, tuple[int, ...], int, int]]:
    """Direction, frames, records and bytes of each burst."""
    return [(one.direction, one.frames, one.records, one.bytes) for one in found.bursts]


def test_tls13(recording: Recording) -> None:
    client, server = tls13(recording.talk())
    client.data(tls.encrypted(200))
    recording.after(ms=30)
    server.data(tls.encrypted(300) + tls.encrypted(400))
    client.data(tls.close_notify13())
    server.data(tls.close_notify13())

    found = app_data(recording)
    assert found.encrypted
    assert bursts(found) == [(C2S, (7,), 1, 200), (S2C, (8,), 2, 700)]
    assert found.labelled_frames is not None
    assert (found.labelled_frames.client, found.labelled_frames.server) == ((6, 7, 9), (5, 8, 10))
    assert found.handshake_frames == (5, 6)
    assert found.close_notify_frames == (9, 10)
    assert (found.client_bytes, found.server_bytes) == (200, 700)


def test_tls13_with_a_client_certificate(recording: Recording) -> None:
    """Certificate, CertificateVerify, Finished: all encrypted; the Finished is known by its size."""
    talk = recording.talk().established()
    client, server = talk
    client.data(tls.client_hello())
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))
    client.data(tls.change_cipher_spec() + tls.encrypted(1200) + tls.encrypted(300))
    client.data(tls.finished13())
    client.data(tls.encrypted(150))

    found = app_data(recording)
    assert bursts(found) == [(C2S, (8,), 1, 150)]
    assert found.handshake_frames == (5, 6, 7)


@pytest.mark.parametrize("more", [8, 10], ids=["an empty Certificate", "application settings"])
def test_tls13_finished_behind_a_message_in_its_record(recording: Recording, more: int) -> None:
    """The record is larger than a Finished, and still what follows it is data."""
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))
    finished = tls.encrypted(4 + 48 + 17 + more)
    client.data(tls.change_cipher_spec() + finished + tls.encrypted(150))
    server.data(tls.encrypted(500))

    connection = recording.connection()
    assert connection.tls_handshake is not None
    assert connection.tls_handshake.client_finished_frame == 6
    assert connection.app_data is not None
    assert (connection.app_data.client_bytes, connection.app_data.server_bytes) == (150, 500)


def test_tls13_finished_and_data_in_one_frame(recording: Recording) -> None:
    talk = recording.talk().established()
    client, server = talk
    client.data(tls.client_hello())
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))
    client.data(tls.change_cipher_spec() + tls.finished13() + tls.encrypted(150))

    found = app_data(recording)
    assert bursts(found) == [(C2S, (6,), 1, 150)]
    assert found.handshake_frames == (5,)


def test_tls13_the_servers_first_record_may_be_a_session_ticket(recording: Recording) -> None:
    client, server = tls13(recording.talk())
    server.data(tls.encrypted(250))
    client.data(tls.encrypted(200))
    server.data(tls.encrypted(300))

    found = app_data(recording)
    assert [one.may_be_handshake for one in found.bursts] == [True, False, False]


def test_tls12(recording: Recording) -> None:
    client, server = tls12(recording.talk())
    client.data(tls.encrypted(200))
    server.data(tls.encrypted(300))
    client.data(tls.encrypted_alert())

    found = app_data(recording)
    assert bursts(found) == [(C2S, (8,), 1, 200), (S2C, (9,), 1, 300)]
    assert (found.handshake_frames, found.close_notify_frames) == ((), ())
    assert found.labelled_frames is not None
    assert (found.labelled_frames.client, found.labelled_frames.server) == ((8,), (9,))
    assert [one.may_be_handshake for one in found.bursts] == [False, False]


def test_a_record_in_several_segments_ends_in_the_last(recording: Recording) -> None:
    client, server = tls13(recording.talk())
    client.data(tls.encrypted(100))
    long = tls.encrypted(3000)
    server.data(long[:1400])
    server.data(long[1400:2800])
    server.data(long[2800:])

    request, answer = app_data(recording).bursts
    assert (answer.frames, answer.segment_frames, answer.records, answer.bytes) == ((10,), (8, 9), 1, 3000)
    assert answer.start_s == pytest.approx(request.end_s + 0.001)


def test_pieces_stay_when_the_other_side_ends_its_handshake(recording: Recording) -> None:
    """A piece of the server's record waits while the client's Finished comes."""
    talk = recording.talk().established()
    client, server = talk
    client.data(tls.client_hello())
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))
    early = tls.encrypted(2000)
    server.data(early[:1400])
    client.data(tls.change_cipher_spec() + tls.finished13())
    server.data(early[1400:])

    (burst,) = app_data(recording).bursts
    assert (burst.frames, burst.segment_frames) == ((8,), (6,))


def test_a_small_record_in_the_middle_is_data(recording: Recording) -> None:
    """Two bytes of an application have the size of an alert; more of the same side tell it apart."""
    client, server = tls13(recording.talk())
    client.data(tls.encrypted(19))
    server.data(tls.encrypted(500))
    client.data(tls.encrypted(300))
    server.data(tls.encrypted(19))
    client.data(tls.encrypted(19))

    found = app_data(recording)
    assert bursts(found) == [(C2S, (7,), 1, 19), (S2C, (8,), 1, 500), (C2S, (9,), 1, 300)]
    assert [(one.request, one.responses) for one in found.exchanges] == [(0, (1,)), (2, ())]
    assert found.close_notify_frames == (10, 11)
    assert (found.client_bytes, found.server_bytes) == (319, 500)


def test_a_small_record_among_large_ones_is_in_their_burst(recording: Recording) -> None:
    client, _ = tls13(recording.talk())
    client.data(tls.encrypted(100))
    client.data(tls.encrypted(19))
    client.data(tls.encrypted(100))

    assert bursts(app_data(recording)) == [(C2S, (7, 8, 9), 3, 219)]


def test_the_servers_data_after_the_clients_close_notify(recording: Recording) -> None:
    client, server = tls13(recording.talk())
    client.data(tls.encrypted(100))
    server.data(tls.encrypted(500))
    client.data(tls.close_notify13())
    server.data(tls.encrypted(600))

    found = app_data(recording)
    assert bursts(found) == [(C2S, (7,), 1, 100), (S2C, (8, 10), 2, 1100)]
    assert found.close_notify_frames == (9,)


def test_plain_text_then_tls(recording: Recording) -> None:
    """As STARTTLS does it: what was said before counts by segment, afterwards by record."""
    talk = recording.talk(server_port=9999).established()
    client, server = talk
    server.data(b"220 welcome\r\n")
    client.data(b"STARTTLS\r\n")
    server.data(b"220 go ahead\r\n")
    client.data(tls.client_hello())
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))
    client.data(tls.change_cipher_spec() + tls.finished13())
    client.data(tls.encrypted(90))

    found = app_data(recording)
    assert bursts(found)[:3] == [(S2C, (4,), 1, 13), (C2S, (5,), 1, 10), (S2C, (6,), 1, 14)]
    assert bursts(found)[-1] == (C2S, (10,), 1, 90)
    assert found.encrypted


def test_a_client_hello_in_two_segments_is_no_data(recording: Recording) -> None:
    talk = recording.talk().established()
    client, server = talk
    hello = tls.client_hello(more=(tls.extension(21, bytes(1500)),))
    client.data(hello[:1400])
    client.data(hello[1400:])
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))
    client.data(tls.change_cipher_spec() + tls.finished13())

    found = app_data(recording)
    assert (found.bursts, found.client_bytes) == ((), 0)


def test_tls_without_its_handshake(recording: Recording) -> None:
    talk = recording.talk()
    with recording.lost():
        tls12(talk)
    talk.client.data(tls.encrypted(100))
    talk.server.data(tls.encrypted(200))

    found = app_data(recording)
    assert found.encrypted
    assert bursts(found) == [(C2S, (1,), 1, 100), (S2C, (2,), 1, 200)]


def test_one_sided(recording: Recording) -> None:
    client, server = tls12(recording.talk())
    client.data(tls.encrypted(100))
    server.data(tls.encrypted(200))
    recording.only("server")

    found = app_data(recording)
    assert [(one.direction, one.bytes) for one in found.bursts] == [(S2C, 200)]


def test_what_went_before_tls_is_no_tls(captures_dir: Path) -> None:
    """IMAP that begins in the clear: greeting, CAPABILITY, STARTTLS; then TLS."""
    (connection,) = analyze(captures_dir / "starttls" / "zeek-imap-starttls.pcap").connections
    data = connection.app_data
    assert data is not None
    assert [(burst.frames, burst.plain) for burst in data.bursts] == [
        ((4,), True),
        ((6,), True),
        ((8,), True),
        ((10,), True),
        ((11,), True),
        ((25,), False),
        ((26,), False),
    ]
    assert (data.client_bytes, data.plain_client_bytes) == (60, 26)
    labels = {step.frames: step.label[0].text for step in connection.steps}
    assert labels[(10,)].startswith("Data")
    assert labels[(25,)].startswith("Application Data")
