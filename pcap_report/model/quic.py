"""Facts about a QUIC connection (RFC 9000, RFC 9001, RFC 9369)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pcap_report.model.evidence import Side

QuicPacketType = Literal[
    "initial", "zero_rtt", "handshake", "retry", "version_negotiation", "one_rtt", "unknown"
]
"""The kinds of packets (RFC 9000, 17); ``unknown`` in a version that tshark cannot read."""


class QuicPackets(Struct, frozen=True):
    """The packets of one kind. A datagram may hold several (RFC 9000, 12.2)."""

    type: QuicPacketType
    client_packets: int
    client_bytes: int
    """Bytes of these packets in their datagrams, headers included, padding behind them left out."""
    server_packets: int
    server_bytes: int
    client_first_frame: int | None
    server_first_frame: int | None
    frames: tuple[int, ...]
    """The frames that hold one."""
    frames_omitted: int = 0


class VersionNegotiation(Struct, frozen=True):
    """The server knows none of the client's version and lists its own (RFC 9000, 6)."""

    frame: int
    versions: tuple[str, ...]
    """Offered by the server, GREASE left out."""


class Retry(Struct, frozen=True):
    """The server asks the client to prove its address (RFC 9000, 8.1.2)."""

    frame: int
    token_length: int | None
    """Bytes of the token that the client has to send back."""
    scid: str | None
    """The connection id by which the server wants to be called from now on, in hexadecimal."""
    second_initial_frame: int | None
    """The client's first Initial that brings the token back."""


class ConnectionClose(Struct, frozen=True):
    """A CONNECTION_CLOSE frame (RFC 9000, 19.19); visible in Initial packets, elsewhere with keys only."""

    frame: int
    sender: Side
    kind: Literal["transport", "application"]
    error_code: int | None
    error: str | None
    """The code's name (RFC 9000, 20.1; RFC 9114, 8.1); ``CRYPTO_ERROR (…)`` with the TLS alert."""
    reason: str | None
    """The sender's own words: text out of a packet."""


class Quic(Struct, frozen=True):
    """How a QUIC connection was set up, what travelled, and how it was closed as far as that can be seen."""

    connection_numbers: tuple[int, ...]
    """tshark's ``quic.connection.number``; several where it took a packet for a new connection's."""
    udp_streams: tuple[int, ...]
    """tshark's ``udp.stream`` of its paths: more than one after a migration (RFC 9000, 9)."""
    version: str | None
    """The version in use: ``QUIC v1``, ``QUIC v2``, ``QUIC draft-29``."""
    version_number: int | None
    original_version: str | None
    """The version of the client's first packet."""
    version_negotiation: VersionNegotiation | None
    retry: Retry | None
    client_initial_dcid: str | None
    """The random id by which the client first called the server; the Initial keys come from it."""
    client_scid: str | None
    """The client's id for itself: "" when it chose an empty one."""
    server_scid: str | None
    outcome: Literal["complete", "incomplete", "failed", "unanswered", "not_captured"]
    """``complete``: the client sent 1-RTT packets; ``not_captured``: it began before the capture."""
    rtt_ms: float | None
    """From the client's Initial to the server's first Initial that acknowledges it, or to its Retry."""
    packets: tuple[QuicPackets, ...]
    """By kind, in the order in which a connection uses them."""
    closes: tuple[ConnectionClose, ...]
    rtt_frames: tuple[int, ...] = ()
    """The two frames between which ``rtt_ms`` was measured."""
    unnumbered_frames: int = 0
    """Datagrams that tshark could not give to a connection by its ids, and that belong to it by its ends."""
    decrypted: bool = False
    """The capture holds secrets with which 1-RTT packets could be read."""
