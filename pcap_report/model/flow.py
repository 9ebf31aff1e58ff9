"""A connection while it is being read, as analyzers see it: its ends, its clock, what others found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from mypy_extensions import mypyc_attr

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet

Transport = Literal["tcp", "quic", "dtls"]
"""What carries a connection; QUIC and DTLS run over UDP."""

_TIMES_KEPT: Final = 500
COUNTED: Final = (
    "basis",
    "client",
    "client_packets",
    "display_filter",
    "first_frame",
    "last_frame",
    "last_ns",
    "number",
    "origin_ns",
    "packets",
    "protocol",
    "server",
    "server_packets",
    "start_ns",
)
"""The attributes of a flow that can be handed to another process."""


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Flow:
    """A connection that is being read.

    Attributes:
        number: its number in the report: tshark's TCP stream; for QUIC and DTLS one behind those.
        protocol: what carries it.
        display_filter: shows its packets; for QUIC and DTLS known after the last packet only.
        client: IP address and port of the client.
        server: IP address and port of the server.
        basis: what told them apart; None until that is known.
        origin_ns: time of the capture's first packet, from which seconds are counted.
        first_frame: its first frame; last_frame: the latest.
        start_ns: time of its first packet; last_ns: the latest time.
        packets: how many so far; client_packets and server_packets: by sender.
        times: seconds of frames that a diagram may show, by frame number; a few per connection.
        facts: results of analyzers that have finished, and what analyzers of this flow share.
    """

    __slots__ = (*COUNTED, "facts", "times")

    def __init__(self, number: int, first_frame: int, start_ns: int, origin_ns: int) -> None:
        self.number = number
        self.protocol: Transport = "tcp"
        self.display_filter = f"tcp.stream == {number}"
        self.origin_ns = origin_ns
        self.client: tuple[str, int] = ("", 0)
        self.server: tuple[str, int] = ("", 0)
        self.basis: str | None = None
        self.facts: dict[str, object] = {}
        self.times: dict[int, float] = {}
        self.first_frame = self.last_frame = first_frame
        self.start_ns = self.last_ns = start_ns
        self.packets = self.client_packets = self.server_packets = 0

    def mark(self, packet: Packet) -> None:
        """Remember when a packet came: it may become an arrow of a sequence diagram."""
        if len(self.times) < _TIMES_KEPT:
            self.times[packet.frame] = self.seconds(packet.time_ns)

    def mark_perhaps(self, packet: Packet) -> None:
        """Remember when a packet came that is not sure to be an arrow: the sure ones keep their room."""
        if len(self.times) < _TIMES_KEPT // 2:
            self.times[packet.frame] = self.seconds(packet.time_ns)

    def seconds(self, time_ns: int) -> float:
        """Return a time as seconds since the first packet of the capture."""
        return (time_ns - self.origin_ns) / 1_000_000_000
