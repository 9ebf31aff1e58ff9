"""Copies of a recorded QUIC session that are connections of their own.

Another address is not enough: tshark knows a QUIC connection by its connection IDs, and the keys of Initial
packets come from the first of them (RFC 9001, 5.2). So each copy has other IDs, and its Initial packets are
opened and protected again. What other keys protect stays as it is: without them nobody can tell.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography.exceptions import InvalidTag

from tests.bench.frames import Frame, Movable, movable
from tests.bench.quic_initial import TAG, Opened, protect, retry_tag, unprotect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_UDP: Final = 34
_QUIC: Final = _UDP + 8
_PORT: Final = 443
_ID: Final = 8
"""Length of every connection ID in the sample."""
_DESTINATION_AT: Final = 6
_SOURCE_AT: Final = _DESTINATION_AT + _ID + 1
_AFTER_IDS: Final = _SOURCE_AT + _ID
_INITIAL, _RETRY = 0, 3

_Ids = dict[bytes, bytes]
"""The connection IDs of the sample, and those of the copy."""
if TYPE_CHECKING:
    _Part = Callable[[_Ids], bytes]


class _Datagram(NamedTuple):
    frame: Movable
    parts: tuple[_Part, ...]


class QuicSession:
    """A recorded session over QUIC version 1 that other clients can have, too."""

    def __init__(self, frames: list[Frame]) -> None:
        self._ids: set[bytes] = set()
        self._first_id = b""
        self._datagrams = [_Datagram(movable(frame), tuple(self._parts(frame.data))) for frame in frames]

    def copy(self, client: int) -> Iterator[Frame]:
        """Yield the session's frames with another client and other connection IDs in them."""
        end = struct.pack(">I", client)
        mask = client * 0x9E3779B97F4A7C15 % (1 << 64)  # odd, so no two clients have the same
        ids = {old: (int.from_bytes(old, "big") ^ mask).to_bytes(_ID, "big") for old in self._ids}
        for frame, parts in self._datagrams:
            data = frame.of(end)
            if parts:
                data = _with_sum(data[:_QUIC] + b"".join(part(ids) for part in parts))
            yield Frame(frame.offset_ns, data)

    def _parts(self, data: bytes) -> Iterator[_Part]:
        """Cut a datagram into its QUIC packets, in a form that takes the IDs of a copy."""
        if data[12:14] != b"\x08\x00" or data[23] != 17:
            return
        ports = struct.unpack(">HH", data[_UDP : _UDP + 4])
        if _PORT not in ports:
            return
        from_server = ports[0] == _PORT
        rest = data[_QUIC:]
        while rest:
            if not rest[0] & 0x80:
                places = (1,) if rest[0] & 0x40 else ()  # without the fixed bit it is padding
                self._ids |= {rest[at : at + _ID] for at in places}
                yield _opaque(rest, places)
                return
            destination = rest[_DESTINATION_AT : _DESTINATION_AT + _ID]
            source = rest[_SOURCE_AT : _SOURCE_AT + _ID]
            self._ids |= {destination, source}
            kind = rest[0] >> 4 & 3
            if kind == _RETRY:
                yield _retry(rest, self._first_id)
                return
            number_at, end = _extent(rest, kind)
            if kind == _INITIAL:
                yield self._initial(rest[:end], number_at, destination, from_server=from_server)
            else:
                yield _opaque(rest[:end], (_DESTINATION_AT, _SOURCE_AT))
            rest = rest[end:]

    def _initial(self, packet: bytes, number_at: int, destination: bytes, *, from_server: bool) -> _Part:
        try:
            opened = unprotect(packet, number_at, self._first_id, from_server=from_server)
        except InvalidTag:  # a new connection, or a Retry's new beginning
            self._first_id = destination
            opened = unprotect(packet, number_at, destination, from_server=from_server)
        first = self._first_id

        def part(ids: _Ids) -> bytes:
            header = _renamed(opened.header, ids, (_DESTINATION_AT, _SOURCE_AT))
            frames = opened.frames
            for old, new in ids.items():  # ClientHello and ServerHello name some
                frames = frames.replace(old, new)
            return protect(Opened(header, opened.number, frames), ids[first], from_server=from_server)

        return part


def _opaque(packet: bytes, places: tuple[int, ...]) -> _Part:
    return lambda ids: _renamed(packet, ids, places)


def _retry(packet: bytes, first_id: bytes) -> _Part:
    def part(ids: _Ids) -> bytes:
        renamed = _renamed(packet[:-TAG], ids, (_DESTINATION_AT, _SOURCE_AT))
        return renamed + retry_tag(renamed, ids[first_id])

    return part


def _renamed(packet: bytes, ids: _Ids, places: tuple[int, ...]) -> bytes:
    for place in places:
        packet = packet[:place] + ids[packet[place : place + _ID]] + packet[place + _ID :]
    return packet


def _extent(packet: bytes, kind: int) -> tuple[int, int]:
    """Return where the packet number stands and where the packet ends (RFC 9000, 17.2)."""
    at = _AFTER_IDS
    if kind == _INITIAL:
        token, at = _variable(packet, at)
        at += token
    length, at = _variable(packet, at)
    return at, at + length


def _variable(packet: bytes, at: int) -> tuple[int, int]:
    """Read a variable-length integer (RFC 9000, 16); return it and what follows it."""
    size = 1 << (packet[at] >> 6)
    return int.from_bytes(packet[at : at + size], "big") & (1 << 8 * size - 2) - 1, at + size


def _with_sum(data: bytes) -> bytes:
    """Renew the UDP checksum: a sum of 16-bit words with end-around carry is a remainder by 65535."""
    datagram = data[_UDP : _UDP + 6] + b"\0\0" + data[_QUIC:]
    covered = data[26:34] + b"\0\x11" + data[_UDP + 4 : _UDP + 6] + datagram + b"\0" * (len(datagram) % 2)
    checksum = 0xFFFF - int.from_bytes(covered, "big") % 0xFFFF
    return data[: _UDP + 6] + (checksum or 0xFFFF).to_bytes(2, "big") + data[_QUIC:]
