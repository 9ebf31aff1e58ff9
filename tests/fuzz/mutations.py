"""Spoil capture files: in their bytes, in their lengths, in their order, as disks, networks and strangers do.

A file is taken apart into its head and its records (pcap) or blocks (pcapng); what comes out depends only on
the dice, so that every mutant can be made again.
"""

from __future__ import annotations

import gzip
import struct
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_PCAPNG: Final = b"\x0a\x0d\x0d\x0a"
_BIG_ENDIAN: Final = frozenset((b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d", b"\xa1\xb2\xcd\x34"))
_MODIFIED: Final = frozenset((b"\xa1\xb2\xcd\x34", b"\x34\xcd\xb2\xa1"))
_ODD_NUMBERS: Final = (
    *(
        0,
        1,
        2,
        3,
        4,
        7,
        8,
        11,
        12,
        16,
        27,
        28,
        31,
        32,
        54,
        60,
        0xFF,
        0x100,
        0xFFFF,
        0x10000,
        0x3FFFF,
        0x40000,
    ),
    *(0x40001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFC, 0xFFFFFFFF),
)
_LINK_TYPES: Final = (
    *(0, 1, 6, 7, 8, 9, 10, 12, 50, 51, 101, 104, 105, 107, 108, 109, 113, 117, 119, 127, 129, 141, 143, 147),
    *(
        163,
        187,
        189,
        192,
        195,
        199,
        201,
        209,
        220,
        227,
        228,
        229,
        239,
        243,
        247,
        249,
        251,
        252,
        253,
        266,
        276,
    ),
    *(283, 292, 0x1001, 0xFFFF),
)


class Parts(NamedTuple):
    """A capture file in parts, which put together are the file."""

    head: bytes
    """The file header of pcap; empty for pcapng."""
    records: list[bytes]
    """Records with their headers, or blocks."""
    order: str
    """The byte order as :mod:`struct` writes it."""
    time_at: int
    """Where in a record its time stands."""
    lengths_at: tuple[int, ...]
    """Where in a record its lengths stand."""
    payload_at: int

    @property
    def data(self) -> bytes:
        """The file."""
        return self.head + b"".join(self.records)


def parts_of(data: bytes) -> Parts:
    """Take a whole pcap or pcapng file apart; what makes no sense at its end is one last record."""
    if data[:4] == _PCAPNG:
        order = ">" if data[8:12] == b"\x1a\x2b\x3c\x4d" else "<"
        return Parts(b"", _blocks(data, order), order, 12, (4, 20, 24, -4), 28)
    order = ">" if data[:4] in _BIG_ENDIAN else "<"
    size = 24 if data[:4] in _MODIFIED else 16
    return Parts(data[:24], _records(data, order, size), order, 0, (8, 12), size)


def _blocks(data: bytes, order: str) -> list[bytes]:
    found, at = [], 0
    while at + 12 <= len(data):
        length = struct.unpack_from(f"{order}I", data, at + 4)[0]
        if length < 12 or at + length > len(data):
            break
        found.append(data[at : at + length])
        at += length
    return [*found, data[at:]] if at < len(data) else found


def _records(data: bytes, order: str, size: int) -> list[bytes]:
    found, at = [], 24
    while at + size <= len(data):
        end = at + size + struct.unpack_from(f"{order}I", data, at + 8)[0]
        if end > len(data):
            break
        found.append(data[at:end])
        at = end
    return [*found, data[at:]] if at < len(data) else found


def mutated(data: bytes, dice: Random) -> tuple[str, bytes]:
    """Spoil a capture file in one to three ways; return their names and the file."""
    names = []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        if not parts_of(data).records:  # cut off before the first
            break
        way = dice.choice(WAYS)
        data = way(data, dice)
        names.append(way.__name__)
    if dice.random() < 0.1:
        data = _in_gzip(data, dice)
        names.append("gzip")
    return " ".join(names), data


def together(one: bytes, other: bytes, dice: Random) -> bytes:
    """Put two captures into one file, where their formats allow it: shuffled, or as sections of pcapng."""
    if one[:4] == other[:4] == _PCAPNG:
        return one + other
    if one[:4] != other[:4] or one[20:24] != other[20:24] or _PCAPNG in (one[:4], other[:4]):
        return one
    parts = parts_of(one)
    first, second = iter(parts.records), iter(parts_of(other).records)
    order = [first] * len(parts.records) + [second] * len(parts_of(other).records)
    if dice.random() < 0.7:
        dice.shuffle(order)
    return parts._replace(records=[next(source) for source in order]).data


def _some(parts: Parts, dice: Random) -> int:
    return dice.randrange(len(parts.records))


def _with(record: bytes, at: int, value: bytes) -> bytes:
    """Write over bytes of a record; the place may count from its end."""
    start = at if at >= 0 else len(record) + at
    if start < 0 or start + len(value) > len(record):
        return record
    return record[:start] + value + record[start + len(value) :]


def bits(data: bytes, dice: Random) -> bytes:
    """Turn bits anywhere."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5, 20, 100))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def bytes_of_packets(data: bytes, dice: Random) -> bytes:
    """Write other bytes into packets; their records stay whole."""
    parts = parts_of(data)
    for _ in range(dice.choice((1, 3, 10))):
        place = _some(parts, dice)
        record = parts.records[place]
        if len(record) > parts.payload_at + 4:
            at = dice.randrange(parts.payload_at, len(record) - 4)
            size = min(dice.choice((1, 1, 2, 4, 16)), len(record) - 4 - at)
            filling = dice.choice((b"\0", b"\xff", b"\x80", b"\x7f", dice.randbytes(1))) * size
            parts.records[place] = _with(record, at, filling)
    return parts.data


def lengths(data: bytes, dice: Random) -> bytes:
    """Give a record another length: of the block, of what was captured, of what was on the wire."""
    parts = parts_of(data)
    place = _some(parts, dice)
    value = dice.choice(_ODD_NUMBERS) if dice.random() < 0.7 else dice.randrange(1 << 32)
    at = dice.choice(parts.lengths_at)
    parts.records[place] = _with(parts.records[place], at, struct.pack(f"{parts.order}I", value))
    return parts.data


def cut_off(data: bytes, dice: Random) -> bytes:
    """End the file anywhere."""
    return data[: dice.randrange(1, len(data))] if len(data) > 1 else data


def a_hole(data: bytes, dice: Random) -> bytes:
    """Take bytes out of the middle."""
    start = dice.randrange(len(data))
    return data[:start] + data[start + dice.randrange(1, 200) :] or data


def strangers_inside(data: bytes, dice: Random) -> bytes:
    """Put other bytes into the middle."""
    start = dice.randrange(len(data) + 1)
    return data[:start] + dice.randbytes(dice.randrange(1, 200)) + data[start:]


def swapped(data: bytes, dice: Random) -> bytes:
    """Let two records change places."""
    parts = parts_of(data)
    one, other = _some(parts, dice), _some(parts, dice)
    records = parts.records
    records[one], records[other] = records[other], records[one]
    return parts.data


def doubled(data: bytes, dice: Random) -> bytes:
    """Say records twice, or many times."""
    parts = parts_of(data)
    place = _some(parts, dice)
    parts.records[place:place] = [parts.records[place]] * dice.choice((1, 1, 2, 50))
    return parts.data


def left_out(data: bytes, dice: Random) -> bytes:
    """Leave records out."""
    parts = parts_of(data)
    share = dice.choice((0.05, 0.3, 0.8))
    kept = [one for one in parts.records if dice.random() > share]
    return parts._replace(records=kept or parts.records).data


def shuffled(data: bytes, dice: Random) -> bytes:
    """Bring all records into a random order, the first of pcapng stays where it is."""
    parts = parts_of(data)
    first = 1 if not parts.head else 0
    rest = parts.records[first:]
    dice.shuffle(rest)
    return parts._replace(records=parts.records[:first] + rest).data


def interfaces(data: bytes, dice: Random) -> bytes:
    """Let a packet name an interface that there is not; a pcap file has none."""
    parts = parts_of(data)
    place = _some(parts, dice)
    if not parts.head and len(parts.records[place]) >= 16:
        number = dice.choice((1, 2, 255, 0xFFFF, 0xFFFFFFFF))
        parts.records[place] = _with(parts.records[place], 8, struct.pack(f"{parts.order}I", number))
    return parts.data


def options(data: bytes, dice: Random) -> bytes:
    """Break what stands behind the fixed part of a pcapng block: codes, lengths, texts."""
    parts = parts_of(data)
    place = dice.randrange(min(4, len(parts.records))) if dice.random() < 0.5 else _some(parts, dice)
    record = parts.records[place]
    if not parts.head and len(record) > 20:
        at = dice.randrange(8, len(record) - 4)
        parts.records[place] = _with(record, at, struct.pack(f"{parts.order}H", dice.randrange(1 << 16)))
    return parts.data


def kinds(data: bytes, dice: Random) -> bytes:
    """Make a block one of another kind."""
    parts = parts_of(data)
    place = _some(parts, dice)
    if not parts.head:
        kind = dice.choice((0, 1, 2, 3, 4, 5, 6, 9, 10, 0xBAD, 0x40000BAD, 0x204, 0x208, 0x0A0D0D0A, 77))
        parts.records[place] = _with(parts.records[place], 0, struct.pack(f"{parts.order}I", kind))
    return parts.data


def link_types(data: bytes, dice: Random) -> bytes:
    """Say that the packets are of another link layer."""
    parts = parts_of(data)
    kind = dice.choice(_LINK_TYPES)
    if parts.head:
        return _with(data, 20, struct.pack(f"{parts.order}I", kind))
    for place, block in enumerate(parts.records):
        if block[:4] == struct.pack(f"{parts.order}I", 1):
            parts.records[place] = _with(block, 8, struct.pack(f"{parts.order}H", kind))
            break
    return parts.data


def times(data: bytes, dice: Random) -> bytes:
    """Let packets travel in time: to the beginning of the epoch, far ahead, below zero."""
    parts = parts_of(data)
    for _ in range(dice.choice((1, 1, 5, len(parts.records)))):
        place = _some(parts, dice)
        value = dice.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, dice.randrange(1 << 32)))
        at = parts.time_at + dice.choice((0, 4))
        parts.records[place] = _with(parts.records[place], at, struct.pack(f"{parts.order}I", value))
    return parts.data


def clocks(data: bytes, dice: Random) -> bytes:
    """Give a pcapng interface another time resolution or offset, or a pcap file another magic number."""
    parts = parts_of(data)
    if parts.head:
        magic = dice.choice((0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34))
        return _with(data, 0, struct.pack(f"{parts.order}I", magic))
    for place, block in enumerate(parts.records):
        if block[:4] == struct.pack(f"{parts.order}I", 1):
            body = block[8:16] + _option(
                parts.order, 9, dice.choice((b"\0", b"\x80", b"\x09", dice.randbytes(1)))
            )
            body += _option(
                parts.order, 14, struct.pack(f"{parts.order}q", dice.choice((-1, 1 << 40, -(1 << 62))))
            )
            length = struct.pack(f"{parts.order}I", len(body) + 12)
            parts.records[place] = block[:4] + length + body + length
            break
    return parts.data


def _option(order: str, code: int, value: bytes) -> bytes:
    return struct.pack(f"{order}HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def snapped(data: bytes, dice: Random) -> bytes:
    """Keep only the beginning of packets, as a snap length does."""
    parts = parts_of(data)
    size = dice.choice((1, 13, 14, 20, 34, 40, 54, 60, 96))
    for place, record in enumerate(parts.records):
        payload = record[parts.payload_at :]
        if parts.head and len(payload) > size:
            head = _with(record[: parts.payload_at], 8, struct.pack(f"{parts.order}I", size))
            parts.records[place] = head + payload[:size]
    return parts.data


def _in_gzip(data: bytes, dice: Random) -> bytes:
    packed = gzip.compress(data, mtime=0)
    damage: tuple[Callable[[bytes, Random], bytes], ...] = (_whole, cut_off, bits, a_hole)
    return dice.choice(damage)(packed, dice)


def _whole(data: bytes, _: Random) -> bytes:
    return data


WAYS: Final = (
    *(bits, bytes_of_packets, bytes_of_packets, lengths, cut_off, a_hole, strangers_inside, swapped, doubled),
    *(left_out, shuffled, interfaces, options, kinds, link_types, times, clocks, snapped),
)
"""The ways to spoil a file."""
