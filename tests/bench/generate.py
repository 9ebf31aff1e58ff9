"""Make captures of any size out of the recorded samples: the same sessions, each time from another client.

Deterministic: the same size gives the same bytes. Only the client's IPv4 address and the time change, so
checksums no longer fit; tshark does not look at them unless asked.
"""

from __future__ import annotations

import struct
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pcap_report.capture.pcapng_blocks import walk_pcapng
from pcap_report.capture.records import FileFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = Path(__file__).parents[2] / "samples"
SESSIONS = ("mcp-tls13.pcapng", "http-dns.pcapng", "tls12-chain.pcapng", "lossy-three-connections.pcapng")
SECONDS_APART = 0.010
_CLIENT = bytes((192, 168, 1, 23))
_FIRST_CLIENT = 0x0A000001
_IPV4 = b"\x08\x00"


class _Frame(NamedTuple):
    offset_ns: int
    data: bytes


def generate(target: Path, packets: int) -> Path:
    """Write a pcap file (nanoseconds, Ethernet) with that many packets."""
    with target.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        for frame in islice(_endless(), packets):
            seconds, nanoseconds = divmod(frame.offset_ns, 1_000_000_000)
            size = len(frame.data)
            file.write(struct.pack("<IIII", 1_700_000_000 + seconds, nanoseconds, size, size) + frame.data)
    return target


def _endless() -> Iterator[_Frame]:
    sessions = [_session(SAMPLES / name) for name in SESSIONS]
    start = 0
    client = _FIRST_CLIENT
    while True:
        for session in sessions:
            address = struct.pack(">I", client)
            for frame in session:
                yield _Frame(start + frame.offset_ns, _from(frame.data, address))
            client += 1
            start += round(SECONDS_APART * 1e9) + session[-1].offset_ns


def _session(path: Path) -> list[_Frame]:
    with path.open("rb") as file:
        records = list(walk_pcapng(file, FileFacts("", 0)))
    return [_Frame(record.time_ns - records[0].time_ns, record.data) for record in records]


def _from(data: bytes, address: bytes) -> bytes:
    """Put another client into an IPv4 header, wherever the sample's client stands."""
    if data[12:14] != _IPV4:
        return data
    source, destination = data[26:30], data[30:34]
    if source == _CLIENT:
        return data[:26] + address + data[30:]
    return data[:30] + address + data[34:] if destination == _CLIENT else data
