"""Read the packets of a shard as those of the capture that it was cut from."""

from __future__ import annotations

import pickle
from array import array
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mypy_extensions import mypyc_attr

from pcap_report.analyzers.base import CaptureAnalyzer
from pcap_report.analyzers.tls_hello import TCP_SEGMENT
from pcap_report.capture.columns import STREAM
from pcap_report.engine.attempts import Attempts
from pcap_report.engine.connections import finished
from pcap_report.engine.options import Progress  # noqa: TC001 - compiled, a NamedTuple wants its types
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
    Tellers,
)
from pcap_report.engine.sharding.row_store import PLACES, RowStore
from pcap_report.engine.sharding.stored_flow import StoredFlow
from pcap_report.flow.datagrams import QUIC_NUMBER, UDP_DESTINATION_PORT, UDP_SOURCE_PORT, UDP_STREAM
from pcap_report.model.packet import numbers_in, renumbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pcap_report.analyzers.base import Analyzer
    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.flow.table import TrackedFlow
    from pcap_report.model.packet import Packet

DTLS_FRAGMENT: Final = "dtls.fragment"
_AT_THE_END: Final = 1 << 62
"""The moment after the last packet."""


class Moments(Attempts):
    """Notes when the analyzers fail.

    Attributes:
        now: the frame that is read.
        failures: what failed.
    """

    def __init__(self, kinds: Sequence[AnalyzerKind]) -> None:
        super().__init__(kinds, kinds)
        self.now = 0
        self.failures: list[Failure] = []

    def failed(self, analyzer: Analyzer | AnalyzerKind, error: Exception) -> None:
        """Note a failure, and when it was."""
        before = len(self.messages)
        super().failed(analyzer, error)
        if len(self.messages) > before:
            self.failures.append(Failure(self.now, analyzer.id, self.messages[analyzer.id]))


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Aside(CaptureAnalyzer[None]):
    """Writes down the rows for analyzers that must see the packets of all shards in order."""

    id = "aside"

    def __init__(self, kinds: Sequence[AnalyzerKind], write: Callable[[str], object]) -> None:
        others = [kind for kind in kinds if issubclass(kind, CaptureAnalyzer) and not kind.adds_up]
        self.wanted = frozenset[str]().union(*(kind.protocols for kind in others))
        self._write = write

    def on_packet(self, packet: Packet) -> None:
        """Write the packet's row down."""
        self._write(packet.line() + "\n")

    def result(self) -> None:
        """Nothing: the rows are the result."""


class Beside(NamedTuple):
    """Where rows go that are read once more, of all packets and of connections; who is told how many."""

    aside: Aside
    store: RowStore
    progress: Progress | None = None


class ShardReading(Reading):
    """Reads a shard as a part of a capture."""

    def __init__(
        self,
        kinds: Sequence[AnalyzerKind],
        attempts: Moments,
        part: ShardPart,
        origin_ns: int,
        beside: Beside,
    ) -> None:
        alone = [kind for kind in kinds if not issubclass(kind, CaptureAnalyzer) or kind.adds_up]
        super().__init__(alone, attempts, beside.progress, origin_ns)
        self._moments = attempts
        self._part = part
        self._aside, self._store = beside.aside, beside.store
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
            if packet.stream is not None:
                self._store.add(packet.stream, packet)
        if "udp" in packet.protocols:
            if _note(part.udp, packet.raw(UDP_STREAM), packet.frame):
                part.udp_ends.append(_ends(packet))
            if "quic" in packet.protocols:
                _note(part.quic, packet.raw(QUIC_NUMBER), packet.frame)
        if packet.protocols not in self.paths:
            self._path_frames.append(packet.frame)

    def _interested(self, path: str) -> list[CaptureAnalyzer[Any]]:
        before = [self._aside] if self._aside.wanted.intersection(path.split(":")) else []
        return [*before, *super()._interested(path)]

    def note_sender(self, mac: str, address: str, vendor: str) -> None:
        """Remember a pair of addresses, and when it was seen first."""
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

    def finish(self, path: Path) -> None:
        """Finish the TCP connections and fill the part.

        Args:
            path: the file of the rows that are stored; what long connections know follows them.
        """
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
        flows = (flow for _, flow in sorted(self.table.flows.items()))
        part.flows = [self._finished(flow, path) for flow in flows if flow.basis is not None]

    def _finished(self, flow: TrackedFlow, path: Path) -> StoredFlow:
        randoms = hello_randoms(flow)
        tellers: Tellers = finished(flow, self._moments)
        light = StoredFlow(flow, tellers, None if randoms is None else tuple(randoms))
        places = self._store.places(flow.number)
        light.stored = Stored(path, places or self._long(flow, tellers), long=places is None)
        return light

    def _long(self, flow: TrackedFlow, tellers: Tellers) -> array[int]:
        """Write down what a long connection's analyzers know; return where."""
        file = self._store.file
        flow.early = None
        place = array(PLACES, [file.tell()])
        try:
            pickle.dump((flow, tellers, self._kept.get(flow, {})), file, protocol=5)
        except (pickle.PicklingError, TypeError, AttributeError) as error:  # an analyzer from elsewhere
            raise NotSeparableError(f"an analyzer cannot be carried: {error}") from error
        return place


def in_the_capture(reader: Iterable[Packet], frames: array[int], reading: ShardReading) -> Iterator[Packet]:
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


def _note(first_frames: array[int], value: str, frame: int) -> bool:
    """Remember the first frame of every stream, which are numbered as they come; tell whether one was new."""
    before = len(first_frames)
    for number in numbers_in(value):
        if number == len(first_frames):
            first_frames.append(frame)
        elif number > len(first_frames):
            raise NotSeparableError("a stream number is missing")
    return len(first_frames) > before


def _ends(packet: Packet) -> int:
    """Return a digest of a datagram's ends, whichever of them sent it."""
    ends = (
        f"{packet.source} {packet.raw(UDP_SOURCE_PORT)}",
        f"{packet.destination} {packet.raw(UDP_DESTINATION_PORT)}",
    )
    digest = blake2b(" ".join(sorted(ends)).encode("utf-8", "surrogateescape"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
