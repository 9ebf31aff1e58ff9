"""Look again where the file's bytes show a TLS hello that the pass over the packets did not.

tshark takes the connection for another protocol (TLS behind a port of another one, STARTTLS where it knows
none), or lost TLS after a segment out of order. These few connections are copied into an excerpt and read
once more, decoded as TLS; frames and connections keep their numbers. Most captures need none of this.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pcap_report.analyzers.app_data import AppDataAnalyzer
from pcap_report.analyzers.tls_handshake import TlsHandshakeAnalyzer
from pcap_report.analyzers.tls_hello import HELLO_RETRY_RANDOM, TCP_SEGMENT, TYPE
from pcap_report.analyzers.tls_records import LENGTH
from pcap_report.analyzers.tls_session import SECOND_LOOK, known_session
from pcap_report.capture.excerpt import excerpt_of_ends
from pcap_report.capture.hellos import addresses_and_ports, turned
from pcap_report.capture.reader import CaptureReader
from pcap_report.engine.sharding.stored_flow import StoredFlow
from pcap_report.model.flow import Flow
from pcap_report.model.packet import Packet, renumbered
from pcap_report.model.tls import SecondLook
from pcap_report.private_folder import PrivateFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pcap_report.capture.excerpt import Excerpt
    from pcap_report.capture.hellos import HelloBytes
    from pcap_report.capture.magic import CaptureFormat
    from pcap_report.capture.records import FileFacts
    from pcap_report.capture.tshark import Tshark
    from pcap_report.engine.attempts import Attempts
    from pcap_report.engine.reading import Reading
    from pcap_report.flow.table import TrackedFlow

_READ_AGAIN: Final = (TlsHandshakeAnalyzer, AppDataAnalyzer)
_CONNECTIONS: Final = 50
_PACKETS: Final = 200_000
"""Most packets that are read again, all connections together."""
_KEPT_PACKETS: Final = 24
_OUT_OF_ORDER: Final = "tcp.analysis.out_of_order"
_REASSEMBLE: Final = "tcp.reassemble_out_of_order:TRUE"


class WholeCapture(NamedTuple):
    """What is looked at again, and with what."""

    path: Path
    form: CaptureFormat
    facts: FileFacts
    tshark: Tshark
    fields: Sequence[str]


def look_again(capture: WholeCapture, reading: Reading, attempts: Attempts) -> None:
    """Read the connections with an unread hello once more, and give them the analyzers of that reading."""
    reading.hellos_not_compared = capture.facts.hellos_left_out
    wanted, reading.not_read_again = _bounded(_unread(capture.facts.hellos, reading))
    if wanted:
        wanted = _revived(wanted, reading)
        with PrivateFolder() as folder:
            _read(capture, wanted, reading, attempts, folder)


def _unread(hellos: Iterable[HelloBytes], reading: Reading) -> dict[TrackedFlow, list[HelloBytes]]:
    """Return the connections with hellos that the pass over the packets did not see."""
    known = ((flow, hello_randoms(flow)) for flow in reading.table.flows.values())
    randoms = {flow: read for flow, read in known if read is not None}
    flows = list(randoms)
    seen = {HELLO_RETRY_RANDOM}.union(*randoms.values())
    missing = [hello for hello in hellos if hello.random not in seen]
    if not missing:
        return {}
    by_ends: dict[frozenset[tuple[str, int]], list[TrackedFlow]] = defaultdict(list)
    for flow in flows:
        by_ends[frozenset((flow.client, flow.server))].append(flow)
    found: dict[TrackedFlow, list[HelloBytes]] = defaultdict(list)
    for hello in missing:
        for flow in by_ends[frozenset(addresses_and_ports(hello.ends))]:
            if flow.first_frame <= hello.frame <= flow.last_frame:
                found[flow].append(hello)
    return found


def hello_randoms(flow: TrackedFlow) -> Iterable[str] | None:
    """Return the randoms of a connection's hellos; None where nobody looked for TLS."""
    if isinstance(flow, StoredFlow):
        return flow.randoms
    session = known_session(flow)
    return None if _tls_analyzer(flow) is None else session.randoms if session else ()


def _revived(
    unread: dict[TrackedFlow, list[HelloBytes]], reading: Reading
) -> dict[TrackedFlow, list[HelloBytes]]:
    """Fetch the analyzers of connections that another process read."""
    alive: dict[TrackedFlow, list[HelloBytes]] = {}
    for flow, hellos in unread.items():
        if isinstance(flow, StoredFlow) and flow.stored is not None:
            live, _, kept = flow.stored.load(flow.number)
            reading.table.flows[flow.number] = live
            if flow.number in reading.kept_elsewhere:
                reading.kept[flow.number] = kept
            alive[live] = hellos
        else:
            alive[flow] = hellos
    return alive


def _bounded(unread: dict[TrackedFlow, list[HelloBytes]]) -> tuple[dict[TrackedFlow, list[HelloBytes]], int]:
    kept: dict[TrackedFlow, list[HelloBytes]] = {}
    packets = 0
    for flow in sorted(unread, key=lambda one: one.number):
        if len(kept) < _CONNECTIONS and packets + flow.packets <= _PACKETS:
            packets += flow.packets
            kept[flow] = unread[flow]
    return kept, len(unread) - len(kept)


