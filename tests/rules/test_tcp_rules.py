"""Judgements about TCP: each where it applies, and silence where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.capture.tshark import find_tshark
from pcap_report.render.html_sink import HtmlPhrases
from pcap_report.render.phrases import Phrases
from pcap_report.rules.registry import RULES
from tests.truth.proof import disproofs, statements_of

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording
    from tests.dialogue.tcp import End


def findings(recording: Recording) -> dict[str, tuple[int, ...]]:
    """Rules that spoke, with their frames; every finding's filter must select just these."""
    report = recording.report()
    assert disproofs(find_tshark().path, recording.write(), statements_of(report, 100)) == []
    return {one.id: one.frames for one in report.findings}


def test_nothing_to_say(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.data(b"request")
    talk.server.data(b"response")
    talk.closed()
    assert findings(recording) == {}


def test_refused(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn()
    server.rst_ack()
    assert findings(recording) == {"tcp.refused": (2,)}


def test_refused_again_and_again(recording: Recording) -> None:
    client, server = recording.talk()
    for _ in range(3):
        client.syn()
        server.rst_ack()
        recording.after(ms=500)
    found = findings(recording)
    assert found["tcp.refused"] == (2,)
    assert "tcp.reset" not in found


def test_unanswered(recording: Recording) -> None:
    client, _ = recording.talk()
    client.syn()
    recording.after(ms=1000)
    client.syn()
    assert findings(recording)["tcp.unanswered"] == (1, 2)


def test_unanswered_many_times(recording: Recording) -> None:
    client, _ = recording.talk()
    for _ in range(150):
        client.syn()
        recording.after(ms=1000)
    found = findings(recording)
    assert len(found["tcp.unanswered"]) <= 150


def test_reset(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"request")
    server.rst()
    assert findings(recording) == {"tcp.reset": (5,)}


def test_reset_more_often_than_is_listed(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"request")
    for _ in range(150):
        server.rst()
    assert "tcp.reset" in findings(recording)


def test_reset_after_fin(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.fin()
    server.data(b"late")
    client.rst()
    assert findings(recording) == {"tcp.reset_after_fin": (6,)}


def test_sent_again(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"request")
    recording.after(ms=300)
    client.again()
    server.ack()
    assert findings(recording) == {"tcp.retransmission": (5,)}


def test_a_closed_window(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"too much")
    server.ack(window=0)
    assert findings(recording) == {"tcp.zero_window": (5,)}


def test_more_frames_than_are_listed(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"too much")
    for _ in range(1200):
        server.ack(window=0)
    assert "tcp.zero_window" in findings(recording)


def lose(recording: Recording, client: End, server: End, times: int) -> None:
    """Let the client say something that gets lost, and say it again, some times."""
    for _ in range(times):
        client.data(b"request")
        recording.after(ms=300)
        client.again()
        server.ack()


def test_a_share_of_loss(recording: Recording) -> None:
    client, server = recording.talk().established()
    lose(recording, client, server, 6)
    found = findings(recording)
    assert found["tcp.loss"] == found["tcp.retransmission"]
    assert len(found["tcp.loss"]) == 6


def test_what_was_sent_again_in_vain_counts_once(recording: Recording) -> None:
    client, server = recording.talk().established()
    for _ in range(5):
        client.data(b"request")
        server.ack()
        recording.after(ms=300)
        client.again()
    for _ in range(4):
        client.data(b"request")
        server.ack()
    report = recording.report()
    phenomena = report.connections[0].tcp_phenomena
    assert phenomena is not None
    assert phenomena.spurious_retransmission.count == phenomena.retransmission.count == 5
    (loss,) = (one for one in report.findings if one.id == "tcp.loss")
    assert loss.summary.endswith(": 35.7 % of the segments with data were sent again.")
    assert loss.message is not None
    said = [Phrases(language, str).say(loss.message) for language in ("es", "zh")]
    assert "el 35,7 % de los segmentos" in said[0]
    assert "35.7% 的" in said[1]
    assert "el 35,7\u00a0% de" in HtmlPhrases("es").say(loss.message)


@pytest.mark.parametrize(("pause_ms", "found"), [(400, True), (100, False)])
def test_a_slow_handshake(recording: Recording, pause_ms: float, *, found: bool) -> None:
    client, server = recording.talk()
    client.syn()
    recording.after(ms=pause_ms)
    server.syn_ack()
    client.ack()
    assert ("tcp.slow_handshake" in findings(recording)) is found


def test_a_side_that_never_closes(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"request")
    client.fin()
    server.ack()
    assert findings(recording) == {"tcp.half_closed": (5,)}


def test_a_very_small_mss(recording: Recording) -> None:
    client, server = recording.talk()
    client.syn(mss=200)
    server.syn_ack()
    client.ack()
    assert findings(recording) == {"tcp.small_mss": (1,)}


def test_a_server_that_thinks(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"request")
    server.ack()
    recording.after(ms=2500)
    server.data(b"response")
    assert findings(recording) == {"tcp.slow_server": (4, 6)}


def test_thresholds_are_the_users(recording: Recording) -> None:
    recording.talk().established()
    report = recording.report()
    (rule,) = (one for one in RULES if one.id == "tcp.slow_handshake")
    assert rule.findings(report) == []
    assert len(rule.findings(report, {"rtt_ms": 0.5})) == 1


def test_a_fin_that_was_sent_again_is_no_segment_with_data(recording: Recording) -> None:
    client, server = recording.talk().established()
    lose(recording, client, server, 5)
    client.fin()
    for _ in range(5):
        recording.after(ms=300)
        client.again()
    (loss,) = (one for one in recording.report().findings if one.id == "tcp.loss")
    assert ": 50 % of the segments with data" in loss.summary


def test_of_one_side_alone_nobody_can_tell_whether_the_other_closed(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"request")
    server.ack()
    client.fin()
    server.ack()
    assert "tcp.half_closed" in findings(recording)
    recording.only("client")
    assert "tcp.half_closed" not in findings(recording)
