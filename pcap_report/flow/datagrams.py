"""The table of what runs over UDP: gives datagrams their QUIC connection or their DTLS session.

A QUIC connection is known by its connection ids (RFC 9000, 5.1), which tshark turns into a number. Ids change
under encryption: a datagram whose id tshark has not seen agreed on belongs to the connection of its two ends,
and so does an Initial packet that tshark takes for a new connection's but cannot read. (The keys of a first
Initial come from its own id, RFC 9001, 5.2, so a new connection between the same ends can be read.)

Until the server answers, a client calls it by one id that it has made up (RFC 9000, 7.2): packets with it are
of one connection, also where tshark begins another one, as 3.6 does with each piece of a ClientHello.

A DTLS session is known by its two ends alone (RFC 6347, 3.1), and takes all their datagrams: STUN that shares
the port, and DTLS 1.3 records, which a tshark before 4.4 does not take apart.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, Literal

from pcap_report.flow.datagram_flow import DatagramFlow, Prelude
from pcap_report.flow.orientation import Orientation, from_hello, from_ports

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcap_report.model.packet import Packet

UDP_STREAM: Final = "udp.stream"
UDP_SOURCE_PORT: Final = "udp.srcport"
UDP_DESTINATION_PORT: Final = "udp.dstport"
UDP_LENGTH: Final = "udp.length"
QUIC_NUMBER: Final = "quic.connection.number"
QUIC_FRAME_TYPE: Final = "quic.frame_type"
QUIC_DCID: Final = "quic.dcid"
DTLS_HANDSHAKE_TYPE: Final = "dtls.handshake.type"
FIELDS: Final = (
    UDP_STREAM,
    UDP_SOURCE_PORT,
    UDP_DESTINATION_PORT,
    UDP_LENGTH,
    QUIC_NUMBER,
    QUIC_FRAME_TYPE,
    QUIC_DCID,
    DTLS_HANDSHAKE_TYPE,
)

_UDP_HEADER: Final = 8
_WAITING_LIMIT: Final = 40
_PRELUDES_KEPT: Final = 50_000
_NETWORK: Final = frozenset(("ip", "ipv6", "icmp", "icmpv6", "tcp", "sctp"))


class DatagramKind(Enum):
    """What a protocol path says about a UDP datagram."""

    QUIC = "quic"
    DTLS = "dtls"
    OTHER = "other"


def datagram_kind(path: str) -> DatagramKind | None:
    """Return the kind of the innermost datagram of a path; None without one, or where ICMP quotes it."""
    layers = path.split(":")
    if "udp" not in layers:
        return None
    place = len(layers) - 1 - layers[::-1].index("udp")
    above = layers[place + 1 :]
    if not _NETWORK.isdisjoint(above) or not {"icmp", "icmpv6"}.isdisjoint(layers[:place]):
        return None
    return next((kind for kind in DatagramKind if kind.value in above), DatagramKind.OTHER)


class DatagramTable:
    """All QUIC connections and DTLS sessions of a capture, in the order of their beginning."""

    def __init__(self) -> None:
        self.flows: list[DatagramFlow] = []
        self._by_number: dict[int, DatagramFlow] = {}
        self._by_stream: dict[int, DatagramFlow] = {}
        """The latest connection of each pair of ends."""
        self._preludes: dict[int, Prelude] = {}

    def place(
        self, packet: Packet, kind: DatagramKind, origin_ns: int
    ) -> tuple[DatagramFlow, Iterable[Packet]] | None:
        """Find the datagram's connection, and the packets that are ready; None when it belongs to none."""
        streams = packet.texts(UDP_STREAM)
        if not streams:
            return None
        stream = int(streams[-1])
        flow = self._by_stream.get(stream)
        if kind is DatagramKind.OTHER:
            if flow is None:
                self._note_prelude(packet, stream)
                return None
            if flow.protocol == "quic":
                return None
        else:
            flow = self._known(packet, kind, stream, flow) or self._begin(packet, kind, stream, origin_ns)
        _add_ports(packet)
        flow.note_stream(stream)
        return flow, self._ready(flow, packet)

    def _known(
        self, packet: Packet, kind: DatagramKind, stream: int, latest: DatagramFlow | None
    ) -> DatagramFlow | None:
        if latest is not None and latest.protocol != kind.value:
            latest = None
        if kind is DatagramKind.DTLS:
            return latest
        number = packet.number(QUIC_NUMBER)
        if number is None:
            if latest is not None:
                latest.unnumbered += 1
            return latest
        flow = self._by_number.get(number)
        if flow is None and latest is not None and not _is_new(latest, packet):
            flow = latest
        if flow is not None:
            flow.readable = flow.readable or packet.has(QUIC_FRAME_TYPE)
            flow.numbers.setdefault(number)
            self._by_number[number] = flow
            self._by_stream.setdefault(stream, flow)
        return flow

    def _begin(self, packet: Packet, kind: DatagramKind, stream: int, origin_ns: int) -> DatagramFlow:
        protocol: Literal["quic", "dtls"] = "dtls" if kind is DatagramKind.DTLS else "quic"
        flow = DatagramFlow(protocol, packet, origin_ns, self._preludes.pop(stream, None))
        former = self._by_stream.get(stream)
        if former is not None:
            former.shares_ends = flow.shares_ends = True
        self._by_stream[stream] = flow
        self.flows.append(flow)
        if kind is DatagramKind.QUIC:
            number = packet.number(QUIC_NUMBER)
            if number is None:
                flow.unnumbered += 1
            else:
                flow.numbers[number] = None
                flow.readable = packet.has(QUIC_FRAME_TYPE)
                flow.first_ids = packet.raw(QUIC_DCID)
                self._by_number[number] = flow
        return flow

    def _note_prelude(self, packet: Packet, stream: int) -> None:
        """Count what two ends say before it turns out that they speak DTLS."""
        prelude = self._preludes.get(stream)
        if prelude is None:
            if len(self._preludes) >= _PRELUDES_KEPT:
                return
            prelude = self._preludes[stream] = Prelude(packet)
        _add_ports(packet)
        prelude.count(packet)

    def _ready(self, flow: DatagramFlow, packet: Packet) -> Iterable[Packet]:
        if flow.basis is not None:
            flow.count(packet)
            return (packet,)
        flow.waiting.append(packet)
        orientation = from_hello(packet, DTLS_HANDSHAKE_TYPE) or from_hello(packet)
        if orientation is None and len(flow.waiting) < _WAITING_LIMIT:
            return ()
        return self._release(flow, orientation or from_ports(flow.waiting))

    def release_waiting(self) -> Iterator[tuple[DatagramFlow, list[Packet]]]:
        """At the end of the capture, yield what still waits; the ports decide."""
        for flow in self.flows:
            if flow.waiting:
                yield flow, self._release(flow, from_ports(flow.waiting))

    def settle(self, first_number: int) -> None:
        """At the end, number the connections from ``first_number`` on, and write their display filters.

        The numbers go on behind those of the TCP streams, so that no two connections of a report share one.
        """
        self.flows.sort(key=lambda flow: flow.first_frame)
        for number, flow in enumerate(self.flows, start=first_number):
            flow.number = number
            flow.settle()

    @staticmethod
    def _release(flow: DatagramFlow, orientation: Orientation) -> list[Packet]:
        flow.orient(orientation)
        ready, flow.waiting = flow.waiting, []
        for packet in ready:
            flow.count(packet)
        return ready


def _is_new(latest: DatagramFlow, packet: Packet) -> bool:
    """Tell whether a packet is a new connection's, as tshark says: it can be read, and goes to a new id."""
    known = latest.first_ids != "" and packet.raw(QUIC_DCID) == latest.first_ids
    return latest.readable and packet.has(QUIC_FRAME_TYPE) and not known


def _add_ports(packet: Packet) -> None:
    """Fill in what the reader leaves empty for UDP: most datagrams are of no connection."""
    packet.source_port = int(_last(packet, UDP_SOURCE_PORT))
    packet.destination_port = int(_last(packet, UDP_DESTINATION_PORT))
    packet.payload = max(int(_last(packet, UDP_LENGTH)) - _UDP_HEADER, 0)


def _last(packet: Packet, field: str) -> str:
    """The innermost header's value: a tunnel's own ports come first."""
    values = packet.texts(field)
    return values[-1] if values else "0"
