"""Tables of conversations and endpoints, made from counts of each direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from mypy_extensions import mypyc_attr

from pcap_report.model.traffic import Conversation, Traffic, TrafficEndpoint, TrafficLevel, TrafficOmitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_LISTED: Final = 200
_LEVELS: Final[tuple[TrafficLevel, ...]] = ("ipv4", "ipv6", "tcp", "udp")
_FIELDS: Final = {"ipv4": "ip.addr", "ipv6": "ipv6.addr"}


class Way(NamedTuple):
    """One direction of a conversation."""

    level: TrafficLevel
    source: str
    destination: str
    stream: int | None
    source_port: int | None
    destination_port: int | None

    @property
    def back(self) -> Way:
        """The other direction."""
        return Way(
            self.level,
            self.destination,
            self.source,
            self.stream,
            self.destination_port,
            self.source_port,
        )


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Count:
    """Packets and bytes of one direction."""

    __slots__ = ("byte_count", "first_ns", "last_ns", "packets")

    def __init__(self, time_ns: int) -> None:
        self.packets = self.byte_count = 0
        self.first_ns = self.last_ns = time_ns

    def add(self, length: int, time_ns: int) -> None:
        """Count a frame."""
        self.packets += 1
        self.byte_count += length
        if time_ns > self.last_ns:
            self.last_ns = time_ns
        elif time_ns < self.first_ns:
            self.first_ns = time_ns

    def merge(self, other: Count) -> None:
        """Add what another one counted."""
        self.packets += other.packets
        self.byte_count += other.byte_count
        self.first_ns = min(self.first_ns, other.first_ns)
        self.last_ns = max(self.last_ns, other.last_ns)


Counts = dict[Way, Count]


def merged(counts: Counts, way: Way, count: Count) -> None:
    """Add a count to what is known of a direction."""
    known = counts.get(way)
    if known is None:
        known = counts[way] = Count(count.first_ns)
    known.merge(count)


def tables_of(counts: Mapping[Way, Count], seconds: Callable[[int], float]) -> Traffic:
    """Make the tables.

    Args:
        counts: every direction on every level, in the order of the first packets.
        seconds: turns a time into seconds since the first packet of the capture.
    """
    conversations: list[Conversation] = []
    endpoints: list[TrafficEndpoint] = []
    omitted: list[TrafficOmitted] = []
    for level in _LEVELS:
        pairs = _pairs((way, count) for way, count in counts.items() if way.level == level)
        ends = _endpoints(level, pairs, seconds) if level in _FIELDS else []
        rows = [_conversation(way, *both, seconds) for way, both in pairs.items()]
        rows.sort(key=lambda row: -row.bytes)
        ends.sort(key=lambda row: -row.bytes)
        conversations += rows[:_LISTED]
        endpoints += ends[:_LISTED]
        if max(len(rows), len(ends)) > _LISTED:
            left = max(0, len(rows) - _LISTED), max(0, len(ends) - _LISTED)
            omitted.append(TrafficOmitted(level, *left))
    return Traffic(tuple(conversations), tuple(endpoints), tuple(omitted))


def _pairs(counts: Iterable[tuple[Way, Count]]) -> dict[Way, tuple[Count, Count | None]]:
    """Put both directions of each conversation together, under that of the first packet."""
    pairs: dict[Way, tuple[Count, Count | None]] = {}
    for way, count in sorted(counts, key=lambda one: one[1].first_ns):
        if way.back in pairs:
            pairs[way.back] = (pairs[way.back][0], count)
        else:
            pairs[way] = (count, None)
    return pairs


def _conversation(
    way: Way, there: Count, back: Count | None, seconds: Callable[[int], float]
) -> Conversation:
    answered = back or Count(there.first_ns)
    return Conversation(
        level=way.level,
        a=way.source,
        a_port=way.source_port,
        b=way.destination,
        b_port=way.destination_port,
        packets=there.packets + answered.packets,
        bytes=there.byte_count + answered.byte_count,
        packets_a_to_b=there.packets,
        bytes_a_to_b=there.byte_count,
        packets_b_to_a=answered.packets,
        bytes_b_to_a=answered.byte_count,
        first_s=seconds(min(there.first_ns, answered.first_ns)),
        last_s=seconds(max(there.last_ns, answered.last_ns)),
        stream=way.stream,
        display_filter=_filter(way),
    )


def _filter(way: Way) -> str:
    if way.stream is not None:
        return f"{way.level}.stream == {way.stream}"
    field = _FIELDS[way.level]
    if way.source == way.destination:
        layer = field.removesuffix(".addr")
        return f"{layer}.src == {way.source} && {layer}.dst == {way.destination}"
    return f"{field} == {way.source} && {field} == {way.destination}"


def _endpoints(
    level: TrafficLevel,
    pairs: Mapping[Way, tuple[Count, Count | None]],
    seconds: Callable[[int], float],
) -> list[TrafficEndpoint]:
    sent: dict[str, Count] = {}
    received: dict[str, Count] = {}
    for way, (there, back) in pairs.items():
        _count_end(sent, way.source, there)
        _count_end(received, way.destination, there)
        if back is not None:
            _count_end(sent, way.destination, back)
            _count_end(received, way.source, back)
    return [
        _endpoint(level, address, sent.get(address), received.get(address), seconds)
        for address in dict.fromkeys((*sent, *received))
    ]


def _count_end(counts: dict[str, Count], address: str, count: Count) -> None:
    known = counts.get(address)
    if known is None:
        known = counts[address] = Count(count.first_ns)
    known.merge(count)


def _endpoint(
    level: TrafficLevel,
    address: str,
    sent: Count | None,
    received: Count | None,
    seconds: Callable[[int], float],
) -> TrafficEndpoint:
    there = [count for count in (sent, received) if count is not None]
    return TrafficEndpoint(
        level=level,
        address=address,
        packets=sum(count.packets for count in there),
        bytes=sum(count.byte_count for count in there),
        sent_packets=sent.packets if sent else 0,
        sent_bytes=sent.byte_count if sent else 0,
        received_packets=received.packets if received else 0,
        received_bytes=received.byte_count if received else 0,
        first_s=seconds(min(count.first_ns for count in there)),
        last_s=seconds(max(count.last_ns for count in there)),
    )
