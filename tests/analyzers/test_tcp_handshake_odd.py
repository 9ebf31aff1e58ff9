"""The three-way handshake in captures that miss, double or reorder it, and in unusual shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialogue.told import text_of, told

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
    assert (found.syn_ack.frame, found.syn_ack_retries, found.ack.frame) == (2, (3,), 4)
    assert found.other_syn_acks == ()
    assert told(recording.connection(), "tcp_handshake")["syn_ack_retries"] == (3,)


def test_a_syn_ack_that_begins_elsewhere_is_no_repetition(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.syn_ack()
    server.again()
    server.start += 4_000
    server.syn_ack()
    client.ack()

    found = handshake(recording)
    assert (found.outcome, found.syn_ack_retries, found.other_syn_acks) == ("complete", (3, 4), (4,))
    said = told(recording.connection(), "tcp_handshake")
    assert (said["syn_ack_retries"], said["other_syn_acks"]) == ((3,), (4,))


def test_syn_ack_repeated_because_the_ack_was_lost_behind_the_capture(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.syn_ack()
    client.ack()
    recording.after(ms=1000)
    server.again()

    found = handshake(recording)
    assert (found.outcome, found.syn_ack_retries, found.opening) == ("complete", (4,), "three_way")


def test_waits_between_syns(recording: Recording) -> None:
    """RFC 6298, 5.5: the client waits twice as long each time."""
    client, server = recording.talk()
    client.syn()
    recording.after(ms=1000)
    client.again()
    recording.after(ms=2000)
    client.again()
    server.syn_ack()
    client.ack()

    found = handshake(recording)
    assert found.syn_retries == (2, 3)
    assert found.syn_retry_waits_ms == pytest.approx((1000, 2000), abs=2)
    text = text_of(recording.connection(), "tcp_handshake.retries")
    assert text.startswith("The client repeats its SYN 2 times: the first time after 1")


@pytest.mark.parametrize(
    ("client_scale", "server_scale", "said"),
    [
        (7, 7, None),
        (7, 2, "the client's counts times 128, the server's times 4"),
        (7, None, "Only the client offers window scaling"),
        (None, 7, "Only the server states a window scale"),
        (7, 200, "the server's times 16384"),
    ],
)
def test_window_scaling_of_both_ends(
    recording: Recording, client_scale: int | None, server_scale: int | None, said: str | None
) -> None:
    client, server = recording.talk()
    client.syn(window_scale=client_scale)
    server.syn_ack(window_scale=server_scale)
    client.ack()

    connection = recording.connection()
    if said is None:
        assert "window_scale" not in told(connection, "tcp_handshake")
    else:
        assert said in text_of(connection, "tcp_handshake.window_scale")


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
    """RFC 9293, 3.5, figure 7: the SYNs cross, and each side acknowledges the other's with a SYN+ACK."""
    client, server = recording.talk()
    client.syn()
    server.syn()
    client.syn_ack()
    server.syn_ack()
    client.data(b"hello")
    server.data(b"hello")

    found = handshake(recording)
    assert found.syn is not None
    assert found.server_syn is not None
    assert found.syn_ack is not None
    assert found.ack is not None
    assert (found.syn.frame, found.server_syn.frame, found.syn_ack.frame, found.ack.frame) == (1, 2, 3, 4)
    assert (found.outcome, found.refused_frame, found.opening) == ("complete", None, "simultaneous")
    assert (found.server_syn.sender, found.syn_ack.sender, found.ack.sender) == ("server", "client", "server")
    # four segments cross: none of them is a round trip
    assert found.rtt_ms is None
    assert told(recording.connection(), "tcp_handshake")["opening"] == (1, 2, 3, 4)


def test_simultaneous_open_seen_from_the_servers_side(recording: Recording) -> None:
    """The server's SYN+ACK is captured before the client's."""
    client, server = recording.talk()
    client.syn()
    server.syn()
    server.syn_ack(ack=1)
    client.syn_ack()

    found = handshake(recording)
    assert found.syn_ack is not None
    assert found.ack is not None
    assert (found.syn_ack.sender, found.ack.frame, found.outcome) == ("server", 4, "complete")
    assert found.opening == "simultaneous"


def test_simultaneous_open_that_does_not_complete(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.syn()
    client.syn_ack()

    found = handshake(recording)
    assert (found.outcome, found.ack) == ("incomplete", None)
    assert "opening" not in told(recording.connection(), "tcp_handshake")


def test_split_handshake_in_four_segments(recording: Recording) -> None:
    """The server answers with a SYN of its own, and the client sends the SYN+ACK."""
    client, server = recording.talk()
    client.syn()
    server.syn()
    client.syn_ack()
    server.ack()
    client.data(b"hello")

    connection = recording.connection()
    assert (connection.client.port, connection.orientation) == (50000, "syn")
    found = handshake(recording)
    assert found.ack is not None
    assert (found.outcome, found.opening, found.ack.frame) == ("complete", "split", 4)
    assert told(connection, "tcp_handshake")["ack"] == (4,)
    arrows = [(step.frames, step.direction) for step in connection.steps if step.phase == "tcp_handshake"]
    assert arrows[:4] == [
        ((1,), "client_to_server"),
        ((2,), "server_to_client"),
        ((3,), "client_to_server"),
        ((4,), "server_to_client"),
    ]


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
