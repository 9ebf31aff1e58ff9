"""Facts about TCP: how the connection was set up, what went wrong, and how it ended (RFC 9293)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pcap_report.model.evidence import Side

HandshakeOutcome = Literal["complete", "refused", "unanswered", "incomplete", "not_captured"]
Opening = Literal["three_way", "simultaneous", "split"]


class SynSegment(Struct, frozen=True, rename={"sender": "from"}):
    """A SYN or a SYN+ACK with its options (RFC 9293, 3.2; RFC 7323; RFC 2018)."""

    frame: int
    time_s: float
    """Seconds since the first packet of the capture."""
    seq: int
    """Relative sequence number: 0."""
    ack: int | None
    """Relative acknowledgement number; None without the ACK flag."""
    mss: int | None
    """Maximum segment size in bytes; None when the option is absent."""
    window: int
    """Window in bytes; a SYN's window is never scaled."""
    window_scale: int | None
    """Shift count; None when the option is absent."""
    sack_permitted: bool
    timestamps: bool
    length: int
    """Bytes of the frame on the wire."""
    sender: Side


class AckSegment(Struct, frozen=True, rename={"sender": "from"}):
    """The segment that completes the handshake; in a simultaneous open it may be the second SYN+ACK."""

    frame: int
    time_s: float
    seq: int
    ack: int
    window: int
    """Window field as sent, before scaling."""
    sender: Side
    """The client; the server where it was the client that sent the SYN+ACK."""


class TcpHandshake(Struct, frozen=True):
    """The three-way handshake (RFC 9293, 3.5)."""

    outcome: HandshakeOutcome
    syn: SynSegment | None
    syn_ack: SynSegment | None
    ack: AckSegment | None
    rtt_ms: float | None
    """Milliseconds from the SYN that was answered to the ACK, as seen where the capture was made; None where
    the ends did not meet in three ways."""
    syn_to_syn_ack_ms: float | None
    syn_ack_to_ack_ms: float | None
    syn_retries: tuple[int, ...] = ()
    """Frames of the client's SYNs that repeat the first."""
    refused_frame: int | None = None
    """The RST that answered the SYN."""
    syn_retry_waits_ms: tuple[float, ...] = ()
    """Milliseconds that the client waited before each of ``syn_retries``, since its SYN before."""
    syn_ack_retries: tuple[int, ...] = ()
    """Frames of further SYN+ACKs from the side that sent ``syn_ack``."""
    server_syn: SynSegment | None = None
    """A SYN without ACK from the server: both ends open (RFC 9293, 3.5), or the server splits its SYN+ACK."""
    opening: Opening | None = None
    """How the ends met: SYN, SYN+ACK, ACK; SYNs that cross, each acknowledged by a SYN+ACK; or a server that
    answers with a SYN of its own, which the client acknowledges. None where that is not in the capture."""
    other_syn_acks: tuple[int, ...] = ()
    """Those of ``syn_ack_retries`` that begin at another sequence number than the SYN+ACK before them: no
    repetitions, but other answers (RFC 9293, 3.4.1)."""

    @property
    def repeated_syn_acks(self) -> tuple[int, ...]:
        """Frames that repeat a SYN+ACK."""
        return tuple(frame for frame in self.syn_ack_retries if frame not in self.other_syn_acks)

    @property
    def syn_frames(self) -> tuple[int, ...]:
        """Frames of all SYNs without ACK, the server's included."""
        first = tuple(one.frame for one in (self.syn, self.server_syn) if one)
        return tuple(sorted((*first, *self.syn_retries)))

    @property
    def syn_ack_frames(self) -> tuple[int, ...]:
        """Frames of the SYN+ACKs of the side that sent the first."""
        return (self.syn_ack.frame, *self.syn_ack_retries) if self.syn_ack else ()


class FlaggedFrames(Struct, frozen=True):
    """The frames that carry one of Wireshark's analysis flags."""

    count: int
    frames: tuple[int, ...]
    """The first frames, in order; ``count`` counts all."""
    client_count: int
    """How many of them the client sent."""
    server_count: int
    corrected_count: int | None = None
    """The count without frames whose packet the capture holds already; None when there are none of those."""

    @property
    def packets(self) -> int:
        """How many packets carry the flag, each counted once, however often the capture holds it."""
        return self.count if self.corrected_count is None else self.corrected_count


class TcpPhenomena(Struct, frozen=True):
    """Wireshark's analysis flags, by flag; the names are those of ``tcp.analysis.*``."""

    retransmission: FlaggedFrames
    fast_retransmission: FlaggedFrames
    spurious_retransmission: FlaggedFrames
    duplicate_ack: FlaggedFrames
    out_of_order: FlaggedFrames
    lost_segment: FlaggedFrames
    ack_lost_segment: FlaggedFrames
    zero_window: FlaggedFrames
    zero_window_probe: FlaggedFrames
    zero_window_probe_ack: FlaggedFrames
    window_full: FlaggedFrames
    window_update: FlaggedFrames
    keep_alive: FlaggedFrames
    keep_alive_ack: FlaggedFrames
    reused_ports: FlaggedFrames


class Fin(Struct, frozen=True, rename={"sender": "from"}):
    """A FIN with the acknowledgement that it got."""

    frame: int
    sender: Side
    seq: int
    """Relative sequence number of the FIN itself: that of its segment plus the payload in it."""
    ack: int
    acked_in: int | None
    """Frame of the first segment from the other side that acknowledges the FIN: seq + 1."""
    acked_with: int | None
    """The acknowledgement number in that frame."""
    time_s: float


class Reset(Struct, frozen=True, rename={"sender": "from"}):
    """A segment with the RST flag."""

    frame: int
    sender: Side
    time_s: float
    seq: int


TeardownOutcome = Literal["orderly", "reset", "reset_after_fin", "half_closed", "open"]


class Teardown(Struct, frozen=True):
    """How the connection ended (RFC 9293, 3.6)."""

    outcome: TeardownOutcome
    initiator: Literal["client", "server", "both"] | None
    fins: tuple[Fin, ...]
    resets: tuple[Reset, ...]
    last_ack_frame: int | None
    """The frame that acknowledges the second FIN."""
    repeated_fins: tuple[int, ...] = ()
    """Frames of FINs sent again."""
