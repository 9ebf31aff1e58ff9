"""Frames of recorded sessions, and how the client's addresses in them are changed; checksums stay right."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.capture.pcapng_blocks import walk_pcapng
from pcap_report.capture.records import FileFacts

if TYPE_CHECKING:
    from pathlib import Path

_ETHERNET: Final = 14
_IPV4: Final = b"\x08\x00"
_IPV6: Final = b"\x86\xdd"
_CLIENT_4: Final = bytes((192, 168, 1, 23))
_CLIENT_6: Final = bytes.fromhex("20010db8000100000000000000000023")
_SUMS: Final = {6: 16, 17: 6, 58: 2}
"""Where the checksum that covers the addresses stands: TCP, UDP, ICMPv6."""
_ONES: Final = 0xFFFF


class Frame(NamedTuple):
    """A frame of a session, with its time since the session's first."""

    offset_ns: int
    data: bytes


class Movable(NamedTuple):
    """A frame whose client can become another.

    Attributes:
        offset_ns: time since the session's first frame.
        data: the recorded bytes.
        place: where the last four bytes of the client's address stand; None when it is not in this frame.
        sums: where checksums that cover them stand.
    """

    offset_ns: int
    data: bytes
    place: int | None
    sums: tuple[int, ...]

    def of(self, client: bytes) -> bytes:
        """Return the frame as if this client had been there; four bytes, the end of its address."""
        if self.place is None:
            return self.data
        data = bytearray(self.data)
        data[self.place : self.place + 4] = client
        for place in self.sums:
            replace_in_sum(data, place, self.data[self.place : self.place + 4], client)
        return bytes(data)


def recorded(path: Path) -> list[Frame]:
    """Read the frames of a recorded session (pcapng)."""
    with path.open("rb") as file:
        records = list(walk_pcapng(file, FileFacts("", 0)))
    return [Frame(record.time_ns - records[0].time_ns, record.data) for record in records]


def movable(frame: Frame) -> Movable:
    """Find the client in a frame."""
    data = frame.data
    if data[12:14] == _IPV4:
        transport = _ETHERNET + 4 * (data[14] & 15)
        place = _place(data, _CLIENT_4, (26, 30))
        sums = (24, *_transport_sum(data, data[23], transport))
    elif data[12:14] == _IPV6:
        start = _place(data, _CLIENT_6, (22, 38))
        place = None if start is None else start + 12
        sums = _transport_sum(data, data[20], _ETHERNET + 40)
    else:
        place, sums = None, ()
    return Movable(frame.offset_ns, data, place, sums)


def replace_in_sum(data: bytearray, place: int, old: bytes, new: bytes) -> None:
    """Renew an Internet checksum after 16-bit words that it covers have changed (RFC 1624, 3)."""
    count = len(old) // 2
    less = sum(struct.unpack(f">{count}H", old)) - sum(struct.unpack(f">{count}H", new))
    before = int.from_bytes(data[place : place + 2], "big")
    data[place : place + 2] = ((before + less) % _ONES or _ONES).to_bytes(2, "big")


def _place(data: bytes, address: bytes, starts: tuple[int, int]) -> int | None:
    return next((at for at in starts if data[at : at + len(address)] == address), None)


def _transport_sum(data: bytes, protocol: int, start: int) -> tuple[int, ...]:
    offset = _SUMS.get(protocol)
    if offset is None or (protocol == 17 and data[start + 6 : start + 8] == b"\0\0"):
        return ()
    return (start + offset,)
