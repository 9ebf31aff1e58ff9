"""CRYPTO frames: which datagrams carry a message, and which fields are whose (RFC 9000, 19.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.tls_hello import EXTENSION, MESSAGE_LENGTH

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet

OFFSET: Final = "quic.crypto.offset"
LENGTH: Final = "quic.crypto.length"
EXTENSIONS_LENGTH: Final = "tls.handshake.extensions_length"
EXTENSION_LENGTH: Final = "tls.handshake.extension.len"
FIELDS: Final = (OFFSET, LENGTH, EXTENSIONS_LENGTH, EXTENSION_LENGTH)

_EXTENSION_HEADER: Final = 4
_PIECES_KEPT: Final = 2000


class CarrierFinder:
    """Remembers which of the client's datagrams brought new pieces of its handshake."""

    def __init__(self) -> None:
        self._pieces: set[tuple[int, int]] = set()
        self._frames: list[int] = []

    def see(self, packet: Packet) -> None:
        """Take a datagram of the client."""
        if not packet.has(OFFSET) or len(self._pieces) >= _PIECES_KEPT:
            return
        pieces = set(zip(packet.numbers(OFFSET), packet.numbers(LENGTH), strict=False))
        if not pieces <= self._pieces:
            self._pieces |= pieces
            self._frames.append(packet.frame)

    def carriers(self, last_frame: int) -> tuple[int, ...]:
        """Return the frames of the message that is complete in this one."""
        return tuple(sorted({*self._frames, last_frame}))


def own_extensions(packet: Packet) -> tuple[int, ...]:
    """Return the extensions of the first message of a datagram.

    With keys, the messages that follow a ServerHello in its datagram are readable too, and tshark prints the
    extensions of all of them in a row; the length of the first list says how many are the ServerHello's.
    """
    kinds, lengths = packet.numbers(EXTENSION), packet.numbers(EXTENSION_LENGTH)
    room = packet.number(EXTENSIONS_LENGTH)
    if room is None or len(packet.numbers(MESSAGE_LENGTH)) <= 1:
        return tuple(kinds)
    own: list[int] = []
    for kind, length in zip(kinds, lengths, strict=False):
        room -= length + _EXTENSION_HEADER
        if room < 0:
            break
        own.append(kind)
    return tuple(own)
