"""Put the parts of a capture together: the reading that a single pass would have left."""

from __future__ import annotations

import heapq
from array import array
from itertools import repeat
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.base import Streams
from pcap_report.capture.columns import STREAM, columns_for
from pcap_report.capture.rows import RowParser
from pcap_report.engine.fields import declared_fields
from pcap_report.engine.reading import KEPT_FLOWS, Reading
from pcap_report.engine.sharding.part import FRAME_NUMBER, TIME, NotSeparableError
from pcap_report.engine.sharding.replay import Replay
from pcap_report.flow.datagrams import QUIC_NUMBER, UDP_STREAM
from pcap_report.model.packet import renumbered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.engine.attempts import Attempts
    from pcap_report.engine.options import Progress
    from pcap_report.engine.sharding.part import ShardPart
    from pcap_report.engine.sharding.task import ShardTask
    from pcap_report.model.packet import Packet

_AT_ONCE: Final = 1 << 20
"""Packets whose times are put in order at a time."""


class Merger:
    """Puts the parts together.

    Args:
        kinds: the analyzers.
        attempts: how they fare.
        tasks: what was read.
        parts: what was found, task by task.
    """

    def __init__(
        self,
        kinds: Sequence[AnalyzerKind],
        attempts: Attempts,
        tasks: Sequence[ShardTask],
        parts: Sequence[ShardPart],
    ) -> None:
        self._kinds = kinds
        self._attempts = attempts
        self._tasks = tasks
        self._parts = parts
        self._columns = columns_for(tasks[0].tshark, declared_fields(kinds))
        numbers = (_numbers([getattr(part, name) for part in parts]) for name in Streams._fields)
        self._streams = list(map(Streams, *numbers))

    def reading(self, progress: Progress | None) -> Reading:
        """Return what a single pass over the capture would have left.

        Raises:
            NotSeparableError: it cannot be told exactly.
        """
        self._require_whole_conversations()
        reading = Reading(self._kinds, self._attempts, progress)
        for failure in sorted(one for part in self._parts for one in part.failures):
            self._attempts.note(failure.analyzer, failure.message)
        self._add_times(reading)
        self._add_counts(reading)
        for sender in sorted(one for part in self._parts for one in part.senders):
            reading.note_sender(sender.mac, sender.address, sender.vendor)
        self._add_what_adds_up(reading)
        self._feed(reading)
        self._add_flows(reading)
        self._add_datagrams(reading)
        return reading

    def _require_whole_conversations(self) -> None:
        """What stands in headers that a cut does not know may tear a conversation apart: both parts show."""
        for ends_of in (_tcp_ends, _udp_ends):
            known: set[object] = set()
            for part in self._parts:
                ends = set(ends_of(part))
                if not known.isdisjoint(ends):
                    raise NotSeparableError("a conversation is in two shards")
                known |= ends

    def _add_times(self, reading: Reading) -> None:
        clock = reading.clock
        frame = 0
        for times in _in_order(self._tasks, self._parts):
            if not frame:
                reading.begin(times[0])
            for time_ns in times:
                frame += 1
                clock.tick(frame, time_ns)

    def _add_counts(self, reading: Reading) -> None:
        reading.packets = sum(part.packets for part in self._parts)
        reading.snapped = sum(part.snapped for part in self._parts)
        for total in sorted(one for part in self._parts for one in part.paths):
            path = reading.paths.get(total.path)
            if path is None:
                path = reading.paths[total.path] = reading.new_path(total.path)
            path.packets += total.packets
            path.byte_count += total.byte_count

    def _add_what_adds_up(self, reading: Reading) -> None:
        for analyzer in reading.capture_analyzers:
            if analyzer.adds_up:
                found = (
                    one._replace(shard=shard)
                    for shard, part in enumerate(self._parts)
                    for one in part.parts.get(analyzer.id, ())
                )
                analyzer.add_parts(sorted(found, key=lambda one: one.frame), self._streams)
        for part in self._parts:
            part.parts.clear()

    def _feed(self, reading: Reading) -> None:
        """Let the analyzers that need all packets in order see theirs."""
        rows = [
            _rows(task, streams, RowParser(self._columns))
            for task, streams in zip(self._tasks, self._streams, strict=True)
        ]
        for packet in heapq.merge(*rows, key=lambda packet: packet.frame):
            path = reading.paths[packet.protocols]
            reading.feed_capture_analyzers([one for one in path.analyzers if not one.adds_up], packet)

    def _add_flows(self, reading: Reading) -> None:
        replay = Replay(self._kinds, self._columns, self._tasks[0].origin_ns)
        for part, streams in zip(self._parts, self._streams, strict=True):
            for flow in part.flows:
                flow.number = streams.tcp[flow.number]
                flow.display_filter = f"tcp.stream == {flow.number}"
                if flow.stored is not None:
                    flow.stored.replay = replay
                reading.table.flows[flow.number] = flow

    def _add_datagrams(self, reading: Reading) -> None:
        for part, streams in zip(self._parts, self._streams, strict=True):
            for flow in part.datagrams:
                flow.numbers = {streams.quic[number]: None for number in flow.numbers}
                flow.streams = {streams.udp[number]: None for number in flow.streams}
        reading.datagrams.flows = [flow for part in self._parts for flow in part.datagrams]
        reading.datagrams.settle(max(reading.table.flows, default=-1) + 1)
        self._keep(reading)

    def _keep(self, reading: Reading) -> None:
        """Keep packets of those connections whose packets a single pass would have kept."""
        kept = [(one, shard) for shard, part in enumerate(self._parts) for one in part.kept]
        for one, shard in sorted(kept)[:KEPT_FLOWS]:
            part = self._parts[shard]
            if one.number >= 0:
                reading.kept_elsewhere.add(self._streams[shard].tcp[one.number])
            else:
                place = -1 - one.number
                kept_packets = part.kept_datagrams[place]
                for packet in kept_packets.values():
                    _number_datagram(packet, self._streams[shard])
                reading.kept[part.datagrams[place].number] = kept_packets


