"""How well did it go? Round trips, data in flight, throughput, silence, and who waited for whom.

Round-trip times and bytes in flight are Wireshark's (``tcp.analysis.ack_rtt``, ``bytes_in_flight``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy_extensions import mypyc_attr

from pcap_report.analyzers import tcp_flags
from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.filters import frame_filter, in_stream
from pcap_report.analyzers.proof import claim, side_of
from pcap_report.analyzers.sender import Sender
from pcap_report.analyzers.series import Buckets
from pcap_report.analyzers.waiting import waiting_of
from pcap_report.model.message import msg
from pcap_report.model.packet import nanoseconds
from pcap_report.model.tcp_performance import IdleGap, TcpPerformance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.evidence import Claim
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

ACK_RTT: Final = "tcp.analysis.ack_rtt"
IN_FLIGHT: Final = "tcp.analysis.bytes_in_flight"
_GAPS_LISTED: Final = 5
_SHORTEST_GAP_NS: Final = 1_000_000_000


def _milliseconds(seconds: str) -> float:
    try:
        return float(seconds) * 1000
    except ValueError:  # the clock is damaged
        return nanoseconds(seconds) / 1e6


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class TcpPerformanceAnalyzer(ConnectionAnalyzer[TcpPerformance]):
    """Round-trip times, bytes in flight, throughput, idle gaps, and waiting times of a connection."""

    id = "tcp_performance"
    fields = (ACK_RTT, IN_FLIGHT, tcp_flags.ANY, *tcp_flags.RETRANSMISSIONS)

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._client, self._server = Sender(), Sender()
        self._buckets = Buckets(flow.start_ns)
        self._gaps: list[IdleGap] = []
        self._last_frame = flow.first_frame
        self._last_ns = flow.start_ns

    def on_packet(self, packet: Packet) -> None:
        time_ns = packet.time_ns
        if time_ns - self._last_ns >= _SHORTEST_GAP_NS:
            self._on_gap(packet)
        self._last_frame, self._last_ns = packet.frame, time_ns
        round_trip_s = packet.text(ACK_RTT)
        if round_trip_s:
            receiver = self._server if packet.from_client else self._client
            receiver.acknowledged(time_ns, _milliseconds(round_trip_s))
        if packet.payload:
            self._on_payload(packet, self._client if packet.from_client else self._server)

    def _on_payload(self, packet: Packet, sender: Sender) -> None:
        again = tcp_flags.is_flagged(packet, tcp_flags.RETRANSMISSIONS)
        sender.segment(packet, again=again, in_flight=packet.number(IN_FLIGHT))
        if packet.from_client:
            self._buckets.add(packet.time_ns, packet.payload, 0)
        else:
            self._buckets.add(packet.time_ns, 0, packet.payload)

    def _on_gap(self, packet: Packet) -> None:
        gap = IdleGap(
            after_frame=self._last_frame,
            before_frame=packet.frame,
            start_s=self.flow.seconds(self._last_ns),
            duration_ms=(packet.time_ns - self._last_ns) / 1e6,
            ended_by=side_of(packet.from_client),
        )
        self._gaps.append(gap)
        if len(self._gaps) > _GAPS_LISTED:
            self._gaps.sort(key=lambda one: -one.duration_ms)
            self._gaps.pop()

    def result(self) -> TcpPerformance | None:
        if self.flow.packets < 2:
            return None
        origin = self.flow.origin_ns
        return TcpPerformance(
            client=self._client.direction(origin, self._buckets.sums(0, origin)),
            server=self._server.direction(origin, self._buckets.sums(1, origin)),
            client_round_trips=self._client.round_trips(origin),
            server_round_trips=self._server.round_trips(origin),
            interval_s=self._buckets.width_ns / 1e9,
            idle_gaps=tuple(sorted(self._gaps, key=lambda gap: -gap.duration_ms)),
            waiting=waiting_of(self.flow.facts),
        )

    def claims(self, result: TcpPerformance) -> Sequence[Claim]:
        claims: list[Claim] = []
        for number, gap in enumerate(result.idle_gaps, start=1):
            frames = [gap.after_frame, gap.before_frame]
            claims.append(
                claim(
                    f"tcp_performance.idle_gap.{number}",
                    msg(
                        "Silence for %(length_ms)s; the %(side_term)s speaks first again.",
                        length_ms=gap.duration_ms,
                        side_term=gap.ended_by,
                    ),
                    frames,
                    in_stream(self.flow.number, frame_filter(frames)),
                )
            )
        return claims
