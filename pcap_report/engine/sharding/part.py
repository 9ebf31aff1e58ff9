"""What the reading of one shard leaves behind, on its way back to the process that asked for it."""

from __future__ import annotations

import pickle
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pcap_report.flow.table import TrackedFlow

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.analyzers.base import ConnectionAnalyzer, Part
    from pcap_report.engine.sharding.replay import Replay
    from pcap_report.engine.sharding.stored_flow import StoredFlow
    from pcap_report.flow.datagram_flow import DatagramFlow
    from pcap_report.model.packet import Packet

FRAME_NUMBER: Final = "I"
TIME: Final = "q"
DIGEST: Final = "Q"
Tellers = list[tuple["ConnectionAnalyzer[Any]", Any]]


class NotSeparableError(Exception):
    """What was read says that the shards cannot be put together exactly: the capture must be read whole."""


Loaded = tuple[TrackedFlow, Tellers, "dict[int, Packet]"]
"""A connection with its analyzers, their results, and the packets that were kept."""


@dataclass(slots=True)
class Stored:
    """Where a connection lies until it is asked to tell.

    Attributes:
        path: a file.
        places: where in it the connection's rows begin; of a long one, the place of its analyzers.
        long: its analyzers were kept, not its rows.
        replay: how rows are read once more; known where the parts are put together.
    """

    path: Path
    places: array[int]
    long: bool
    replay: Replay | None = None

    def load(self, number: int) -> Loaded:
        """Return the connection as it was after its last packet.

        Args:
            number: its number in the whole capture.
        """
        if not self.long:
            assert self.replay is not None  # given where the parts are put together
            return self.replay.connection(self.path, self.places, number)
        with self.path.open("rb") as file:
            file.seek(self.places[0])
            loaded: Loaded = pickle.load(file)  # noqa: S301 - written by us, into a folder of ours
        flow = loaded[0]
        flow.number, flow.display_filter = number, f"tcp.stream == {number}"
        return loaded


class Sender(NamedTuple):
    """A MAC address heard from for the first time with an IP address."""

    frame: int
    mac: str
    address: str
    vendor: str


class PathTotal(NamedTuple):
    """Packets and bytes of a protocol path."""

    frame: int
    path: str
    packets: int
    byte_count: int


class Kept(NamedTuple):
    """From when on packets of a connection were kept: the moment, then its first frame.

    The number is its stream's; of a datagram flow, -1 less its place.
    """

    moment: int
    first_frame: int
    number: int


class Failure(NamedTuple):
    """An analyzer that failed."""

    moment: int
    analyzer: str
    message: str


@dataclass
class ShardPart:
    """What is known of one shard; frames have their numbers in the whole capture, streams those in the shard.

    Attributes:
        packets: how many; snapped: how many of them are shorter in the file than they were.
        times: of each packet, in nanoseconds.
        tcp: for each TCP stream, its first frame; udp: the same for UDP streams; quic: for QUIC connections.
        udp_ends: for each UDP stream, a digest of its ends.
        flows: the TCP connections, in the order of their numbers.
        datagrams: QUIC connections and DTLS sessions, not finished: their results hold numbers.
        kept_datagrams: packets kept of them, by their place in ``datagrams``.
        parts: by analyzer, what can be added up.
        remark, complete, damaged_rows, missing_fields: how tshark ended.
    """

    packets: int = 0
    snapped: int = 0
    times: array[int] = field(default_factory=lambda: array(TIME))
    tcp: array[int] = field(default_factory=lambda: array(FRAME_NUMBER))
    udp: array[int] = field(default_factory=lambda: array(FRAME_NUMBER))
    quic: array[int] = field(default_factory=lambda: array(FRAME_NUMBER))
    udp_ends: array[int] = field(default_factory=lambda: array(DIGEST))
    flows: list[StoredFlow] = field(default_factory=list)
    datagrams: list[DatagramFlow] = field(default_factory=list)
    kept_datagrams: dict[int, dict[int, Packet]] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    senders: list[Sender] = field(default_factory=list)
    paths: list[PathTotal] = field(default_factory=list)
    parts: dict[str, list[Part]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    remark: str = ""
    complete: bool = True
    damaged_rows: int = 0
    missing_fields: tuple[str, ...] = ()
