"""The flow table: gives every TCP packet its connection, and every connection its two ends.

Packets of a connection whose beginning was not captured wait, a few dozen at most, until one of them tells
client from server; then they go on in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mypy_extensions import mypyc_attr

from pcap_report.flow.orientation import Orientation, from_packet, from_ports
from pcap_report.flow.zeek import History
from pcap_report.model.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcap_report.flow.course import Course
    from pcap_report.model.packet import Packet

_WAITING_LIMIT: Final = 40


TRACKED: Final = ("byte_count", "client_mac", "client_payload", "server_mac", "server_payload", "started")
"""The counters of a tracked flow; they can be handed to another process."""


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class TrackedFlow(Flow):
    """A flow with its counters, as the table keeps it."""

    __slots__ = (*TRACKED, "analyzers", "early", "history", "waiting")

    def __init__(self, number: int, first: Packet, origin_ns: int) -> None:
        super().__init__(number, first.frame, first.time_ns, origin_ns)
        self.waiting: list[Packet] = []
        self.analyzers: list[Any] = []
        """The connection's analyzers; Any because each has a result type of its own."""
        self.early: tuple[int, list[tuple[Any, Any]]] | None = None
        """Its analyzers with what they found, and after how many packets: good as long as no more came."""
        self.started = False
        self.history: Course = History()
        self.byte_count = self.client_payload = self.server_payload = 0
        self.client_mac = self.server_mac = ""

    def orient(self, orientation: Orientation) -> None:
        """Fix which end is the client."""
        self.client, self.server, self.basis = orientation

    def count(self, packet: Packet) -> None:
        """Say which side sent the packet, and add it to the totals."""
        address, port = self.client
        packet.from_client = packet.source_port == port and packet.source == address
        self.add(packet)

    def add(self, packet: Packet) -> None:
        """Add the packet to the totals of the side that sent it."""
        self.packets += 1
        self.byte_count += packet.length
        self.last_frame = packet.frame
        self.last_ns = max(self.last_ns, packet.time_ns)
        if packet.from_client:
            self.client_packets += 1
            self.client_payload += packet.payload
            if not self.client_mac:
                self.client_mac = packet.source_mac
            if not self.server_mac:
                self.server_mac = packet.destination_mac
        else:
            self.server_packets += 1
            self.server_payload += packet.payload
            if not self.server_mac:
                self.server_mac = packet.source_mac
            if not self.client_mac:
                self.client_mac = packet.destination_mac
        self.history.see(packet)


class FlowTable:
    """All connections of a capture, by stream number."""

    def __init__(self) -> None:
        self.flows: dict[int, TrackedFlow] = {}

    def place(self, packet: Packet, origin_ns: int) -> tuple[TrackedFlow, Iterable[Packet]]:
        """Find the packet's connection, and the packets that are ready to be looked at, in order."""
        stream = packet.stream
        assert stream is not None  # the caller places TCP packets only
        flow = self.flows.get(stream)
        if flow is None:
            flow = self.flows[stream] = TrackedFlow(stream, packet, origin_ns)
        if flow.basis is not None:
            flow.count(packet)
            return flow, (packet,)
        flow.waiting.append(packet)
        orientation = from_packet(packet)
        if orientation is None and len(flow.waiting) < _WAITING_LIMIT:
            return flow, ()
        return flow, self._release(flow, orientation or from_ports(flow.waiting))

    def release_waiting(self) -> Iterator[tuple[TrackedFlow, list[Packet]]]:
        """At the end of the capture, yield what still waits; the ports decide."""
        for flow in self.flows.values():
            if flow.waiting:
                yield flow, self._release(flow, from_ports(flow.waiting))

    @staticmethod
    def _release(flow: TrackedFlow, orientation: Orientation) -> list[Packet]:
        flow.orient(orientation)
        ready, flow.waiting = flow.waiting, []
        for packet in ready:
            flow.count(packet)
        return ready
