"""The three-way handshake in captures that miss, double or reorder it, and in unusual shapes."""

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


def test_refused_at_first_and_accepted_later(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.rst_ack()
    recording.after(ms=500)
    client.syn()
    server.syn_ack()
    client.ack()

    found = handshake(recording)
    assert (found.outcome, found.refused_frame, found.syn_retries) == ("complete", 2, (3,))
    assert found.syn_to_syn_ack_ms == pytest.approx(1)


def test_not_captured(recording: Recording) -> None:
    talk = recording.talk()
    with recording.lost():
        talk.established()
    talk.client.data(b"request")
    talk.server.data(b"response")

    found = handshake(recording)
    assert (found.outcome, found.syn, found.syn_ack, found.ack) == ("not_captured", None, None, None)
    assert told(recording.connection(), "tcp_handshake") == {}


def test_one_sided_from_the_client(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.data(b"request")
    talk.server.data(b"response")
    talk.closed()
    recording.only("client")

    found = handshake(recording)
    # the client went on after its SYN: it was answered, and only the answer is not in the capture
    assert found.outcome == "incomplete"


def test_one_sided_from_the_server(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.server.data(b"welcome")
    recording.only("server")

    found = handshake(recording)
    assert (found.outcome, found.syn) == ("incomplete", None)
    assert recording.connection().server.port == 443


def test_syn_ack_repeated(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.syn_ack()
    recording.after(ms=1000)
    server.again()
    client.ack()

    found = handshake(recording)
    assert found.outcome == "complete"
    assert found.syn_ack is not None
    assert found.ack is not None
    assert (found.syn_ack.frame, found.ack.frame) == (2, 4)


def test_syn_captured_twice_is_a_repeated_syn(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    recording.doubled()
    server.syn_ack()
    client.ack()

    found = handshake(recording)
    assert (found.outcome, found.syn_retries) == ("complete", (2,))


def test_a_syn_that_comes_late(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.syn_ack()
    client.ack()
    client.data(b"hello")
    client.syn()

    found = handshake(recording)
    assert (found.outcome, found.syn_retries) == ("complete", (5,))
    assert found.rtt_ms == pytest.approx(2)


def test_syn_ack_captured_before_the_syn(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.syn_ack()
    recording.reordered()
    client.ack()

    found = handshake(recording)
    assert found.outcome == "complete"
    assert found.syn is not None
    assert found.syn_ack is not None
    assert (found.syn.frame, found.syn_ack.frame) == (2, 1)
    # what was captured out of order tells no duration
    assert (found.syn_to_syn_ack_ms, found.rtt_ms) == (None, None)


def test_simultaneous_open(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.syn()
    client.syn_ack()
    server.syn_ack()
    client.data(b"hello")
    server.data(b"hello")

    found = handshake(recording)
    assert found.syn is not None
    assert found.syn.frame == 1
    assert (found.outcome, found.refused_frame) == ("complete", None)


def test_split_handshake_in_four_segments(recording: Recording) -> None:
    """The server answers with a SYN of its own: it is no SYN+ACK from the server, so not our handshake."""
    client, server = recording.talk()
    client.syn()
    server.syn()
    client.syn_ack()
    server.ack()
    client.data(b"hello")

    connection = recording.connection()
    assert (connection.client.port, connection.orientation) == (50000, "syn")
    assert handshake(recording).outcome == "incomplete"


def test_split_handshake_in_five_segments(recording: Recording) -> None:
    """Wireshark takes the server's SYN after its ACK for another connection, and so do we."""
    client, server = recording.talk()
    client.syn()
    server.ack()
    server.syn()
    client.syn_ack()
    server.ack()

    first, second = recording.report().connections
    assert first.tcp_handshake is not None
    assert second.tcp_handshake is not None
    assert (first.client.port, first.tcp_handshake.outcome) == (50000, "incomplete")
    assert (second.client.port, second.tcp_handshake.outcome) == (443, "complete")


def test_data_in_the_syn(recording: Recording) -> None:
    """TCP Fast Open (RFC 7413)."""
    client, server = recording.talk()
    client.syn(data=b"early")
    server.syn_ack()
    client.ack()

    found = handshake(recording)
    assert found.outcome == "complete"
    assert found.syn_ack is not None
    assert found.syn_ack.ack == 6


def test_a_late_rst_is_no_refusal(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.server.rst()

    found = handshake(recording)
    assert (found.outcome, found.refused_frame) == ("complete", None)


def test_an_ack_of_something_else_does_not_complete_it(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.syn_ack()
    client.ack(0)

    assert handshake(recording).outcome == "incomplete"
