"""The one pass over the packets: count, place them into connections, feed the analyzers.

This loop runs for every packet. What depends only on the protocol path is worked out once per path.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pcap_report.analyzers.base import CaptureAnalyzer, ConnectionAnalyzer
from pcap_report.engine.clock import Clock
from pcap_report.engine.connections import BUILT_IN_KEYS, finish_early
from pcap_report.flow.datagrams import DatagramKind, DatagramTable, datagram_kind
from pcap_report.flow.table import FlowTable, TrackedFlow
from pcap_report.model.packet import FIN, RST, SYN, Packet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.engine.attempts import Attempts
    from pcap_report.engine.options import Progress

_PROGRESS_EVERY: Final = 5000
_KEPT_PACKETS: Final = 24
KEPT_FLOWS: Final = 200
"""Connections whose packets are kept for their anatomy."""
_PAIRS_KEPT: Final = 20_000
_MARKED: Final = SYN | FIN | RST
_LAST: Final = FIN | RST
_LINGERS: Final = 1000
_HELLOS: Final = ("tls.handshake.type", "dtls.handshake.type")
_Made = TypeVar("_Made", ConnectionAnalyzer[Any], CaptureAnalyzer[Any])


def _may_hold_hello(packet: Packet) -> bool:
    """Look at the path first: it is a short text, and most packets carry no TLS."""
    return "tls" in packet.protocols and any(packet.has(field) for field in _HELLOS)


class PathCount:
    """Packets and bytes of one protocol path, and who wants to see them."""

    __slots__ = ("analyzers", "byte_count", "datagram", "packets")

    def __init__(self, analyzers: list[CaptureAnalyzer[Any]], datagram: DatagramKind | None) -> None:
        self.packets = self.byte_count = 0
        self.analyzers = analyzers
        self.datagram = datagram


class Reading:
    """What the pass over the packets leaves behind."""

    def __init__(
        self,
        kinds: Sequence[AnalyzerKind],
        attempts: Attempts,
        progress: Progress | None,
        origin_ns: int | None = None,
    ) -> None:
        """Begin with nothing.

        Args:
            kinds: the analyzers.
            attempts: how they fare.
            progress: who is told how many packets were read.
            origin_ns: the time from which seconds are counted; None for the first packet's.
        """
        self._origin_ns = origin_ns
        self._attempts = attempts
        self._progress = progress
        self._connection_kinds = [kind for kind in kinds if issubclass(kind, ConnectionAnalyzer)]
        self.capture_analyzers = [
            made for kind in kinds if issubclass(kind, CaptureAnalyzer) and (made := self._make(kind))
        ]
        self.table = FlowTable()
        self.datagrams = DatagramTable()
        self.paths: dict[str, PathCount] = {}
        self.packets = 0
        self.clock = Clock()
        self.snapped = 0
        self.mac_addresses: dict[str, set[str]] = {}
        """IP addresses that each MAC address sent from; for telling routers."""
        self.vendors: dict[str, str] = {}
        self.kept: dict[int, dict[int, Packet]] = {}
        """Packets whose anatomy may be wanted, by connection and frame; filled after the last packet."""
        self.kept_elsewhere: set[int] = set()
        """Connections whose kept packets come with their analyzers, where other processes read them."""
        self.not_read_again = 0
        """Connections with TLS that only a second look would show, beyond what is read again."""
        self.hellos_not_compared = 0
        """TLS hellos in the bytes of the file, beyond those that were held against what was read."""
        self._kept: dict[TrackedFlow, dict[int, Packet]] = {}
        self.lingers = _LINGERS
        """Packets for which a connection is waited for after a FIN or RST: most say nothing more then."""
        self._ending: deque[tuple[int, TrackedFlow]] = deque()
        self._finishes_early = all(kind.id in BUILT_IN_KEYS for kind in self._connection_kinds)
        self._pairs: set[tuple[str, str]] = set()

    def read(self, packets: Iterable[Packet]) -> None:
        """Take all packets of the capture."""
        paths = self.paths
        clock = self.clock
        origin_ns = 0
        for packet in packets:
            self.packets += 1
            if packet.row[1]:
                if clock.first_ns is None:
                    origin_ns = self.begin(packet.time_ns)
                clock.tick(packet.frame, packet.time_ns)
            else:
                packet.time_ns = clock.now_ns  # pcapng has blocks without a time: they stand where they lie
            path = paths.get(packet.protocols)
            if path is None:
                path = paths[packet.protocols] = self.new_path(packet.protocols)
            path.packets += 1
            path.byte_count += packet.length
            if packet.captured < packet.length:
                self.snapped += 1
            if path.analyzers:
                self.feed_capture_analyzers(path.analyzers, packet)
            if (packet.source_mac, packet.source) not in self._pairs:
                self._note_sender(packet)
            if packet.stream is not None:
                flow, ready = self.table.place(packet, origin_ns)
                for one in ready:
                    self._feed(flow, one)
            elif path.datagram is not None:
                self._place_datagram(packet, path.datagram, origin_ns)
            if self._progress is not None and self.packets % _PROGRESS_EVERY == 0:
                self._progress(self.packets)
        self._finish()

    def begin(self, time_ns: int) -> int:
        """Take the time of the first packet; return the one from which seconds are counted."""
        origin_ns = time_ns if self._origin_ns is None else self._origin_ns
        self.clock.begin(origin_ns)
        self.clock.now_ns = time_ns
        for analyzer in self.capture_analyzers:
            analyzer.origin_ns = origin_ns
        return origin_ns

    def _finish(self) -> None:
        for table in (self.table, self.datagrams):
            for flow, waiting in table.release_waiting():
                for one in waiting:
                    self._feed(flow, one)
        self.datagrams.settle(max(self.table.flows, default=-1) + 1)
        self.kept = {flow.number: packets for flow, packets in self._kept.items()}

    def finish_one(self) -> bool:
        """Finish a connection that seems to be over, while there is nothing else to do; False without one."""
        ending = self._ending
        while ending and self._finishes_early and self.packets - ending[0][0] >= self.lingers:
            _, flow = ending.popleft()
            if flow.early is None or flow.early[0] != flow.packets:
                finish_early(flow)
                return True
        return False

    def _place_datagram(self, packet: Packet, kind: DatagramKind, origin_ns: int) -> None:
        placed = self.datagrams.place(packet, kind, origin_ns)
        if placed is not None:
            flow, ready = placed
            for one in ready:
                self._feed(flow, one)

    def new_path(self, path: str) -> PathCount:
        """Begin to count the packets of a protocol path."""
        return PathCount(self._interested(path), datagram_kind(path))

    def _make(self, kind: type[_Made], *flow: TrackedFlow) -> _Made | None:
        make: Callable[..., _Made] = kind
        try:
            return make(*flow)
        except Exception as error:  # any failure of a unit becomes a row of the report
            self._attempts.failed(kind, error)
            return None

    def _interested(self, path: str) -> list[CaptureAnalyzer[Any]]:
        layers = set(path.split(":"))
        return [analyzer for analyzer in self.capture_analyzers if layers & analyzer.protocols]

    def feed_capture_analyzers(self, analyzers: list[CaptureAnalyzer[Any]], packet: Packet) -> None:
        """Let these analyzers see a packet."""
        for analyzer in analyzers:
            try:
                analyzer.on_packet(packet)
            except Exception as error:  # any failure of a unit becomes a row of the report
                self._attempts.failed(analyzer, error)
                for path in self.paths.values():
                    path.analyzers = [other for other in path.analyzers if other is not analyzer]

    def _feed(self, flow: TrackedFlow, packet: Packet) -> None:
        if flow.packets and not flow.analyzers and not flow.started:
            flow.started = True
            flow.analyzers = [
                made
                for kind in self._connection_kinds
                if flow.protocol in kind.transports and (made := self._make(kind, flow))
            ]
        if packet.flags & _MARKED or (packet.payload and _may_hold_hello(packet)):
            self._keep(flow, packet)
            if packet.flags & _LAST:
                self._ending.append((self.packets, flow))
        for analyzer in flow.analyzers:
            try:
                analyzer.on_packet(packet)
            except Exception as error:  # any failure of a unit becomes a row of the report
                self._attempts.failed(analyzer, error)
                flow.analyzers = [other for other in flow.analyzers if other is not analyzer]

    def _keep(self, flow: TrackedFlow, packet: Packet) -> None:
        """Keep the packets that open or close a connection, and those around a TLS hello."""
        kept = self._kept.get(flow)
        if kept is None:
            if len(self._kept) >= KEPT_FLOWS:
                return
            kept = self._kept[flow] = {}
        if len(kept) < _KEPT_PACKETS:
            kept[packet.frame] = packet

    def _note_sender(self, packet: Packet) -> None:
        if len(self._pairs) < _PAIRS_KEPT:
            vendor = (packet.texts("eth.src.oui_resolved") or [""])[-1]
            self.note_sender(packet.source_mac, packet.source, vendor)

    def note_sender(self, mac: str, address: str, vendor: str) -> None:
        """Remember that a MAC address sent from an IP address; either may be ""."""
        if len(self._pairs) >= _PAIRS_KEPT:
            return
        self._pairs.add((mac, address))
        if mac and address:
            self.mac_addresses.setdefault(mac, set()).add(address)
        if mac and mac not in self.vendors:
            self.vendors[mac] = vendor
