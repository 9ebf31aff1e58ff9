"""Zeek's words for a connection: the letters of its history, and its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording


def words(recording: Recording) -> tuple[str, str]:
    one = recording.connection()
    return (one.history, one.conn_state)


def test_sf_begun_and_ended_as_it_should(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.data(b"request")
    talk.server.ack()
    talk.server.data(b"response")
    talk.client.ack()
    talk.closed()
    assert words(recording) == ("ShADadFf", "SF")


def test_sf_closed_by_the_server(recording: Recording) -> None:
    client, server = recording.talk().established()
    server.fin()
    client.fin()
    server.ack()
    assert words(recording) == ("ShAfFa", "SF")


def test_s0_no_answer(recording: Recording) -> None:
    client, _ = recording.talk()
    client.syn()
    recording.after(ms=1000)
    client.syn()
    assert words(recording) == ("S", "S0")


def test_s1_established_and_not_ended(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.data(b"request")
    assert words(recording) == ("ShAD", "S1")


def test_s2_closed_by_the_client_only(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin()
    server.ack()
    assert words(recording) == ("ShAFa", "S2")


def test_s3_closed_by_the_server_only(recording: Recording) -> None:
    _, server = recording.talk().established()
    server.fin()
    assert words(recording) == ("ShAf", "S3")


def test_rej_refused(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.rst_ack()
    assert words(recording) == ("Sr", "REJ")


def test_rsto_reset_by_the_client(recording: Recording) -> None:
    client, server = recording.talk().established()
    server.data(b"unwanted")
    client.rst()
    assert words(recording) == ("ShAdR", "RSTO")


def test_rstr_reset_by_the_server(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"unwanted")
    server.rst()
    assert words(recording) == ("ShADr", "RSTR")


def test_rstos0_given_up_before_any_answer(recording: Recording) -> None:
    client, _ = recording.talk()
    client.syn()
    client.rst(seq=1)
    assert words(recording) == ("SR", "RSTOS0")


def test_rstrh_reset_by_the_server_without_a_syn_in_the_capture(recording: Recording) -> None:
    client, server = recording.talk()
    with recording.lost():
        client.syn()
    server.syn_ack()
    server.rst()
    assert words(recording) == ("^hr", "RSTRH")


def test_sh_half_open_and_closed_by_the_client(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.fin()
    recording.only("client")
    recording.without(recording.frames[1])
    assert words(recording) == ("SF", "SH")


def test_shr_half_open_and_closed_by_the_server(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.server.fin()
    recording.only("server")
    assert words(recording) == ("^hf", "SHR")


def test_oth_begun_before_the_capture(recording: Recording) -> None:
    talk = recording.talk()
    with recording.lost():
        talk.established()
    talk.client.data(b"request")
    talk.server.data(b"response")
    assert words(recording) == ("Dd", "OTH")


def test_the_direction_turned_round(recording: Recording) -> None:
    talk = recording.talk()
    with recording.lost():
        talk.established()
    talk.server.data(b"from the server first")
    talk.client.ack()
    assert words(recording) == ("^dA", "OTH")


def test_what_is_sent_again(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.data(b"request")
    recording.after(ms=300)
    talk.client.again()
    assert words(recording) == ("ShADT", "S1")


def test_a_zero_window(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"too much")
    server.ack(window=0)
    assert words(recording) == ("ShADaw", "S1")


def test_a_hole(recording: Recording) -> None:
    client, server = recording.talk().established()
    with recording.lost():
        client.data(b"not captured")
    server.ack()
    assert words(recording) == ("ShAaG", "S1")
