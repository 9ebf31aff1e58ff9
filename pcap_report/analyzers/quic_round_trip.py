"""Measure the first round trip: the client's Initial and the acknowledgement of it (RFC 9002, 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet

PACKET_NUMBER: Final = "quic.packet_number"
ACKNOWLEDGED: Final = "quic.ack.largest_acknowledged"
FRAME_TYPE: Final = "quic.frame_type"

_SENT_KEPT: Final = 64


class RoundTrip:
    """Takes the datagrams that begin with an Initial or Retry packet.

    Attributes:
        ms: milliseconds, once they are known.
        frames: the two frames between which they lie.
    """

    fields: Final = (PACKET_NUMBER, ACKNOWLEDGED, FRAME_TYPE)

    def __init__(self) -> None:
        self.ms: float | None = None
        self.frames: tuple[int, ...] = ()
        self._sent: dict[int, Packet] = {}
        self._latest: Packet | None = None

    def see(self, packet: Packet) -> None:
        """Take the next one, in capture order."""
        if self.ms is not None:
            return
        if packet.from_client:
            self._latest = packet
            number = packet.number(PACKET_NUMBER)
            # a number out of a header that tshark could not unprotect is noise; then there are no frames
            if number is not None and packet.has(FRAME_TYPE) and len(self._sent) < _SENT_KEPT:
                self._sent.setdefault(number, packet)
            return
        acknowledged = packet.number(ACKNOWLEDGED)
        sent = self._latest if acknowledged is None else self._sent.get(acknowledged, self._latest)
        if sent is not None:
            self.ms = (packet.time_ns - sent.time_ns) / 1_000_000
            self.frames = (sent.frame, packet.frame)
            self._sent, self._latest = {}, None