def _tcp_ends(part: ShardPart) -> list[object]:
    return [tuple(sorted((flow.client, flow.server))) for flow in part.flows]


def _udp_ends(part: ShardPart) -> list[object]:
    return list(part.udp_ends)


def _number_datagram(packet: Packet, streams: Streams) -> None:
    """Give a packet the numbers that its streams have in the whole capture."""
    for field, numbers in ((UDP_STREAM, streams.udp), (QUIC_NUMBER, streams.quic)):
        if packet.has(field):
            packet.row[packet.columns[field]] = renumbered(packet.raw(field), numbers, 0)


def _numbers(first_frames: Sequence[array[int]]) -> list[array[int]]:
    """Number the streams of all shards in the order of their first frames, as one tshark would."""
    order = heapq.merge(*(zip(frames, repeat(shard)) for shard, frames in enumerate(first_frames)))
    numbers = [array(FRAME_NUMBER) for _ in first_frames]
    for number, (_, shard) in enumerate(order):
        numbers[shard].append(number)
    return numbers


def _in_order(tasks: Sequence[ShardTask], parts: Sequence[ShardPart]) -> Iterator[array[int]]:
    """Yield the times of all packets in the order of the capture, many at a time."""
    total = sum(part.packets for part in parts)
    frames = [task.shard.frames for task in tasks]
    places = [0] * len(parts)
    for begin in range(0, total, _AT_ONCE):
        times = array(TIME, bytes(8 * min(_AT_ONCE, total - begin)))
        end = begin + len(times)
        for shard, part in enumerate(parts):
            place, numbers = places[shard], frames[shard]
            while place < part.packets and numbers[place] <= end:
                times[numbers[place] - begin - 1] = part.times[place]
                place += 1
            places[shard] = place
        yield times


def _rows(task: ShardTask, streams: Streams, parser: RowParser) -> Iterator[Packet]:
    with task.rows.open(encoding="utf-8", errors="surrogateescape", newline="\n") as rows:
        for line in rows:
            packet = parser.packet(line)
            if packet is None:
                raise NotSeparableError("a row came back damaged")
            packet.row[STREAM] = renumbered(packet.row[STREAM], streams.tcp, 0)
            if packet.stream is not None:
                packet.stream = streams.tcp[packet.stream]
            else:
                _number_datagram(packet, streams)
            yield packet
