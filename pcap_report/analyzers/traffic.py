"""Who talked to whom, and how much? Conversations and endpoints as in Wireshark's tables.

Every IP header counts that is not merely quoted by an ICMP error: a tunnel is a conversation, and what runs
through it is one too. Each of them is given the whole frame's bytes, as Wireshark does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy_extensions import mypyc_attr

from pcap_report.analyzers.base import CaptureAnalyzer, Part
from pcap_report.analyzers.traffic_path import FIELDS, addresses, datagrams_in, level_of, plan_of
from pcap_report.analyzers.traffic_tables import Count, Counts, Way, merged, tables_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.analyzers.base import Streams
    from pcap_report.analyzers.traffic_path import PathPlan
    from pcap_report.model.packet import Packet
    from pcap_report.model.traffic import Traffic

_KEPT: Final = 500_000
_Key = tuple[str, str, str, int | str]


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class TrafficAnalyzer(CaptureAnalyzer["Traffic | None"]):
    """Counts packets and bytes of each direction.

    Nearly all frames have one IP header, and cost one look-up each; their addresses are added up at the end.
    Where a host talks to itself, only the ports tell the directions apart.
    """

    id = "traffic"
    protocols = frozenset(("ip", "ipv6"))
    fields = FIELDS

    adds_up = True

    def __init__(self) -> None:
        self._simple: dict[_Key, tuple[Count, Way]] = {}
        self._counts: Counts = {}
        self._began: list[tuple[int, _Key | Way]] = []
        """What was counted for the first time, with the frame."""

    def on_packet(self, packet: Packet) -> None:
        plan = plan_of(packet.protocols)
        if not plan.is_simple or packet.source == packet.destination:
            self._add_headers(packet, plan)
            return
        stream: int | str = packet.stream if packet.stream is not None else ""
        if plan.datagrams:
            stream = packet.text(FIELDS[0]) or ""
        key = (packet.protocols, packet.source, packet.destination, stream)
        known = self._simple.get(key)
        if known is None:
            if len(self._simple) >= _KEPT:
                self.omitted += 1
                return
            known = self._simple[key] = (Count(packet.time_ns), _way(packet, plan))
            self._began.append((packet.frame, key))
        known[0].add(packet.length, packet.time_ns)

    def _add_headers(self, packet: Packet, plan: PathPlan) -> None:
        for header in plan.headers:
            ends = addresses(packet, header)
            if ends is not None:
                self._add(packet, Way(level_of(header), *ends, None, None, None))
        for source, source_port, destination, destination_port, stream in datagrams_in(packet, plan):
            self._add(packet, Way("udp", source, destination, stream, source_port, destination_port))
        if packet.stream is not None:
            self._add(packet, _tcp_way(packet))

    def _add(self, packet: Packet, way: Way) -> None:
        count = self._counts.get(way)
        if count is None:
            if len(self._counts) >= _KEPT:
                self.omitted += 1
                return
            count = self._counts[way] = Count(packet.time_ns)
            self._began.append((packet.frame, way))
        count.add(packet.length, packet.time_ns)

    def part(self) -> list[Part]:
        return [
            Part(
                frame,
                0,
                (self._counts[key], key, None) if isinstance(key, Way) else (*self._simple[key], key),
            )
            for frame, key in self._began
        ]

    def add_parts(self, parts: Sequence[Part], streams: Sequence[Streams]) -> None:
        for _, shard, (count, way, key) in parts:
            whole = _renumbered(way, streams[shard])
            if key is None:
                merged(self._counts, whole, count)
            else:
                stream = key[3] if whole.stream is None else type(key[3])(whole.stream)
                self._simple.setdefault((*key[:3], stream), (Count(count.first_ns), whole))[0].merge(count)

    def result(self) -> Traffic | None:
        if not self._simple and not self._counts:
            return None
        counts: Counts = {}
        for way, count in self._counts.items():
            merged(counts, way, count)
        for (path, source, destination, _), (count, way) in self._simple.items():
            merged(counts, Way(plan_of(path).level, source, destination, None, None, None), count)
            if way.stream is not None:
                merged(counts, way, count)
        return tables_of(counts, self.seconds)


def _renumbered(way: Way, streams: Streams) -> Way:
    if way.stream is None:
        return way
    return way._replace(stream=(streams.tcp if way.level == "tcp" else streams.udp)[way.stream])


def _way(packet: Packet, plan: PathPlan) -> Way:
    """Return the direction of a simple frame on the level of its ports, or of its addresses without any."""
    if packet.stream is not None:
        return _tcp_way(packet)
    for source, source_port, destination, destination_port, stream in datagrams_in(packet, plan):
        return Way("udp", source, destination, stream, source_port, destination_port)
    return Way(plan.level, packet.source, packet.destination, None, None, None)


def _tcp_way(packet: Packet) -> Way:
    ends = (packet.source_port, packet.destination_port)
    return Way("tcp", packet.source, packet.destination, packet.stream, *ends)
