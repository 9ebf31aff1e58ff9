"""What ties conversations of different addresses together, so that they must be read together.

Whoever signals (FTP, RPC, SIP and the like) may say which other conversations belong to it: all of its
addresses' conversations then stay together. A QUIC connection may move to other addresses (RFC 9000, 9);
all that its server's port has to do with stays together.
"""

from __future__ import annotations

from typing import Final

TOGETHER: Final = b"tied"
"""The key of the conversations of those who signal."""
_LOWEST_NEGOTIATED: Final = 1024
"""Ports from which on media may be announced: no signalling names a well-known port."""


class EntangledError(Exception):
    """A frame that may need frames of other addresses to be understood: the capture must not be cut."""


class TiedError(EntangledError):
    """The same, and it can be known which: see :class:`Ties`."""


class Ties:
    """Which conversations belong together beyond their two addresses; filled by a look at all frames.

    Attributes:
        signalling: addresses of those who signal.
        media: among what is signalled are streams between any addresses.
        complete: all frames were looked at.
    """

    def __init__(self) -> None:
        self.signalling: set[bytes] = set()
        self.media = False
        self.complete = False
        self._above: dict[bytes, bytes] = {}

    def add_quic(self, one: bytes, other: bytes) -> None:
        """Note the two ends of a QUIC connection, each an address and a port."""
        one, other = self._top(one), self._top(other)
        if one != other:
            self._above[max(one, other)] = min(one, other)

    def quic_key(self, one: bytes, other: bytes) -> bytes:
        """Return the key of what these ends exchange; b"" where neither is known to speak QUIC.

        Raises:
            EntangledError: each of them belongs to other connections.
        """
        known = {self._top(end) for end in (one, other) if end in self._above}
        if len(known) > 1:
            raise EntangledError
        return known.pop() + b"quic" if known else b""

    def key(self, ends: tuple[bytes, bytes], ports: tuple[int, int] | None, *, fragment: bool) -> bytes:
        """Return the key of what these addresses exchange; b"" where nothing ties it.

        Args:
            ends: the addresses.
            ports: of TCP or UDP; None where there are none to be seen.
            fragment: it is a part of an IP packet.

        Raises:
            EntangledError: a fragment that may belong to a stream that was announced.
        """
        if ends[0] in self.signalling or ends[1] in self.signalling:
            return TOGETHER
        if not self.media:
            return b""
        if fragment:
            raise EntangledError
        return TOGETHER if ports and min(ports) >= _LOWEST_NEGOTIATED else b""

    def _top(self, end: bytes) -> bytes:
        above = self._above
        top = above.setdefault(end, end)
        while above[top] != top:
            top = above[top]
        above[end] = top
        return top
