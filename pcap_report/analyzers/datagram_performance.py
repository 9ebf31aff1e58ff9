"""How much did each side send over time? QUIC and DTLS, whose own bookkeeping is encrypted.

QUIC's spin bit (RFC 9000, 17.4) is not read: an end may spin it at random, and nothing tells that it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.series import Buckets
from pcap_report.model.datagram_performance import DatagramDirection, DatagramPerformance

if TYPE_CHECKING:
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet


class _Sent:
    """What one side has sent so far."""

    __slots__ = ("byte_count", "datagrams", "first_ns", "last_ns")

    def __init__(self) -> None:
        self.datagrams = self.byte_count = self.first_ns = self.last_ns = 0

    def add(self, packet: Packet) -> None:
        if not self.datagrams:
            self.first_ns = packet.time_ns
        self.last_ns = packet.time_ns
        self.datagrams += 1
        self.byte_count += packet.payload

    def direction(self, series: tuple[tuple[float, int], ...]) -> DatagramDirection:
        span_s = (self.last_ns - self.first_ns) / 1e9
        return DatagramDirection(
            datagrams=self.datagrams,
            bytes=self.byte_count,
            throughput_bytes_per_s=self.byte_count / span_s if self.datagrams > 1 and span_s > 0 else None,
            throughput_over_time=series,
        )


class DatagramPerformanceAnalyzer(ConnectionAnalyzer[DatagramPerformance]):
    """Datagrams, bytes and throughput of both sides of a connection over UDP."""

    id = "datagram_performance"
    transports = frozenset(("quic", "dtls"))

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._client, self._server = _Sent(), _Sent()
        self._buckets = Buckets(flow.start_ns)

    def on_packet(self, packet: Packet) -> None:
        if not packet.payload:
            return
        (self._client if packet.from_client else self._server).add(packet)
        sent = (packet.payload, 0) if packet.from_client else (0, packet.payload)
        self._buckets.add(packet.time_ns, *sent)

    def result(self) -> DatagramPerformance | None:
        if self.flow.packets < 2:
            return None
        origin = self.flow.origin_ns
        return DatagramPerformance(
            client=self._client.direction(self._buckets.sums(0, origin)),
            server=self._server.direction(self._buckets.sums(1, origin)),
            interval_s=self._buckets.width_ns / 1e9,
        )
