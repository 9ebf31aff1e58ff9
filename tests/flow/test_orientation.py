"""Who is the client, and what told it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialogue import tls
from tests.dialogue.sessions import tls13

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording


def ends(recording: Recording) -> tuple[int, int, str]:
    """Client port, server port, and what told them apart."""
    one = recording.connection()
    return (one.client.port, one.server.port, one.orientation)


def test_the_syn_tells(recording: Recording) -> None:
    recording.talk(client_port=443, server_port=50000).established()
    assert ends(recording) == (443, 50000, "syn")


def test_without_the_syn_the_syn_ack_tells(recording: Recording) -> None:
    client, server = recording.talk(client_port=443, server_port=50000)
    with recording.lost():
        client.syn()
    server.syn_ack()
    client.ack()

    assert ends(recording) == (443, 50000, "syn_ack")


def test_without_both_the_client_hello_tells(recording: Recording) -> None:
    talk = recording.talk(client_port=443, server_port=50000)
    with recording.lost():
        talk.established()
    talk.client.data(tls.client_hello())

    assert ends(recording) == (443, 50000, "tls")


def test_without_all_three_the_server_hello_tells(recording: Recording) -> None:
    talk = tls13(recording.talk(client_port=443, server_port=50000))
    recording.frames = recording.frames[4:]
    talk.client.data(tls.encrypted(100))

    assert ends(recording) == (443, 50000, "tls")


@pytest.mark.parametrize(
    ("client_port", "server_port"),
    [(50000, 22), (1025, 80), (40000, 8443), (50000, 9999), (33000, 27017)],
)
def test_at_last_the_ports_tell(recording: Recording, client_port: int, server_port: int) -> None:
    talk = recording.talk(client_port=client_port, server_port=server_port)
    with recording.lost():
        talk.established()
    talk.server.data(b"from the server first")
    talk.client.data(b"and from the client")

    assert ends(recording) == (client_port, server_port, "port")


def test_where_the_ports_tell_nothing_the_first_to_speak_is_the_client(recording: Recording) -> None:
    talk = recording.talk(client_port=50000, server_port=50001)
    with recording.lost():
        talk.established()
    talk.client.data(b"hello")
    talk.server.data(b"hello")

    assert ends(recording) == (50000, 50001, "first_packet")


def test_a_hello_after_other_packets_still_tells(recording: Recording) -> None:
    """Packets wait, and are counted to their sides once it is known."""
    talk = recording.talk(client_port=443, server_port=50000)
    with recording.lost():
        talk.established()
    talk.server.ack()
    talk.client.ack()
    talk.client.data(tls.client_hello())

    assert ends(recording) == (443, 50000, "tls")
    connection = recording.connection()
    assert (connection.client_packets, connection.server_packets, connection.packets) == (2, 1, 3)


def test_it_does_not_wait_for_ever(recording: Recording) -> None:
    talk = recording.talk(client_port=443, server_port=50000)
    with recording.lost():
        talk.established()
    for _ in range(50):
        talk.client.data(b"x")
    talk.client.data(tls.client_hello())

    assert ends(recording) == (50000, 443, "port")
    assert recording.connection().packets == 51


def test_packets_bytes_and_times_of_both_sides(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.data(b"x" * 10)
    recording.after(ms=999)
    talk.server.data(b"y" * 20)

    one = recording.connection()
    assert (one.packets, one.client_packets, one.server_packets) == (5, 3, 2)
    assert (one.client_payload_bytes, one.server_payload_bytes) == (10, 20)
    # Ethernet, IP and TCP with 20 bytes of options in the SYNs
    assert one.bytes == 74 + 74 + 54 + 64 + 74
    assert (one.first_frame, one.last_frame) == (1, 5)
    assert one.start_s == 0
    assert one.end_s == pytest.approx(1.003)
    assert (one.client.mac, one.server.mac) == ("02:00:00:00:00:01", "02:00:00:00:00:02")


def test_two_connections_at_once_are_kept_apart(recording: Recording) -> None:
    one = recording.talk(client_port=50001)
    other = recording.talk(client_port=50002)
    one.client.syn()
    other.client.syn()
    other.server.syn_ack()
    one.server.syn_ack()
    one.client.ack()

    first, second = recording.report().connections
    assert (first.id, first.client.port, first.packets) == (0, 50001, 3)
    assert (second.id, second.client.port, second.packets) == (1, 50002, 2)
