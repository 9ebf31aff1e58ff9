"""Facts about how a connection over UDP (QUIC, DTLS) performed: what can be seen without its keys."""

from __future__ import annotations

from msgspec import Struct


class DatagramDirection(Struct, frozen=True):
    """What one side sent."""

    datagrams: int
    """UDP datagrams with payload."""
    bytes: int
    """Payload of UDP: headers, handshake and acknowledgements of the protocol inside it included."""
    throughput_bytes_per_s: float | None
    """Payload over the time from this side's first to its last datagram; None below two."""
    throughput_over_time: tuple[tuple[float, int], ...]
    """Start of an interval in seconds, and payload bytes in it."""


class DatagramPerformance(Struct, frozen=True):
    """How the connection performed. Losses and round trips after the handshake stay inside the encryption."""

    client: DatagramDirection
    server: DatagramDirection
    interval_s: float
    """Width of the intervals of ``throughput_over_time``, in seconds."""
