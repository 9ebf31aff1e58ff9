"""Facts about how a TCP connection performed: round trips, data in flight, throughput, who waited."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pcap_report.model.evidence import Side


class RoundTrips(Struct, frozen=True):
    """Round-trip times as Wireshark measures them: from a segment to the acknowledgement of it.

    Seen where the capture was made: next to the client, the acknowledgements of the client's data show the
    way to the server and back; those of the server's data show only the client's own delay.
    """

    samples: int
    minimum_ms: float
    median_ms: float
    maximum_ms: float
    over_time: tuple[tuple[float, float], ...]
    """Seconds since the first packet of the capture, and milliseconds; thinned out evenly."""


class Direction(Struct, frozen=True):
    """What one side sent, and how."""

    segments: int
    """Segments with payload."""
    bytes: int
    """Payload, bytes sent again included."""
    retransmitted: int
    """Segments that Wireshark flags as sent again."""
    retransmission_rate: float | None
    """Their share of the segments with payload; None without such segments."""
    largest_segment_bytes: int
    most_in_flight_bytes: int | None
    """The most payload sent and not yet acknowledged, as seen at the capture point."""
    throughput_bytes_per_s: float | None
    """Payload over the time from this side's first to its last segment with payload; None below two."""
    sequence: tuple[tuple[float, int], ...]
    """Seconds and relative sequence number behind each segment; thinned out evenly."""
    retransmissions: tuple[tuple[float, int], ...]
    """The same for segments sent again."""
    throughput_over_time: tuple[tuple[float, int], ...]
    """Start of an interval in seconds, and payload bytes in it."""


class IdleGap(Struct, frozen=True):
    """A span without any packet of the connection."""

    after_frame: int
    before_frame: int
    start_s: float
    duration_ms: float
    ended_by: Side
    """Who spoke first again."""


class Waiting(Struct, frozen=True):
    """Who waited for whom, summed over requests and answers."""

    client_think_ms: float
    """From the end of an answer to the next request."""
    server_think_ms: float
    """From a request to its answer, less one round trip of the handshake."""
    network_ms: float
    """The round trips that the handshake and the exchanges need at least."""
    longest: Literal["client", "server", "network"] | None
    exchanges: int


class TcpPerformance(Struct, frozen=True):
    """How the connection performed."""

    client: Direction
    server: Direction
    client_round_trips: RoundTrips | None
    """For the client's segments: until the server's acknowledgement."""
    server_round_trips: RoundTrips | None
    interval_s: float
    """Width of the intervals of ``throughput_over_time``, in seconds."""
    idle_gaps: tuple[IdleGap, ...]
    """The longest spans of silence, longest first."""
    waiting: Waiting | None