def _read(
    capture: WholeCapture,
    wanted: dict[TrackedFlow, list[HelloBytes]],
    reading: Reading,
    attempts: Attempts,
    folder: Path,
) -> None:
    ends: dict[tuple[int, int], set[bytes]] = defaultdict(set)
    for hello in (one for hellos in wanted.values() for one in hellos):
        ends[hello.ends_at, hello.ends_at + len(hello.ends)] |= {hello.ends, turned(hello.ends)}
    frozen = {place: frozenset(values) for place, values in ends.items()}
    part = excerpt_of_ends(capture.path, capture.form, capture.facts.interfaces, frozen, folder)
    looks = [_Look(flow, hellos) for flow, hellos in wanted.items()]
    options = ["-o", _REASSEMBLE]
    for port in sorted({look.port for look in looks if look.port is not None}):
        options += ["-d", f"tcp.port=={port},tls"]
    reader = CaptureReader(capture.tshark, part.path, [*capture.fields, _OUT_OF_ORDER], options=options)
    for look, packet in _packets(reader, part, looks):
        look.take(packet, attempts)
    if reader.breakdown:  # half a story is none
        reading.not_read_again += len(looks)
        return
    for look in looks:
        look.adopt(reading)


def _packets(
    reader: Iterable[Packet], part: Excerpt, looks: Sequence[_Look]
) -> Iterator[tuple[_Look, Packet]]:
    """Give every packet of the excerpt its true numbers, and its connection."""
    streams: dict[int, _Look | None] = {}
    for packet in reader:
        packet.frame = part.numbers[packet.frame - 1]
        packet.row[0] = str(packet.frame)
        if packet.stream is None:
            continue
        if packet.stream not in streams:
            streams[packet.stream] = next((look for look in looks if look.has(packet)), None)
        look = streams[packet.stream]
        if look is not None:
            packet.stream = look.flow.number
            _renumber(packet, part.numbers)
            yield look, packet


def _renumber(packet: Packet, numbers: Sequence[int]) -> None:
    """The frames of a reassembly are numbers too."""
    inside = packet.raw(TCP_SEGMENT)
    if inside:
        packet.row[packet.columns[TCP_SEGMENT]] = renumbered(inside, numbers, 1)


def _port_to_decode(flow: TrackedFlow, hellos: Sequence[HelloBytes]) -> int | None:
    """Return the port that has to be decoded as TLS; None where tshark does so before the unread hellos."""
    session = known_session(flow)
    if session is None:
        return flow.server[1]
    before = min(session.randoms.values(), default=hellos[0].frame) < hellos[0].frame
    return None if before or session.stands_on_tcp else flow.server[1]


def _tls_analyzer(flow: TrackedFlow) -> TlsHandshakeAnalyzer | None:
    return next((one for one in flow.analyzers if isinstance(one, TlsHandshakeAnalyzer)), None)


class _Look:
    """A connection that is being read again.

    Attributes:
        flow: it.
        port: the port that has to be decoded as TLS; None where that is not needed.
    """

    def __init__(self, flow: TrackedFlow, hellos: Sequence[HelloBytes]) -> None:
        self.flow = flow
        self.port = _port_to_decode(flow, hellos)
        self._out_of_order = False
        self._again = Flow(flow.number, flow.first_frame, flow.start_ns, flow.origin_ns)
        self._again.client, self._again.server, self._again.basis = flow.client, flow.server, flow.basis
        # Any: an analyzer's class is what its instance says, and no type can say that
        self._analyzers: dict[str, Any] = {
            one.id: type(one)(self._again) for one in flow.analyzers if isinstance(one, _READ_AGAIN)
        }
        tls = _tls_analyzer(flow)
        self._plain_protocol = tls.plain_protocol if tls else None
        self._kept: dict[int, Packet] = {}

    def has(self, packet: Packet) -> bool:
        """Tell whether a packet of the excerpt belongs to the connection."""
        ends = {(packet.source, packet.source_port), (packet.destination, packet.destination_port)}
        flow = self.flow
        return ends == {flow.client, flow.server} and flow.first_frame <= packet.frame <= flow.last_frame

    def take(self, packet: Packet, attempts: Attempts) -> None:
        """Give the analyzers the next packet."""
        packet.from_client = (packet.source, packet.source_port) == self.flow.client
        self._out_of_order = self._out_of_order or packet.has(_OUT_OF_ORDER)
        if packet.payload and not packet.has(LENGTH):
            packet.protocols = self._plain_path(packet.protocols)
        if packet.has(TYPE) and len(self._kept) < _KEPT_PACKETS:
            self._kept[packet.frame] = packet
        for name, analyzer in list(self._analyzers.items()):
            try:
                analyzer.on_packet(packet)
            except Exception as error:  # any failure of a unit becomes a row of the report
                attempts.failed(analyzer, error)
                del self._analyzers[name]

    def _plain_path(self, path: str) -> str:
        """What is no TLS record was not said in TLS, whatever we told tshark."""
        layers = path.split(":")
        below = layers[: layers.index("tcp") + 1] if "tcp" in layers else layers
        return ":".join([*below, self._plain_protocol] if self._plain_protocol else below)

    def adopt(self, reading: Reading) -> None:
        """Let the connection have the new analyzers, where they saw a hello that the old ones did not."""
        first, again = known_session(self.flow), known_session(self._again)
        if again is None or not again.randoms.keys() - (first.randoms.keys() if first else set()):
            return
        self._again.facts[SECOND_LOOK] = SecondLook(self.port, self.port is None or self._out_of_order)
        self.flow.analyzers = [self._analyzers.get(one.id, one) for one in self.flow.analyzers]
        self.flow.early = None
        if self.flow.number in reading.kept:
            reading.kept[self.flow.number].update(self._kept)
