"""Takes the recording machine's own traits (hardware, operating system) out of a pcapng file.

The program that captured (`shb_userappl`), the interface's name, the packets and the counters stay.
"""

import struct
from collections.abc import Iterator
from typing import Final

SECTION_HEADER: Final = 0x0A0D0D0A
INTERFACE: Final = 1
FIXED_BYTES: Final = {SECTION_HEADER: 16, INTERFACE: 8}
"""What stands between a block's length and its options."""
HOST_OPTIONS: Final = {SECTION_HEADER: {2, 3}, INTERFACE: {12, 15}}
"""shb_hardware, shb_os; if_os, if_hardware."""
END_OF_OPTIONS: Final = 0


def drop_host_details(pcapng: bytes) -> bytes:
    """The same little-endian capture without the options that describe the machine."""
    return b"".join(_tidy(kind, body) for kind, body in _blocks(pcapng))


def _blocks(pcapng: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(pcapng):
        kind, length = struct.unpack_from("<II", pcapng, at)
        yield kind, pcapng[at + 8 : at + length - 4]
        at += length


def _tidy(kind: int, body: bytes) -> bytes:
    if kind in HOST_OPTIONS:
        fixed = FIXED_BYTES[kind]
        body = body[:fixed] + _keep(body[fixed:], HOST_OPTIONS[kind])
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def _keep(options: bytes, unwanted: set[int]) -> bytes:
    kept = b""
    at = 0
    while at < len(options):
        code, length = struct.unpack_from("<HH", options, at)
        size = 4 + (length + 3) // 4 * 4
        if code not in unwanted:
            kept += options[at : at + size]
        if code == END_OF_OPTIONS:
            break
        at += size
    return kept
