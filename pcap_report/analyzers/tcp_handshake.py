"""How was the connection set up? The three-way handshake and its rarer kin (RFC 9293, section 3.5).

Measures only; the sentences and arrows stand in ``tcp_handshake_story``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy_extensions import mypyc_attr

from pcap_report.analyzers import tcp_handshake_story
from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.proof import side_of
from pcap_report.analyzers.tcp_handshake_sizes import MSS, WINDOW_SCALE
from pcap_report.model.packet import ACK, RST, SYN, Packet
from pcap_report.model.tcp import AckSegment, HandshakeOutcome, Opening, SynSegment, TcpHandshake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.evidence import Claim, Step
    from pcap_report.model.flow import Flow

SACK_PERMITTED: Final = "tcp.options.sack_perm"
TIMESTAMP: Final = "tcp.options.timestamp.tsval"
OTHER_START: Final = "tcp.analysis.reused_ports"
"""On a SYN+ACK: it begins at another number than the one before, which relative numbers do not show."""

_RETRIES_LISTED: Final = 10_000
_ACKS_THE_SYN: Final = 1
_HALF_OF_ALL: Final = 1 << 31
"""Sequence numbers are compared modulo 2**32: an acknowledgement from here on lies before the SYN."""


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class TcpHandshakeAnalyzer(ConnectionAnalyzer[TcpHandshake]):
    """SYN, SYN+ACK, ACK: frames, options, round-trip time, and how it went."""

    id = "tcp_handshake"
    fields = (MSS, WINDOW_SCALE, SACK_PERMITTED, TIMESTAMP, OTHER_START)

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._syn: SynSegment | None = None
        self._last_syn_ns = 0
        self._retries: list[int] = []
        self._retry_waits_ms: list[float] = []
        self._latest_syn_ns = 0
        self._server_syn: SynSegment | None = None
        self._server_answers = False
        self._syn_ack: SynSegment | None = None
        self._syn_ack_ns = 0
        self._syn_ack_retries: list[int] = []
        self._other_syn_acks: list[int] = []
        self._ack: AckSegment | None = None
        self._ack_ns = 0
        self._refused: int | None = None
        self._client_acks = False
        self._settled = False

    def on_packet(self, packet: Packet) -> None:
        if packet.flags & SYN:
            self._on_any_syn(packet)
        elif self._settled:
            return
        elif packet.flags & RST:
            self._on_rst(packet)
        elif packet.flags & ACK:
            self._on_ack(packet)

    def _on_any_syn(self, packet: Packet) -> None:
        if packet.is_syn and packet.from_client:
            self._on_syn(packet)
        elif packet.is_syn:
            if self._server_syn is None and not self._settled:
                self._server_syn = self._segment(packet)
                self.flow.mark(packet)
        elif not packet.from_client or self._server_syn is not None:
            self._on_syn_ack(packet)
        elif not self._settled:
            self._on_ack(packet)

    def _on_syn_ack(self, packet: Packet) -> None:
        self._server_answers |= not packet.from_client
        if self._syn_ack is None:
            if not self._settled:
                self._syn_ack, self._syn_ack_ns = self._segment(packet), packet.time_ns
        elif self._syn_ack.sender == side_of(packet.from_client):
            if len(self._syn_ack_retries) < _RETRIES_LISTED:
                self._syn_ack_retries.append(packet.frame)
                if packet.has(OTHER_START):
                    self._other_syn_acks.append(packet.frame)
                self.flow.mark(packet)
        elif not self._settled:
            self._on_ack(packet)

    def _on_rst(self, packet: Packet) -> None:
        if self._syn is None or self._syn_ack is not None or packet.from_client:
            self._settled = True
        elif self._refused is None:
            # the client may try again from the same port
            self._refused = packet.frame
            self.flow.mark(packet)

    def _on_ack(self, packet: Packet) -> None:
        self._client_acks |= packet.from_client
        sender = side_of(packet.from_client)
        if self._syn_ack is None or self._syn_ack.sender == sender:
            return
        if _ACKS_THE_SYN <= packet.ack < _HALF_OF_ALL:
            self._ack = AckSegment(
                packet.frame, self.flow.seconds(packet.time_ns), packet.seq, packet.ack, packet.window, sender
            )
            self._ack_ns = packet.time_ns
            self._settled = True

    def _on_syn(self, packet: Packet) -> None:
        self.flow.mark(packet)
        if self._syn is None:
            self._syn = self._segment(packet)
        elif len(self._retries) < _RETRIES_LISTED:
            self._retries.append(packet.frame)
            self._retry_waits_ms.append((packet.time_ns - self._latest_syn_ns) / 1_000_000)
        self._latest_syn_ns = packet.time_ns
        if self._syn_ack is None:
            self._last_syn_ns = packet.time_ns

    def _segment(self, packet: Packet) -> SynSegment:
        return SynSegment(
            frame=packet.frame,
            time_s=self.flow.seconds(packet.time_ns),
            seq=packet.seq,
            ack=packet.ack if packet.flags & ACK else None,
            mss=packet.number(MSS),
            window=packet.window,
            window_scale=packet.number(WINDOW_SCALE),
            sack_permitted=packet.has(SACK_PERMITTED),
            timestamps=packet.has(TIMESTAMP),
            length=packet.length,
            sender=side_of(packet.from_client),
        )

    def result(self) -> TcpHandshake:
        # 0: no SYN stands before the SYN+ACK, and what was captured out of order tells no duration
        in_three = self._server_syn is None
        first = self._last_syn_ns or None if in_three else None
        answered = self._syn_ack_ns if self._syn_ack and in_three else None
        completed = self._ack_ns if self._ack and in_three else None
        return TcpHandshake(
            outcome=self._outcome(),
            syn=self._syn,
            syn_ack=self._syn_ack,
            ack=self._ack,
            rtt_ms=_between(first, completed),
            syn_to_syn_ack_ms=_between(first, answered),
            syn_ack_to_ack_ms=_between(answered, completed),
            syn_retries=tuple(self._retries),
            refused_frame=self._refused,
            syn_retry_waits_ms=tuple(self._retry_waits_ms),
            syn_ack_retries=tuple(self._syn_ack_retries),
            server_syn=self._server_syn,
            opening=self._opening(),
            other_syn_acks=tuple(self._other_syn_acks),
        )

    def _opening(self) -> Opening | None:
        if self._syn is None or self._syn_ack is None:
            return None
        if self._server_syn is None:
            return "three_way"
        return "simultaneous" if self._server_answers else "split"

    def _outcome(self) -> HandshakeOutcome:
        if self._syn is None and self._syn_ack is None:
            return "not_captured"
        if self._syn is not None and self._syn_ack is not None and self._ack is not None:
            return "complete"
        if self._refused is not None and self._syn_ack is None:
            return "refused"
        silent = self._syn_ack is None and self.flow.server_packets == 0
        if silent and not self._client_acks:
            return "unanswered"
        return "incomplete"

    def key_frames(self, result: TcpHandshake) -> Sequence[tuple[int, str]]:
        shown = (
            ("syn", result.syn),
            ("syn", result.server_syn),
            ("syn_ack", result.syn_ack),
            ("ack", result.ack),
        )
        return [(segment.frame, role) for role, segment in shown if segment is not None]

    def steps(self, result: TcpHandshake) -> Sequence[Step]:
        return tcp_handshake_story.steps(self.flow, result)

    def claims(self, result: TcpHandshake) -> Sequence[Claim]:
        return tcp_handshake_story.claims(self.flow, result)


def _between(start_ns: int | None, end_ns: int | None) -> float | None:
    """Milliseconds from one time to another; None where one is unknown."""
    if start_ns is None or end_ns is None:
        return None
    return (end_ns - start_ns) / 1_000_000
