"""The server's first flight: its ServerHello and what follows until the client answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy_extensions import mypyc_attr

from pcap_report.analyzers.tls_hello import TCP_SEGMENT
from pcap_report.analyzers.tls_records import records_of
from pcap_report.model.tls import ServerFlight

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet

_FRAMES_LISTED: Final = 1000


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class ServerFlightTracker:
    """Collects the flight's segments, and where Wireshark puts split records together."""

    def __init__(self) -> None:
        self._open = False
        self._frames: list[int] = []
        self._whole: set[int] = set()
        self._reassemblies: list[tuple[int, frozenset[str]]] = []
        self._bytes = 0
        self._seen: set[tuple[int, int]] = set()

    def start(self, packet: Packet) -> None:
        """Begin with the ServerHello's frame."""
        self._open = True
        self.see(packet)

    def see(self, packet: Packet) -> None:
        """Take a packet with payload; the client's first ends the flight."""
        if not self._open or (self._frames and packet.frame == self._frames[-1]):
            return
        if packet.from_client:
            self._open = False
            return
        segment = (packet.seq, packet.payload)
        if len(self._frames) >= _FRAMES_LISTED or segment in self._seen:
            return  # a segment that comes again brings nothing new
        self._seen.add(segment)
        self._frames.append(packet.frame)
        self._bytes += packet.payload
        if records_of(packet):
            self._whole.add(packet.frame)
            parts = packet.texts(TCP_SEGMENT)
            if len(parts) > 1:
                self._reassemblies.append((packet.frame, frozenset(parts)))

    def result(self) -> ServerFlight | None:
        """Return the flight, or None when there was no ServerHello."""
        if not self._frames:
            return None
        pieces = tuple(frame for frame in self._frames if frame not in self._whole)
        return ServerFlight(tuple(self._frames), pieces, self._reassembled_in(pieces), self._bytes)

    def _reassembled_in(self, pieces: tuple[int, ...]) -> int | None:
        """Return where the last piece ends up; without pieces, where the last split record is whole."""
        ends = [frame for frame, _ in self._reassemblies]
        if not pieces:
            return ends[-1] if ends else None
        last = str(pieces[-1])
        return next((frame for frame, parts in self._reassemblies if last in parts), None)
