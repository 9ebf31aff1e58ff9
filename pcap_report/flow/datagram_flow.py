"""A QUIC connection or a DTLS session while it is being read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from mypy_extensions import mypyc_attr

from pcap_report.flow.table import TrackedFlow
from pcap_report.flow.zeek_datagrams import DatagramHistory
from pcap_report.model.packet import Packet

if TYPE_CHECKING:
    from pcap_report.flow.orientation import Orientation

End = tuple[str, int]


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Prelude:
    """What two ends said before their first datagram of the session: STUN, as a rule."""

    __slots__ = ("first_frame", "sent", "start_ns")

    def __init__(self, packet: Packet) -> None:
        self.first_frame = packet.frame
        self.start_ns = packet.time_ns
        self.sent: dict[End, list[int]] = {}
        """Packets, bytes and payload by sender, in the order in which they spoke."""

    def count(self, packet: Packet) -> None:
        """Add a datagram."""
        totals = self.sent.setdefault((packet.source, packet.source_port), [0, 0, 0])
        totals[0] += 1
        totals[1] += packet.length
        totals[2] += packet.payload


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class DatagramFlow(TrackedFlow):
    """A flow over UDP.

    Attributes:
        numbers: tshark's ``quic.connection.number`` of it, in order; more than one where
            tshark took a packet of it for a new connection's.
        streams: its ``udp.stream`` numbers, in order; more than one after a migration (RFC 9000, 9).
        unnumbered: QUIC datagrams that tshark could not give a number.
        first_ids: the connection ids to which its first datagram went; "" where tshark does not tell them.
        readable: tshark could read a packet of it, so that its ClientHello is this connection's.
        shares_ends: other connections have the same two ends.
    """

    __slots__ = ("_prelude", "first_ids", "numbers", "readable", "shares_ends", "streams", "unnumbered")

    def __init__(
        self, protocol: Literal["quic", "dtls"], first: Packet, origin_ns: int, prelude: Prelude | None
    ) -> None:
        super().__init__(-1, first, origin_ns)
        self.protocol = protocol
        self.history = DatagramHistory()
        self.numbers: dict[int, None] = {}
        self.streams: dict[int, None] = {}
        self.unnumbered = 0
        self.first_ids = ""
        self.readable = False
        self.shares_ends = False
        self._prelude = prelude
        if prelude is not None:
            self.first_frame, self.start_ns = prelude.first_frame, prelude.start_ns

    def note_stream(self, stream: int) -> None:
        """Remember a pair of ends."""
        self.streams.setdefault(stream)

    def orient(self, orientation: Orientation) -> None:
        """Fix which end is the client, and count what the two said before."""
        super().orient(orientation)
        prelude, self._prelude = self._prelude, None
        if prelude is None:
            return
        for sender, (packets, byte_count, payload) in prelude.sent.items():
            self.packets += packets
            self.byte_count += byte_count
            if sender == self.client:
                self.client_packets += packets
                self.client_payload += payload
            else:
                self.server_packets += packets
                self.server_payload += payload
            self.history.see(_spoken(from_client=sender == self.client, payload=payload))

    def count(self, packet: Packet) -> None:
        """Add a datagram; an end that has moved is told by the one that has not (RFC 9000, 9)."""
        sender = (packet.source, packet.source_port)
        receiver = (packet.destination, packet.destination_port)
        packet.from_client = sender == self.client or (sender != self.server and receiver != self.client)
        self.add(packet)

    def settle(self) -> None:
        """Write the display filter and what analyzers want to know, after the last packet."""
        self.display_filter = self._filter()
        self.facts["datagrams"] = (tuple(self.numbers), tuple(self.streams), self.unnumbered)

    def _filter(self) -> str:
        by_ends = " || ".join(f"udp.stream == {stream}" for stream in self.streams)
        if self.protocol == "dtls":
            return by_ends
        by_number = [f"quic.connection.number == {number}" for number in self.numbers]
        if not self.unnumbered:
            return _grouped(by_number)
        if not self.shares_ends and len(self.streams) == 1:
            return f"{by_ends} && quic"
        span = f"frame.number >= {self.first_frame} && frame.number <= {self.last_frame}"
        rest = f"({_grouped([by_ends])} && quic && !quic.connection.number && {span})"
        return _grouped([*by_number, rest])


def _grouped(alternatives: list[str]) -> str:
    """Join with "or", in brackets where needed, so that more conditions can follow."""
    text = " || ".join(alternatives)
    return f"({text})" if " || " in text else text


def _spoken(*, from_client: bool, payload: int) -> Packet:
    packet = Packet()
    packet.flags, packet.payload, packet.from_client = 0, payload, from_client
    return packet
