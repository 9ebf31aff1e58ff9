"""Application data in bursts: who, how much, when, and what was no data at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
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


def test_nothing_was_said(recording: Recording) -> None:
    recording.talk().established().closed()
    assert recording.connection().app_data is None


def test_a_request_and_its_answer_without_tls(recording: Recording) -> None:
    client, server = recording.talk(server_port=9999).established()
    client.data(b"q" * 40)
    server.ack()
    recording.after(ms=48)
    server.data(b"a" * 1000)
    server.data(b"a" * 500)
    client.ack()

    found = app_data(recording)
    assert bursts(found) == [(C2S, (4,), 1, 40), (S2C, (6, 7), 2, 1500)]
    assert (found.client_bytes, found.server_bytes, found.encrypted) == (40, 1500, False)
    # the ACK of the handshake is one too
    assert found.pure_acks == 3
    (exchange,) = found.exchanges
    assert (exchange.request, exchange.responses) == (0, (1,))
    assert exchange.latency_ms == pytest.approx(50)


def test_a_pause_ends_a_burst(recording: Recording) -> None:
    client, _ = recording.talk(server_port=9999).established()
    client.data(b"one")
    recording.after(ms=250)
    client.data(b"two")
    recording.after(ms=350)
    client.data(b"three")

    assert bursts(app_data(recording)) == [(C2S, (4, 5), 2, 6), (C2S, (6,), 1, 5)]


def test_a_request_without_an_answer(recording: Recording) -> None:
    client, server = recording.talk(server_port=9999).established()
    client.data(b"hello?")
    server.ack()

    (exchange,) = app_data(recording).exchanges
    assert (exchange.request, exchange.responses, exchange.latency_ms) == (0, (), None)


def test_requests_before_any_answer_are_pipelined(recording: Recording) -> None:
    client, server = recording.talk(server_port=9999).established()
    client.data(b"one")
    recording.after(ms=400)
    client.data(b"two")
    server.data(b"answers")

    (exchange,) = app_data(recording).exchanges
    assert (exchange.pipelined, exchange.request, exchange.responses) == ((0,), 1, (2,))


def test_the_server_speaks_first(recording: Recording) -> None:
    client, server = recording.talk(server_port=9999).established()
    server.data(b"220 welcome")
    client.data(b"EHLO")
    server.data(b"250 ok")

    found = app_data(recording)
    assert [one.direction for one in found.bursts] == [S2C, C2S, S2C]
    (exchange,) = found.exchanges
    assert (exchange.request, exchange.responses) == (1, (2,))


def test_what_is_sent_again_is_counted_once(recording: Recording) -> None:
    client, server = recording.talk(server_port=9999).established()
    client.data(b"q" * 100)
    recording.after(ms=250)
    client.again()
    server.data(b"a" * 50)

    found = app_data(recording)
    assert bursts(found) == [(C2S, (4,), 1, 100), (S2C, (6,), 1, 50)]


def test_a_keep_alive_is_no_data(recording: Recording) -> None:
    client, server = recording.talk(server_port=9999).established()
    client.data(b"q")
    server.ack()
    recording.after(ms=2000)
    client.keep_alive()
    server.ack()

    assert bursts(app_data(recording)) == [(C2S, (4,), 1, 1)]


def test_a_segment_whose_first_copy_was_lost_before_the_recording_is_data(recording: Recording) -> None:
    client, server = recording.talk(server_port=9999).established()
    with recording.lost():
        client.data(b"a" * 100)
    client.data(b"b" * 100)
    server.ack(1)
    recording.after(ms=400)
    client.data(b"a" * 100, seq=1)

    connection = recording.connection()
    assert connection.tcp_phenomena is not None
    assert connection.tcp_phenomena.retransmission.frames == (6,)
    assert app_data(recording).client_bytes == 200


def test_what_wireshark_takes_for_out_of_order_may_be_sent_again(recording: Recording) -> None:
    client, server = recording.talk(server_port=9999)
    client.syn()
    recording.after(ms=50)
    server.syn_ack()
    client.ack()
    for _ in range(2):
        client.data(b"a" * 100)
    recording.after(ms=1)
    client.data(b"a" * 100, seq=1)
    server.data(b"b" * 50)

    connection = recording.connection()
    assert connection.tcp_phenomena is not None
    assert connection.tcp_phenomena.out_of_order.frames == (6,)
    assert bursts(app_data(recording)) == [(C2S, (4, 5), 2, 200), (S2C, (7,), 1, 50)]
