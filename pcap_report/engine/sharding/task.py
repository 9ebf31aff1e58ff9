"""Read one shard, in a process of its own."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from pcap_report.analyzers.base import CaptureAnalyzer
from pcap_report.analyzers.plugins import available_analyzers
from pcap_report.analyzers.registry import chosen
from pcap_report.analyzers.tls_hello import TCP_SEGMENT
from pcap_report.capture.columns import STREAM
from pcap_report.capture.reader import CaptureReader
from pcap_report.engine.attempts import Attempts
from pcap_report.engine.connections import finished
from pcap_report.engine.fields import declared_fields
from pcap_report.engine.garbage import collection_paused
from pcap_report.engine.reading import Reading
from pcap_report.engine.second_look import hello_randoms
from pcap_report.engine.sharding.part import (
    Failure,
    Kept,
    NotSeparableError,
    PathTotal,
    Sender,
    ShardPart,
    Stored,
    StoredFlow,
    Tellers,
)
from pcap_report.flow.datagrams import QUIC_NUMBER, UDP_STREAM
from pcap_report.model.packet import numbers_in, renumbered

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pcap_report.analyzers.base import Analyzer
    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.capture.shards import Shard
    from pcap_report.capture.tshark import Tshark
    from pcap_report.flow.table import TrackedFlow
    from pcap_report.model.packet import Packet

DTLS_FRAGMENT: Final = "dtls.fragment"
_BUNDLED: Final = 16
"""Connections whose analyzers are written together."""
_AT_THE_END: Final = 1 << 62
"""The moment after the last packet."""


@dataclass(frozen=True)
class ShardTask:
    """Which shard to read, and how.

    Attributes:
        shard: the shard.
        name: of the whole capture; tshark's remarks are to speak of it.
        tshark: what reads.
        analyzers: ids of those asked for; None for all.
        origin_ns: time of the capture's first packet.
    """

    shard: Shard
    name: str
    tshark: Tshark
    analyzers: tuple[str, ...] | None
    origin_ns: int

    @property
    def result(self) -> Path:
        """Where the result goes: a :class:`ShardPart`, or a text that says why there is none."""
        return self.shard.path.with_suffix(".part")

    @property
    def rows(self) -> Path:
        """Where the rows go that must be read in the order of the whole capture."""
        return self.shard.path.with_suffix(".rows")

    @property
    def stored(self) -> Path:
        """Where the analyzers go."""
        return self.shard.path.with_suffix(".stored")


def read_shard(task: ShardTask) -> None:
    """Read a shard and leave its result, and what belongs to it, beside it."""
    found: ShardPart | str
    with collection_paused():
        try:
            found = _read(task)
        except NotSeparableError as error:
            found = str(error)
        with task.result.open("xb") as file:
            pickle.dump(found, file, protocol=5)
    task.shard.path.unlink()


def _read(task: ShardTask) -> ShardPart:
    kinds = chosen(available_analyzers(), task.analyzers)
    reader = CaptureReader(task.tshark, task.shard.path, declared_fields(kinds))
    part = ShardPart()
    attempts = _Moments(kinds)
    with task.rows.open("x", encoding="utf-8", errors="surrogateescape", newline="\n") as rows:
        reading = _ShardReading(kinds, attempts, part, task.origin_ns, _Aside(kinds, rows.write))
        reading.read(_in_the_capture(reader, task.shard.frames, reading))
    part.remark = reader.remark.replace(task.shard.path.name, task.name)
    part.complete, part.damaged_rows = reader.complete, reader.damaged_rows
    part.missing_fields = reader.missing_fields
    if reader.breakdown or reading.packets != task.shard.count:
        raise NotSeparableError(f"tshark read {reading.packets} of {task.shard.count} frames")
    reading.finish(task.stored)
    part.failures = attempts.failures
    return part


class _Moments(Attempts):
    """Notes when the analyzers fail."""

    def __init__(self, kinds: Sequence[AnalyzerKind]) -> None:
        super().__init__(kinds, kinds)
        self.now = 0
        self.failures: list[Failure] = []

    def failed(self, analyzer: Analyzer | AnalyzerKind, error: Exception) -> None:
        before = len(self.messages)
        super().failed(analyzer, error)
        if len(self.messages) > before:
            self.failures.append(Failure(self.now, analyzer.id, self.messages[analyzer.id]))


class _Aside(CaptureAnalyzer[None]):
    """Writes down the rows for analyzers that must see the packets of all shards in order."""

    id = "aside"

    def __init__(self, kinds: Sequence[AnalyzerKind], write: Any) -> None:  # noqa: ANN401 - a file's
        others = [kind for kind in kinds if issubclass(kind, CaptureAnalyzer) and not kind.adds_up]
        self.wanted = frozenset[str]().union(*(kind.protocols for kind in others))
        self._write = write

    def on_packet(self, packet: Packet) -> None:
        row = packet.row
        whole = row if len(row) == len(packet.columns) else [*row, packet.rear]
        self._write("\t".join(whole) + "\n")

    def result(self) -> None:
        """Nothing: the rows are the result."""


class _ShardReading(Reading):
    """Reads a shard as a part of a capture."""

    def __init__(
        self,
        kinds: Sequence[AnalyzerKind],
        attempts: _Moments,
        part: ShardPart,
        origin_ns: int,
        aside: _Aside,
    ) -> None:
        alone = [kind for kind in kinds if not issubclass(kind, CaptureAnalyzer) or kind.adds_up]
        super().__init__(alone, attempts, None)
        self._moments = attempts
        self._part = part
        self._origin_ns = origin_ns
        self._aside = aside
        self._since: dict[TrackedFlow, int] = {}
        self._path_frames: list[int] = []

    def see(self, packet: Packet) -> None:
        """Note of a packet what it says of its place in the whole capture."""
        if not packet.row[1]:
            raise NotSeparableError("a frame has no time")
        self._moments.now = packet.frame
        part = self._part
        try:
            part.times.append(packet.time_ns)
        except OverflowError as error:
            raise NotSeparableError("a time is further away than can be put in order") from error
        row = packet.row
        if row[STREAM]:
            _note(part.tcp, row[STREAM], packet.frame)
        if "udp" in packet.protocols:
            _note(part.udp, packet.raw(UDP_STREAM), packet.frame)
            if "quic" in packet.protocols:
                _note(part.quic, packet.raw(QUIC_NUMBER), packet.frame)
        if packet.protocols not in self.paths:
            self._path_frames.append(packet.frame)

    def begin(self, time_ns: int) -> int:
        super().begin(self._origin_ns)
        self.clock.now_ns = time_ns
        return self._origin_ns

    def _interested(self, path: str) -> list[CaptureAnalyzer[Any]]:
        before = [self._aside] if self._aside.wanted.intersection(path.split(":")) else []
        return [*before, *super()._interested(path)]

    def note_sender(self, mac: str, address: str, vendor: str) -> None:
        known = len(self._pairs)
        super().note_sender(mac, address, vendor)
        if len(self._pairs) > known:
            self._part.senders.append(Sender(self._moments.now, mac, address, vendor))

    def _keep(self, flow: TrackedFlow, packet: Packet) -> None:
        super()._keep(flow, packet)
        if flow in self._kept:
            late = self._moments.now == _AT_THE_END and flow.protocol != "tcp"
            self._since.setdefault(flow, self._moments.now + late)

    def _finish(self) -> None:
        self._moments.now = _AT_THE_END
        super()._finish()

    def finish(self, stored: Path) -> None:
        """Finish the TCP connections, put their analyzers into a file, and fill the part."""
        part = self._part
        part.packets, part.snapped = self.packets, self.snapped
        totals = zip(self._path_frames, self.paths.items(), strict=True)
        part.paths = [
            PathTotal(frame, path, total.packets, total.byte_count) for frame, (path, total) in totals
        ]
        part.parts = {one.id: one.part() for one in self.capture_analyzers}
        part.datagrams = self.datagrams.flows
        places = {flow: place for place, flow in enumerate(part.datagrams)}
        part.kept = [
            Kept(moment, flow.first_frame, -1 - places[flow] if flow in places else flow.number)
            for flow, moment in self._since.items()
        ]
        part.kept_datagrams = {places[flow]: kept for flow, kept in self._kept.items() if flow in places}
        flows = [flow for _, flow in sorted(self.table.flows.items()) if flow.basis is not None]
        with stored.open("xb") as file:
            for begin in range(0, len(flows), _BUNDLED):
                part.flows += self._stored(flows[begin : begin + _BUNDLED], stored, file)

    def _stored(self, flows: Sequence[TrackedFlow], path: Path, file: IO[bytes]) -> list[StoredFlow]:
        """Put some connections into the file together: what they share is written once."""
        told = [self._finished(flow) for flow in flows]
        offset = file.tell()
        bundle = [
            (flow, tellers, self._kept.get(flow, {})) for flow, (_, tellers) in zip(flows, told, strict=True)
        ]
        try:
            pickle.dump(bundle, file, protocol=5)
        except (pickle.PicklingError, TypeError, AttributeError) as error:  # an analyzer from elsewhere
            raise NotSeparableError(f"an analyzer cannot be carried: {error}") from error
        for place, (light, _) in enumerate(told):
            light.stored = Stored(path, offset, place)
        return [light for light, _ in told]

    def _finished(self, flow: TrackedFlow) -> tuple[StoredFlow, Tellers]:
        randoms = hello_randoms(flow)
        tellers: Tellers = finished(flow, self._moments)
        return StoredFlow(flow, tellers, None if randoms is None else tuple(randoms)), tellers


def _in_the_capture(reader: Iterable[Packet], frames: array[int], reading: _ShardReading) -> Iterator[Packet]:
    """Give the packets of a shard the numbers that they have in the whole capture."""
    columns: dict[str, int] | None = None
    segment = -1
    place = 0
    count = len(frames)
    for packet in reader:
        if columns is None:
            columns = packet.columns
            segment = columns.get(TCP_SEGMENT, -1)
        row = packet.row
        if packet.frame > count:
            raise NotSeparableError("tshark counts more frames than there are")
        place = packet.frame - 1
        packet.frame = frames[place]
        row[0] = str(packet.frame)
        if segment >= 0 and row[segment]:
            row[segment] = renumbered(row[segment], frames, 1)
        if "dtls" in packet.protocols and packet.has(DTLS_FRAGMENT):
            packet.row[columns[DTLS_FRAGMENT]] = renumbered(packet.raw(DTLS_FRAGMENT), frames, 1)
        reading.see(packet)
        yield packet


def _note(first_frames: array[int], value: str, frame: int) -> None:
    """Remember the first frame of every stream; tshark numbers them as they come."""
    for number in numbers_in(value):
        if number == len(first_frames):
            first_frames.append(frame)
        elif number > len(first_frames):
            raise NotSeparableError("a stream number is missing")
