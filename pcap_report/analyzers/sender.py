"""One side of a TCP connection as a sender, while it is being counted."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from mypy_extensions import mypyc_attr

from pcap_report.analyzers.series import ThinningSeries
from pcap_report.model.tcp_performance import Direction, RoundTrips

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Sender:
    """Counts segments with payload, and the acknowledgements that they get."""

    __slots__ = (
        "_again",
        "_bytes",
        "_first_ns",
        "_largest",
        "_last_ns",
        "_most_in_flight",
        "_repeats",
        "_rtt",
        "_rtt_count",
        "_rtt_maximum",
        "_rtt_minimum",
        "_segments",
        "_sequence",
    )

    def __init__(self) -> None:
        self._segments = self._bytes = self._largest = self._again = 0
        self._first_ns = self._last_ns = 0
        self._most_in_flight: int | None = None
        self._sequence: ThinningSeries[int] = ThinningSeries()
        self._repeats: ThinningSeries[int] = ThinningSeries()
        self._rtt: ThinningSeries[float] = ThinningSeries()
        self._rtt_count = 0
        self._rtt_minimum = self._rtt_maximum = 0.0

    def segment(self, packet: Packet, *, again: bool, in_flight: int | None) -> None:
        """Count a segment with payload."""
        if not self._segments:
            self._first_ns = packet.time_ns
        self._last_ns = packet.time_ns
        self._segments += 1
        self._bytes += packet.payload
        self._largest = max(self._largest, packet.payload)
        end = packet.seq + packet.payload
        if again:
            self._again += 1
            self._repeats.add(packet.time_ns, end)
        else:
            self._sequence.add(packet.time_ns, end)
        if in_flight is not None and in_flight > (self._most_in_flight or 0):
            self._most_in_flight = in_flight

    def acknowledged(self, time_ns: int, rtt_ms: float) -> None:
        """Count an acknowledgement of this side's data, with its round-trip time."""
        if not self._rtt_count:
            self._rtt_minimum = self._rtt_maximum = rtt_ms
        self._rtt_count += 1
        if rtt_ms < self._rtt_minimum:
            self._rtt_minimum = rtt_ms
        elif rtt_ms > self._rtt_maximum:
            self._rtt_maximum = rtt_ms
        self._rtt.add(time_ns, rtt_ms)

    def round_trips(self, origin_ns: int) -> RoundTrips | None:
        """Return the round-trip times, or None when none was measured."""
        if not self._rtt_count:
            return None
        points = self._rtt.points(origin_ns)
        return RoundTrips(
            samples=self._rtt_count,
            minimum_ms=self._rtt_minimum,
            median_ms=statistics.median(value for _, value in points),
            maximum_ms=self._rtt_maximum,
            over_time=points,
        )

    def direction(self, origin_ns: int, throughput: tuple[tuple[float, int], ...]) -> Direction:
        """Return what was counted."""
        span_s = (self._last_ns - self._first_ns) / 1e9
        return Direction(
            segments=self._segments,
            bytes=self._bytes,
            retransmitted=self._again,
            retransmission_rate=self._again / self._segments if self._segments else None,
            largest_segment_bytes=self._largest,
            most_in_flight_bytes=self._most_in_flight,
            throughput_bytes_per_s=self._bytes / span_s if self._segments > 1 and span_s > 0 else None,
            sequence=self._sequence.points(origin_ns),
            retransmissions=self._repeats.points(origin_ns),
            throughput_over_time=throughput,
        )
