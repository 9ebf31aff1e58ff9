"""The three-way handshake, as it should be and as it should not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialogue.told import told

if TYPE_CHECKING:
    from pcap_report.model.tcp import TcpHandshake
    from tests.dialogue.recording import Recording


def handshake(recording: Recording) -> TcpHandshake:
    found = recording.connection().tcp_handshake
    assert found is not None
    return found


def test_complete(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn(mss=1460, window=64240, window_scale=7)
    recording.after(ms=19)
    server.syn_ack(mss=1380, window=65535, window_scale=8, timestamps=False)
    recording.after(ms=4)
    client.ack()

    found = handshake(recording)
    assert found.outcome == "complete"
    assert found.syn is not None
    assert found.syn_ack is not None
    assert found.ack is not None
    assert (found.syn.frame, found.syn.seq, found.syn.ack) == (1, 0, None)
    assert (found.syn.mss, found.syn.window, found.syn.window_scale) == (1460, 64240, 7)
    assert (found.syn.sack_permitted, found.syn.timestamps) == (True, True)
    assert (found.syn_ack.frame, found.syn_ack.seq, found.syn_ack.ack) == (2, 0, 1)
    assert (found.syn_ack.mss, found.syn_ack.window, found.syn_ack.window_scale) == (1380, 65535, 8)
    assert (found.syn_ack.sack_permitted, found.syn_ack.timestamps) == (True, False)
    assert (found.ack.frame, found.ack.seq, found.ack.ack) == (3, 1, 1)
    assert found.syn_to_syn_ack_ms == pytest.approx(20)
    assert found.syn_ack_to_ack_ms == pytest.approx(5)
    assert found.rtt_ms == pytest.approx(25)


def test_complete_is_told_with_its_frames(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn(mss=1460)
    server.syn_ack(mss=1380)
    client.ack()

    connection = recording.connection()
    assert told(connection, "tcp_handshake") == {
        "syn": (1,),
        "syn_ack": (2,),
        "ack": (3,),
        "rtt": (1, 3),
        "mss": (1, 2),
    }
    arrows = [(step.frames, step.direction) for step in connection.steps if step.kind == "arrow"]
    assert arrows == [
        ((1,), "client_to_server"),
        ((2,), "server_to_client"),
        ((3,), "client_to_server"),
    ]


def test_equal_mss_is_not_told_as_different(recording: Recording) -> None:
    recording.talk().established()
    assert "mss" not in told(recording.connection(), "tcp_handshake")


def test_a_syn_without_options(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn(mss=None, window_scale=None, sack=False, timestamps=False)
    server.syn_ack()
    client.ack()

    syn = handshake(recording).syn
    assert syn is not None
    assert (syn.mss, syn.window_scale, syn.sack_permitted, syn.timestamps) == (None, None, False, False)


def test_over_ipv6(recording: Recording) -> None:
    recording.talk("2001:db8:1::23", "2001:db8:2::20").established()
    connection = recording.connection()
    assert (connection.client.ip, connection.server.ip) == ("2001:db8:1::23", "2001:db8:2::20")
    assert handshake(recording).outcome == "complete"


def test_the_clients_first_data_complete_it(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.syn_ack()
    client.data(b"hello")

    found = handshake(recording)
    assert found.outcome == "complete"
    assert found.ack is not None
    assert found.ack.frame == 3


def test_refused(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.rst_ack()

    found = handshake(recording)
    assert (found.outcome, found.refused_frame, found.syn_ack) == ("refused", 2, None)
    assert told(recording.connection(), "tcp_handshake")["refused"] == (2,)


def test_refused_after_a_retry(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    recording.after(ms=1000)
    client.syn()
    server.rst_ack()

    found = handshake(recording)
    assert (found.outcome, found.syn_retries, found.refused_frame) == ("refused", (2,), 3)


def test_refused_every_time(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.rst_ack()
    recording.after(ms=500)
    client.syn()
    server.rst_ack()

    found = handshake(recording)
    assert (found.outcome, found.refused_frame, found.syn_retries) == ("refused", 2, (3,))


def test_unanswered_with_retries(recording: Recording) -> None:
    client, _ = recording.talk()
    client.syn()
    for wait_ms in (1000, 2000, 4000):
        recording.after(ms=wait_ms)
        client.syn()

    found = handshake(recording)
    assert (found.outcome, found.syn_retries, found.rtt_ms) == ("unanswered", (2, 3, 4), None)
    assert told(recording.connection(), "tcp_handshake")["unanswered"] == (1, 2, 3, 4)


def test_answered_after_a_retry_counts_from_the_syn_that_was_answered(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    recording.after(ms=999)
    client.syn()
    recording.after(ms=9)
    server.syn_ack()
    client.ack()

    found = handshake(recording)
    assert (found.outcome, found.syn_retries) == ("complete", (2,))
    assert found.syn_to_syn_ack_ms == pytest.approx(10)
    assert told(recording.connection(), "tcp_handshake")["rtt"] == (2, 4)


def test_incomplete_without_the_last_ack(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.syn_ack()
    recording.after(ms=1000)
    server.again()

    found = handshake(recording)
    assert (found.outcome, found.ack, found.rtt_ms) == ("incomplete", None, None)
    assert found.syn_ack is not None
    assert found.syn_ack.frame == 2


def test_incomplete_given_up_by_the_client(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.syn_ack()
    client.rst()

    found = handshake(recording)
    assert (found.outcome, found.refused_frame, found.ack) == ("incomplete", None, None)


def test_incomplete_without_the_syn(recording: Recording) -> None:
    client, server = recording.talk()
    with recording.lost():
        client.syn()
    server.syn_ack()
    client.ack()

    found = handshake(recording)
    assert (found.outcome, found.syn) == ("incomplete", None)
    assert recording.connection().orientation == "syn_ack"
