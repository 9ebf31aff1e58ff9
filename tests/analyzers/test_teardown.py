"""How a connection ends: FIN, RST, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.render.markdown import MarkdownOptions, render_markdown
from tests.dialogue.told import text_of, told

if TYPE_CHECKING:
    from pcap_report.model.tcp import Teardown
    from tests.dialogue.recording import Recording


def teardown(recording: Recording) -> Teardown:
    found = recording.connection().teardown
    assert found is not None
    return found


def test_orderly_closed_by_the_client(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"x" * 10)
    server.ack()
    client.fin()
    server.ack()
    server.fin()
    client.ack()

    found = teardown(recording)
    assert (found.outcome, found.initiator, found.last_ack_frame) == ("orderly", "client", 9)
    one, other = found.fins
    assert (one.frame, one.sender, one.seq, one.ack) == (6, "client", 11, 1)
    assert (one.acked_in, one.acked_with) == (7, 12)
    assert (other.frame, other.sender, other.seq, other.ack) == (8, "server", 1, 12)
    assert (other.acked_in, other.acked_with) == (9, 2)
    assert told(recording.connection(), "teardown") == {
        "fin.client": (6,),
        "fin_ack.client": (7,),
        "fin.server": (8,),
        "fin_ack.server": (9,),
        "outcome": (6, 8),
    }


def test_orderly_closed_by_the_server(recording: Recording) -> None:
    client, server = recording.talk().established()
    server.fin()
    client.fin()
    server.ack()

    found = teardown(recording)
    assert (found.outcome, found.initiator, found.last_ack_frame) == ("orderly", "server", 6)
    assert [(fin.sender, fin.acked_in) for fin in found.fins] == [("server", 5), ("client", 6)]


def test_both_close_at_the_same_time(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin()
    server.fin(ack=1)
    client.ack()
    server.ack()

    found = teardown(recording)
    assert (found.outcome, found.initiator, found.last_ack_frame) == ("orderly", "both", 6)
    assert [(fin.frame, fin.acked_in) for fin in found.fins] == [(4, 7), (5, 6)]
    assert "both acknowledged" in text_of(recording.connection(), "teardown.outcome")
    (note,) = (one for one in recording.connection().steps if one.kind == "note" and one.phase == "teardown")
    assert note.frames == (7,)  # the story ends when the later acknowledgement is there
    assert "Frame 7 holds the last ACK" in render_markdown(recording.report(), MarkdownOptions())


def test_both_close_and_one_acknowledgement_is_missing(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin()
    server.fin(ack=1)
    client.ack()

    found = teardown(recording)
    assert (found.outcome, found.initiator) == ("orderly", "both")
    assert "both acknowledged" not in text_of(recording.connection(), "teardown.outcome")


def test_half_closed(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin()
    server.ack()
    server.data(b"still sending")
    client.ack()

    found = teardown(recording)
    assert (found.outcome, found.initiator, found.last_ack_frame) == ("half_closed", "client", None)
    assert [(fin.frame, fin.acked_in) for fin in found.fins] == [(4, 5)]


def test_reset_by_the_server(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"request")
    server.rst()

    found = teardown(recording)
    assert (found.outcome, found.initiator, found.fins) == ("reset", "server", ())
    assert [(reset.frame, reset.sender) for reset in found.resets] == [(5, "server")]
    assert told(recording.connection(), "teardown") == {"reset.server": (5,), "outcome": (5,)}


def test_reset_by_the_client_twice(recording: Recording) -> None:
    client, server = recording.talk().established()
    server.data(b"too late")
    client.rst()
    server.data(b"even later")
    client.rst()

    found = teardown(recording)
    assert (found.outcome, found.initiator) == ("reset", "client")
    assert [reset.frame for reset in found.resets] == [5, 7]


def test_reset_after_fin(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin()
    server.data(b"not read any more")
    client.rst()

    found = teardown(recording)
    assert (found.outcome, found.initiator) == ("reset_after_fin", "client")
    assert told(recording.connection(), "teardown") == {
        "fin.client": (4,),
        "fin_ack.client": (5,),
        "reset.client": (6,),
        "outcome": (4, 6),
    }


def test_reset_after_both_fins(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin()
    server.fin()
    client.rst()

    found = teardown(recording)
    assert (found.outcome, found.initiator, found.last_ack_frame) == ("reset_after_fin", "client", None)


def test_fin_after_a_reset_is_still_a_reset(recording: Recording) -> None:
    client, server = recording.talk().established()
    server.rst()
    client.fin()

    found = teardown(recording)
    assert (found.outcome, found.initiator) == ("reset", "server")


def test_still_open(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"request")
    server.data(b"response")

    found = teardown(recording)
    assert (found.outcome, found.initiator, found.fins, found.resets) == ("open", None, (), ())
    assert told(recording.connection(), "teardown") == {}


def test_fin_with_data_takes_the_number_after_them(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin(b"last words")
    server.fin()
    client.ack()

    one, other = teardown(recording).fins
    assert (one.seq, one.acked_in, one.acked_with) == (11, 5, 12)
    assert (other.seq, other.acked_in) == (1, 6)


def test_an_acknowledgement_of_the_data_alone_is_none_of_the_fin(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin(b"last words")
    server.ack(11)
    recording.after(ms=5)
    server.ack()

    (fin,) = teardown(recording).fins
    assert (fin.acked_in, fin.acked_with) == (6, 12)


def test_fin_repeated(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin()
    recording.after(ms=300)
    client.again()
    server.fin()
    client.ack()

    found = teardown(recording)
    assert (found.outcome, found.repeated_fins) == ("orderly", (5,))
    assert [fin.frame for fin in found.fins] == [4, 6]


def test_fin_captured_twice(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin()
    recording.doubled()
    server.fin()
    client.ack()

    found = teardown(recording)
    assert (found.outcome, found.repeated_fins, found.last_ack_frame) == ("orderly", (5,), 7)


def test_fin_not_captured(recording: Recording) -> None:
    client, server = recording.talk().established()
    with recording.lost():
        client.fin()
    server.fin()
    client.ack()

    found = teardown(recording)
    assert (found.outcome, found.initiator) == ("half_closed", "server")


def test_one_sided(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.closed()
    recording.only("client")

    found = teardown(recording)
    assert (found.outcome, found.initiator) == ("half_closed", "client")
    assert [fin.acked_in for fin in found.fins] == [None]
    # of the other side nothing is in the capture: nobody can say that it did not close
    text = text_of(recording.connection(), "teardown.outcome")
    assert text.startswith("The client sends FIN; whether the other side does too cannot be known")


def test_without_a_beginning(recording: Recording) -> None:
    talk = recording.talk()
    with recording.lost():
        talk.established()
        talk.client.data(b"request")
        talk.server.data(b"response")
    talk.closed()

    found = teardown(recording)
    assert (found.outcome, found.initiator, found.last_ack_frame) == ("orderly", "client", 3)
    assert [(fin.frame, fin.acked_in) for fin in found.fins] == [(1, 2), (2, 3)]


def test_a_fin_on_a_syn(recording: Recording) -> None:
    """No honest program sends it; Wireshark's filter tcp.flags.fin shows it, and so do we."""
    client, server = recording.talk()
    client.syn_fin()
    server.rst_ack()

    found = recording.connection().teardown
    assert found is not None
    assert [(fin.frame, fin.sender, fin.seq) for fin in found.fins] == [(1, "client", 1)]
    assert found.outcome == "reset_after_fin"
