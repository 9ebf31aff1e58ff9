"""Recognise a TLS hello by its bytes, where a TCP segment begins with one (RFC 8446, 5.1, 4.1.2 and 4.1.3).

tshark takes a connection for TLS by its port, or by what it guesses of the first bytes; where it guesses
another protocol, the hello is not in its fields. The bytes of the file tell it all the same. This is asked of
every frame, so most of them are let go after one look for two bytes.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final, NamedTuple

_MARK: Final = b"\x16\x03"
"""A record of type handshake, and the first byte of its version."""
_HELLO: Final = re.compile(rb"\x16\x03[\x00-\x04]..[\x01\x02]\x00..\x03[\x00-\x04](.{32})", re.DOTALL)
_FIRST_AT: Final = 40
"""No IP and TCP header are shorter."""
_LAST_AT: Final = 320
"""Headers, tunnels included, are hardly ever longer."""
_TCP_LENGTHS: Final = range(20, 64, 4)
_TCP: Final = 6
_PORTS: Final = 4
"""Bytes of both ports."""
_LISTED: Final = 100_000


class HelloBytes(NamedTuple):
    """A ClientHello or ServerHello at the beginning of a TCP segment."""

    frame: int
    random: str
    """Its random in hexadecimal: no two hellos have the same, except one that was sent again."""
    ends: bytes
    """Source and destination address, source and destination port, as they stand in the frame."""
    ends_at: int
    """Where in the frame."""


class HelloFinder:
    """Looks at frames in file order and remembers the hellos.

    Attributes:
        hellos: those found.
        left_out: how many there are beyond the number that is kept.
    """

    def __init__(self) -> None:
        self.hellos: list[HelloBytes] = []
        self.left_out = 0

    def see(self, frame: int, data: bytes) -> None:
        """Take the captured bytes of the next frame."""
        at = data.find(_MARK, _FIRST_AT, _LAST_AT)
        while at >= 0:
            hello = _HELLO.match(data, at)
            ends = _ends_before(data, at) if hello else None
            if hello and ends:
                self._keep(HelloBytes(frame, hello[1].hex(), data[ends.start : ends.stop], ends.start))
                return
            at = data.find(_MARK, at + 1, _LAST_AT)

    def _keep(self, hello: HelloBytes) -> None:
        if len(self.hellos) < _LISTED:
            self.hellos.append(hello)
        else:
            self.left_out += 1


def _ends_before(data: bytes, payload_at: int) -> slice | None:
    """Find addresses and ports in front of a TCP payload; None where no TCP and IP header end there.

    An IP header with options or extensions is not looked for: it hardly ever carries TCP.
    """
    for length in _TCP_LENGTHS:
        tcp = payload_at - length
        if tcp < 20 or data[tcp + 12] >> 4 != length // 4:
            continue
        if data[tcp - 20] == 0x45 and data[tcp - 11] == _TCP:
            return slice(tcp - 8, tcp + _PORTS)
        if tcp >= 40 and data[tcp - 40] >> 4 == 6 and data[tcp - 34] == _TCP:
            return slice(tcp - 32, tcp + _PORTS)
    return None


def turned(ends: bytes) -> bytes:
    """Return the ends as they stand in a frame that goes the other way."""
    half = (len(ends) - _PORTS) // 2
    return ends[half : 2 * half] + ends[:half] + ends[-2:] + ends[-4:-2]


def addresses_and_ports(ends: bytes) -> tuple[tuple[str, int], tuple[str, int]]:
    """Return sender and receiver, as address and port each."""
    half = (len(ends) - _PORTS) // 2
    ports = int.from_bytes(ends[-4:-2], "big"), int.from_bytes(ends[-2:], "big")
    source, destination = ipaddress.ip_address(ends[:half]), ipaddress.ip_address(ends[half : 2 * half])
    return (str(source), ports[0]), (str(destination), ports[1])
