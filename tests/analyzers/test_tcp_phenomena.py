"""Wireshark's analysis flags, counted by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dialogue.told import told

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording


def flagged(recording: Recording) -> dict[str, tuple[tuple[int, ...], int, int]]:
    """The flags that occur: frames, how many from the client, how many from the server."""
    found = recording.connection().tcp_phenomena
    assert found is not None
    flags = {name: getattr(found, name) for name in found.__struct_fields__}
    return {
        name: (one.frames, one.client_count, one.server_count) for name, one in flags.items() if one.count
    }


def test_nothing_to_flag(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.data(b"request")
    talk.server.data(b"response")
    talk.closed()
    assert flagged(recording) == {}


def test_sent_again_after_a_while(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"request")
    recording.after(ms=300)
    client.again()
    server.ack()
    assert flagged(recording) == {"retransmission": ((5,), 1, 0)}
    assert told(recording.connection(), "tcp_phenomena") == {"retransmission": (5,)}


def test_sent_again_although_it_had_arrived(recording: Recording) -> None:
    client, server = recording.talk().established()
    server.data(b"response")
    client.ack()
    recording.after(ms=300)
    server.again()
    assert flagged(recording) == {
        "retransmission": ((6,), 0, 1),
        "spurious_retransmission": ((6,), 0, 1),
    }


def test_a_lost_segment_and_the_acknowledgements_that_ask_for_it(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"x" * 100)
    server.ack()
    with recording.lost():
        client.data(b"y" * 100)
    client.data(b"z" * 100)
    for _ in range(3):
        server.ack(101)

    found = flagged(recording)
    assert found["lost_segment"] == ((6,), 1, 0)
    assert found["duplicate_ack"] == ((7, 8, 9), 0, 3)


def test_out_of_order(recording: Recording) -> None:
    client, _ = recording.talk().established()
    client.data(b"x" * 100)
    client.data(b"y" * 100)
    recording.reordered()
    assert flagged(recording)["out_of_order"] == ((5,), 1, 0)


def test_a_closed_window_and_its_opening(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"too much")
    server.ack(window=0)
    recording.after(ms=500)
    client.window_probe()
    server.ack(9, window=0)
    server.ack(9, window=400)

    found = flagged(recording)
    assert found["zero_window"] == ((5, 7), 0, 2)
    assert found["zero_window_probe"] == ((6,), 1, 0)
    assert found["window_update"] == ((8,), 0, 1)


def test_keep_alive(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"request")
    server.ack()
    recording.after(ms=5000)
    client.keep_alive()
    server.ack()

    found = flagged(recording)
    assert found["keep_alive"] == ((6,), 1, 0)
    assert found["keep_alive_ack"] == ((7,), 0, 1)


def test_more_frames_than_are_listed_are_still_counted(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"too much")
    for _ in range(1200):
        server.ack(window=0)

    found = recording.connection().tcp_phenomena
    assert found is not None
    assert (found.zero_window.count, found.zero_window.server_count) == (1200, 1200)
    assert len(found.zero_window.frames) <= 1200
