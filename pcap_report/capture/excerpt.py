"""Copy the conversations of a few frames into a small capture of their own.

Who wants to see frame 20 of a million does not wait for the others: the file is walked through without a
dissector, up to the last frame that is wanted, and what the same two addresses said to each other is kept, so
that relative sequence numbers and reassembly come out as in the whole.
"""

from __future__ import annotations

import contextlib
import gzip
import ipaddress
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pcap_report.capture.process import TsharkRun, readable_argument
from pcap_report.capture.records import FileFacts, FrameRecord, InterfaceFacts
from pcap_report.capture.walkers import WALKERS, opened
from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat
    from pcap_report.capture.tshark import Tshark

_HEADERS: Final = 512
"""Bytes of a frame in which its IP headers stand, tunnels included."""
_ADDRESSES: Final = ("ip.src", "ip.dst", "ipv6.src", "ipv6.dst")
_CLOCK: Final = 0xFFFF_FFFF_FFFF_FFFF
"""The clock of a frame has 64 bits."""


@dataclass(frozen=True)
class Excerpt:
    """A small capture.

    Attributes:
        path: the pcapng file.
        numbers: for each of its frames, in order, the frame number in the whole capture.
    """

    path: Path
    numbers: tuple[int, ...]


def can_be_walked(form: CaptureFormat) -> bool:
    """Tell whether we can read this format without tshark."""
    return form.name in WALKERS


def excerpt(path: Path, form: CaptureFormat, wanted: Sequence[int], tshark: Tshark, folder: Path) -> Excerpt:
    """Write the excerpt into a folder.

    Args:
        path: the whole capture.
        form: its format; one that can be walked.
        wanted: frame numbers.
        tshark: finds the addresses in the wanted frames.
        folder: a private folder.

    Raises:
        UsageError: the capture has no such frame.
    """
    facts = FileFacts("", 0)
    alone = dict(_numbered(path, form, facts, max(wanted), set(wanted).__contains__))
    missing = sorted(set(wanted) - alone.keys())
    if missing:
        raise UsageError(
            f"There is no frame {missing[0]} in {path}", "Frame numbers are Wireshark's, from 1 on."
        )
    lone_frames = folder / "frames.pcapng"
    _write(lone_frames, facts.interfaces, alone.values())
    pairs = tuple(_address_pairs(lone_frames, tshark))
    target, numbers = folder / "excerpt.pcapng", []

    def kept() -> Iterator[FrameRecord]:
        for number, record in _numbered(path, form, FileFacts("", 0), max(wanted)):
            if number in alone or any(pair in record.data[:_HEADERS] for pair in pairs):
                numbers.append(number)
                yield record

    _write(target, facts.interfaces, kept())
    return Excerpt(target, tuple(numbers))


def excerpt_of_ends(
    path: Path,
    form: CaptureFormat,
    interfaces: Sequence[InterfaceFacts],
    ends: Mapping[tuple[int, int], frozenset[bytes]],
    folder: Path,
) -> Excerpt:
    """Write the frames of some connections into a folder, told by the bytes of their ends alone.

    Args:
        path: the whole capture.
        form: its format; one that can be walked.
        interfaces: all of its interfaces.
        ends: addresses and ports as they stand in the frames, both ways, by the place where they stand.
        folder: a private folder.
    """
    target, numbers = folder / "excerpt.pcapng", []
    places = [(slice(*place), wanted) for place, wanted in ends.items()]

    def kept() -> Iterator[FrameRecord]:
        for number, record in _numbered(path, form, FileFacts("", 0), None):
            if any(record.data[place] in wanted for place, wanted in places):
                numbers.append(number)
                yield record

    _write(target, interfaces, kept())
    return Excerpt(target, tuple(numbers))


def _numbered(
    path: Path,
    form: CaptureFormat,
    facts: FileFacts,
    last: int | None,
    chosen: Callable[[int], bool] = lambda _: True,
) -> Iterator[tuple[int, FrameRecord]]:
    with opened(path, form) as file, contextlib.suppress(EOFError, zlib.error, gzip.BadGzipFile):
        for number, record in enumerate(WALKERS[form.name](file, facts), 1):
            if chosen(number):
                yield number, record
            if number == last:
                return


def _address_pairs(frames: Path, tshark: Tshark) -> Iterator[bytes]:
    """Yield the two addresses of each IP header as they stand in it, one behind the other, both ways."""
    arguments = ["-n", "-r", readable_argument(frames), "-T", "fields", "-E", "aggregator=,"]
    for name in _ADDRESSES:
        arguments += ["-e", name]
    found: dict[bytes, None] = {}
    with TsharkRun(tshark.path, arguments) as run:
        for line in run:
            values = [cell.split(",") for cell in line.rstrip("\n").split("\t")]
            if len(values) == len(_ADDRESSES):
                found.update(dict.fromkeys(_packed(values[0], values[1])))
                found.update(dict.fromkeys(_packed(values[2], values[3])))
    yield from found


def _packed(sources: Iterable[str], destinations: Iterable[str]) -> Iterator[bytes]:
    for source, destination in zip(sources, destinations, strict=False):
        with contextlib.suppress(ValueError):
            one, other = ipaddress.ip_address(source).packed, ipaddress.ip_address(destination).packed
            yield one + other
            yield other + one


def _write(path: Path, interfaces: Sequence[InterfaceFacts], records: Iterable[FrameRecord]) -> None:
    """Write a pcapng file with times in nanoseconds (draft-ietf-opsawg-pcapng, section 4)."""
    with path.open("xb") as file:
        file.write(_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        for interface in interfaces:
            name = (interface.name or "").encode()
            options = _option(2, name) if name else b""
            options += _option(9, b"\x09") + _option(0, b"")
            head = struct.pack("<HHI", interface.link_type & 0xFFFF, 0, interface.snap_length or 0)
            file.write(_block(1, head + options))
        for record in records:
            ticks = record.time_ns & _CLOCK
            head = struct.pack(
                "<IIIII",
                record.interface,
                ticks >> 32,
                ticks & 0xFFFFFFFF,
                record.captured,
                record.length,
            )
            file.write(_block(6, head + record.data))


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def _block(kind: int, body: bytes) -> bytes:
    padded = body + bytes(-len(body) % 4)
    length = struct.pack("<I", len(padded) + 12)
    return struct.pack("<I", kind) + length + padded + length
