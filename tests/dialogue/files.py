"""Capture files made byte by byte: every byte order, clock and oddity of pcap and pcapng."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, Literal

from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Order = Literal["<", ">"]

BEGIN_S: Final = 1_700_000_000
_MAGIC: Final = {"microseconds": 0xA1B2C3D4, "nanoseconds": 0xA1B23C4D, "modified": 0xA1B2CD34}


def frames(count: int = 2, payload: bytes = b"") -> list[bytes]:
    """Segments of one connection on Ethernet, 54 bytes each without payload."""
    ends = IP(src="192.168.1.10", dst="203.0.113.5")
    return [
        bytes(
            Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
            / ends
            / TCP(sport=50000, dport=9999, flags="S" if number == 0 else "A", seq=1000 + (number > 0), ack=0)
            / (payload if number else b"")
        )
        for number in range(count)
    ]


def pcap(
    packets: Sequence[bytes],
    *,
    order: Order = "<",
    kind: Literal["microseconds", "nanoseconds", "modified"] = "microseconds",
    link: int = 1,
    snap_length: int = 262144,
) -> bytes:
    """A pcap file; a packet every 1.5 milliseconds."""
    parts = [struct.pack(f"{order}IHHIIII", _MAGIC[kind], 2, 4, 0, 0, snap_length, link)]
    unit = 1_500_000 if kind == "nanoseconds" else 1500
    for number, packet in enumerate(packets):
        kept = packet[:snap_length]
        parts.append(struct.pack(f"{order}IIII", BEGIN_S, number * unit, len(kept), len(packet)))
        if kind == "modified":
            parts.append(struct.pack(f"{order}IHBB", 1, 0x0800, 0, 0))
        parts.append(kept)
    return b"".join(parts)


class Pcapng:
    """A pcapng file, block by block."""

    def __init__(self, order: Order = "<") -> None:
        self.order = order
        self.blocks: list[bytes] = []

    def __bytes__(self) -> bytes:
        return b"".join(self.blocks)

    def section(self, options: Mapping[int, bytes] | None = None) -> Pcapng:
        head = struct.pack(f"{self.order}IHHq", 0x1A2B3C4D, 1, 0, -1)
        return self.block(0x0A0D0D0A, head + self._options(options))

    def interface(
        self, *, link: int = 1, snap_length: int = 0, options: Mapping[int, bytes] | None = None
    ) -> Pcapng:
        head = struct.pack(f"{self.order}HHI", link, 0, snap_length)
        return self.block(1, head + self._options(options))

    def packet(
        self,
        data: bytes,
        *,
        interface: int = 0,
        ticks: int = BEGIN_S * 1_000_000,
        length: int | None = None,
        options: Mapping[int, bytes] | None = None,
    ) -> Pcapng:
        """An enhanced packet block."""
        whole = len(data) if length is None else length
        head = struct.pack(f"{self.order}IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(data), whole)
        return self.block(6, head + _padded(data) + self._options(options))

    def simple_packet(self, data: bytes) -> Pcapng:
        return self.block(3, struct.pack(f"{self.order}I", len(data)) + data)

    def statistics(self, *, interface: int = 0, options: Mapping[int, bytes]) -> Pcapng:
        head = struct.pack(f"{self.order}III", interface, 0, 0)
        return self.block(5, head + self._options(options))

    def block(self, kind: int, body: bytes) -> Pcapng:
        body = _padded(body)
        length = struct.pack(f"{self.order}I", len(body) + 12)
        self.blocks.append(struct.pack(f"{self.order}I", kind) + length + body + length)
        return self

    def number(self, value: int) -> bytes:
        """A number of eight bytes, as an option holds it."""
        return struct.pack(f"{self.order}Q", value)

    def _options(self, options: Mapping[int, bytes] | None) -> bytes:
        if not options:
            return b""
        items: Iterable[tuple[int, bytes]] = (*options.items(), (0, b""))
        return b"".join(
            struct.pack(f"{self.order}HH", code, len(value)) + _padded(value) for code, value in items
        )


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
