"""Did the two begin another handshake on the same connection? RFC 5246, 7.4.1.1 and 7.4.1.2; RFC 5746.

Up to TLS 1.2 the outside of a record tells that it holds handshake messages, also when these are encrypted.
After both sides have sent their Finished, such records belong to a second handshake, or ask for one. TLS 1.3
knows no renegotiation, and hides its late messages. What was sent again is no second handshake: some of that
tshark takes apart again since 4.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.tls_records import CHANGE_CIPHER_SPEC, HANDSHAKE, TlsRecord
from pcap_report.model.tls_terms import Renegotiation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.packet import Packet

_FRAMES_LISTED: Final = 100
_BOTH: Final = 2


class RenegotiationFinder:
    """Follows ChangeCipherSpec and handshake records of both sides."""

    def __init__(self) -> None:
        self._changes = {True: 0, False: 0}
        self._finished: dict[bool, int] = {}
        """Where each side's segment with its Finished ends."""
        self._frames: list[int] = []
        self._from_client = False

    def see(self, packet: Packet, records: Sequence[TlsRecord]) -> None:
        """Take the records of a frame, up to TLS 1.2."""
        side = packet.from_client
        if packet.seq < self._finished.get(side, 0):
            return
        for record in records:
            if record.content_type == CHANGE_CIPHER_SPEC:
                self._changes[side] += 1
            elif record.content_type == HANDSHAKE and self._changes[side]:
                if len(self._finished) == _BOTH:
                    self._note(packet)
                self._finished.setdefault(side, packet.seq + packet.payload)

    def _note(self, packet: Packet) -> None:
        if not self._frames:
            self._from_client = packet.from_client
        if packet.frame not in self._frames[-1:] and len(self._frames) < _FRAMES_LISTED:
            self._frames.append(packet.frame)

    def result(self) -> Renegotiation | None:
        """Return the second handshake; None when there was none."""
        if not self._frames:
            return None
        return Renegotiation(tuple(self._frames), self._from_client, min(self._changes.values()) >= _BOTH)
