"""How a connection performed: round trips, data in flight, throughput, silence, who waited."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from pcap_report.analyzers.series import Buckets, ThinningSeries
from pcap_report.analyzers.tcp_performance import _milliseconds

if TYPE_CHECKING:
    from pcap_report.model.tcp_performance import TcpPerformance
    from tests.dialogue.recording import Recording


def performance(recording: Recording) -> TcpPerformance:
    found = recording.connection().tcp_performance
    assert found is not None
    return found


def test_round_trips_are_counted_for_the_side_that_sent_the_data(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"x" * 100)
    recording.after(ms=39)
    server.ack()
    server.data(b"y" * 200)
    client.ack()

    found = performance(recording)
    assert found.client_round_trips is not None
    # the SYN and its answer are a sample too: 1 ms; the request took 40
    assert found.client_round_trips.samples == 2
    assert found.client_round_trips.maximum_ms == pytest.approx(40)
    assert found.server_round_trips is not None
    assert found.server_round_trips.maximum_ms == pytest.approx(1)


def test_what_each_side_sent_and_what_it_sent_again(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(b"a" * 100)
    client.data(b"b" * 50)
    recording.after(ms=300)
    client.again()
    server.ack()
    server.data(b"c" * 10)
    client.ack()

    sent = performance(recording).client
    assert (sent.segments, sent.bytes, sent.retransmitted) == (3, 200, 1)
    assert sent.retransmission_rate == pytest.approx(1 / 3)
    assert sent.largest_segment_bytes == 100
    assert sent.most_in_flight_bytes == 150
    assert [end for _, end in sent.sequence] == [101, 151]
    assert [end for _, end in sent.retransmissions] == [151]
    assert performance(recording).server.throughput_bytes_per_s is None  # one segment has no rate


def test_a_damaged_clock_is_no_failure() -> None:
    """As tshark 4.2 and newer print a fraction that is more than a second."""
    assert _milliseconds("-0.(1582524968 nanoseconds)") == -1582.524968
    assert _milliseconds("0.000250000") == 0.25


def test_silence_names_who_speaks_first_again(recording: Recording) -> None:
    client, server = recording.talk().established()
    request = client.data(b"ask")
    recording.after(ms=2499)
    answer = server.data(b"tell")
    client.ack()
    recording.after(ms=900)  # too short to be told
    client.data(b"ask again")

    (gap,) = performance(recording).idle_gaps
    assert (gap.after_frame, gap.before_frame, gap.ended_by) == (request.number, answer.number, "server")
    assert gap.duration_ms == pytest.approx(2500)
    claims = {one.id: one for one in recording.connection().claims}
    assert claims["tcp_performance.idle_gap.1"].frames == (request.number, answer.number)


def test_who_waited_for_whom(recording: Recording) -> None:
    client, server = recording.talk().established()  # a round trip of 2 ms
    client.data(b"first")
    recording.after(ms=99)
    server.data(b"answer")
    recording.after(ms=499)
    client.data(b"second")
    recording.after(ms=49)
    server.data(b"answer")

    waiting = performance(recording).waiting
    assert waiting is not None
    assert waiting.exchanges == 2
    assert waiting.client_think_ms == pytest.approx(500)
    assert waiting.server_think_ms == pytest.approx(98 + 48)
    assert waiting.network_ms == pytest.approx(2 + 2 + 2)
    assert waiting.longest == "client"


def test_a_lone_packet_has_no_performance(recording: Recording) -> None:
    client, _ = recording.talk()
    client.syn()
    assert recording.connection().tcp_performance is None


def test_a_series_thins_itself_out_and_keeps_its_span() -> None:
    series: ThinningSeries[int] = ThinningSeries()
    for number in range(100_000):
        series.add(number * 1_000_000_000, number)
    points = series.points(0)
    assert 100 <= len(points) <= 400
    assert points[0] == (0.0, 0)
    assert points[-1][1] > 99_000
    steps = {after[1] - before[1] for before, after in itertools.pairwise(points)}
    assert len(steps) == 1  # evenly


def test_buckets_keep_every_byte_while_they_widen() -> None:
    buckets = Buckets(start_ns=5_000_000_000)
    for number in range(10_000):
        buckets.add(5_000_000_000 + number * 7_000_000, 3, 1)
    first, second = buckets.sums(0, 0), buckets.sums(1, 0)
    assert sum(value for _, value in first) == 30_000
    assert sum(value for _, value in second) == 10_000
    assert len(first) <= 120
    assert first[0][0] == pytest.approx(5.0)
    assert buckets.width_ns == 10_000_000 * 2**6
