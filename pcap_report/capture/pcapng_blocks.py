"""Walk through a pcapng file (draft-ietf-opsawg-pcapng, section 4)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from pcap_report.capture.raw_blocks import EVENTS
from pcap_report.capture.records import FileFacts, FrameRecord, InterfaceFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTION_HEADER: Final = 0x0A0D0D0A
_INTERFACE: Final = 1
_OBSOLETE_PACKET: Final = 2
_SIMPLE_PACKET: Final = 3
_STATISTICS: Final = 5
_ENHANCED_PACKET: Final = 6
_SECRETS: Final = 10
_BYTE_ORDER: Final = b"\x1a\x2b\x3c\x4d"
_COMMENTS_LISTED: Final = 1000
_LARGEST_BLOCK: Final = 256 * 1024 * 1024
_TLS_KEY_LOG: Final = 0x544C534B
_SECRETS_KEPT: Final = 64 * 1024 * 1024

_OPTION_COMMENT: Final = 1
_IF_NAME: Final = 2
_IF_DESCRIPTION: Final = 3
_IF_TIME_RESOLUTION: Final = 9
_IF_FILTER: Final = 11
_SHB_OS: Final = 3
_SHB_APPLICATION: Final = 4
_ISB_DROPPED: Final = 5


@dataclass
class _Section:
    """The state of the section that is being read: byte order, and the clocks of its interfaces."""

    order: str = "<"
    first_interface: int = 0
    ticks_per_second: list[int] = field(default_factory=list)


def walk_pcapng(file: IO[bytes], facts: FileFacts) -> Iterator[FrameRecord]:
    """Yield the frames; note interfaces, comments and a cut-off end in ``facts``."""
    section = _Section()
    while True:
        block = _next_block(file, facts, section)
        if block is None:
            return
        kind, body = block
        if kind in (_ENHANCED_PACKET, _OBSOLETE_PACKET, _SIMPLE_PACKET):
            record = _frame(kind, body, section, facts)
            if record is None:
                facts.cut = True
                return
            yield record
        elif kind in EVENTS:
            yield FrameRecord(0, 0, 0, section.first_interface, b"")
        else:
            _note(kind, body, section, facts)


def _next_block(file: IO[bytes], facts: FileFacts, section: _Section) -> tuple[int, bytes] | None:
    head = file.read(8)
    if len(head) < 8:
        facts.cut = facts.cut or bool(head)
        return None
    if head[:4] == b"\x0a\x0d\x0d\x0a":
        mark = file.read(4)
        section.order = ">" if mark == _BYTE_ORDER else "<"
        kind, length = _SECTION_HEADER, struct.unpack(f"{section.order}I", head[4:])[0]
        taken = 12
    else:
        kind, length = struct.unpack(f"{section.order}II", head)
        taken = 8
    if length < taken + 4 or length > _LARGEST_BLOCK or length % 4:
        facts.cut = True
        return None
    rest = file.read(length - taken)
    if len(rest) < length - taken:
        facts.cut = True
        return None
    return kind, rest[:-4]


def _frame(kind: int, body: bytes, section: _Section, facts: FileFacts) -> FrameRecord | None:
    order = section.order
    if kind == _SIMPLE_PACKET:
        if len(body) < 4:
            return None
        length = struct.unpack_from(f"{order}I", body)[0]
        captured = min(length, len(body) - 4)
        return FrameRecord(0, captured, length, section.first_interface, body[4 : 4 + captured])
    if len(body) < 20:
        return None
    if kind == _ENHANCED_PACKET:
        interface, high, low, captured, length = struct.unpack_from(f"{order}IIIII", body)
    else:
        interface, _, high, low, captured, length = struct.unpack_from(f"{order}HHIIII", body)
    if captured > len(body) - 20 or interface >= len(section.ticks_per_second):
        return None
    after = 20 + (captured + 3 & ~3)
    if kind == _ENHANCED_PACKET and len(body) > after + 4 and len(facts.comments) < _COMMENTS_LISTED:
        comment = _text(_options(body[after:], order).get(_OPTION_COMMENT))
        if comment:
            facts.comments.append((facts.frames + 1, comment))
    ticks = high << 32 | low
    time_ns = ticks * 1_000_000_000 // section.ticks_per_second[interface]
    return FrameRecord(
        time_ns, captured, length, section.first_interface + interface, body[20 : 20 + captured]
    )


def _note(kind: int, body: bytes, section: _Section, facts: FileFacts) -> None:
    if kind == _SECTION_HEADER:
        section.first_interface = len(facts.interfaces)
        section.ticks_per_second.clear()
        options = _options(body[12:], section.order)
        facts.comment = facts.comment or _text(options.get(_OPTION_COMMENT))
        facts.application = facts.application or _text(options.get(_SHB_APPLICATION))
        facts.system = facts.system or _text(options.get(_SHB_OS))
    elif kind == _INTERFACE and len(body) >= 8:
        _note_interface(body, section, facts)
    elif kind == _STATISTICS and len(body) >= 12:
        _note_statistics(body, section, facts)
    elif kind == _SECRETS:
        facts.has_secrets = True
        _note_secrets(body, section, facts)


def _note_interface(body: bytes, section: _Section, facts: FileFacts) -> None:
    link, _, snap_length = struct.unpack_from(f"{section.order}HHI", body)
    options = _options(body[8:], section.order)
    resolution = (options.get(_IF_TIME_RESOLUTION) or b"\x06")[0]
    base, exponent = (2, resolution & 0x7F) if resolution & 0x80 else (10, resolution)
    section.ticks_per_second.append(base**exponent)
    capture_filter = options.get(_IF_FILTER)
    facts.interfaces.append(
        InterfaceFacts(
            link,
            snap_length or None,
            _text(options.get(_IF_NAME)),
            _text(options.get(_IF_DESCRIPTION)),
            # its first byte says what kind of filter it is: 0 is libpcap's text
            _text(capture_filter[1:]) if capture_filter and capture_filter[0] == 0 else None,
        )
    )


def _note_statistics(body: bytes, section: _Section, facts: FileFacts) -> None:
    interface = struct.unpack_from(f"{section.order}I", body)[0] + section.first_interface
    dropped = _options(body[12:], section.order).get(_ISB_DROPPED)
    if dropped is not None and len(dropped) == 8 and interface < len(facts.interfaces):
        facts.interfaces[interface].dropped = struct.unpack(f"{section.order}Q", dropped)[0]


def _note_secrets(body: bytes, section: _Section, facts: FileFacts) -> None:
    """Keep TLS key logs (draft-ietf-opsawg-pcapng, 4.7), up to a bound."""
    if len(body) < 8:
        return
    kind, length = struct.unpack_from(f"{section.order}II", body)
    kept = sum(map(len, facts.key_logs))
    if kind == _TLS_KEY_LOG and kept + length <= _SECRETS_KEPT:
        facts.key_logs.append(body[8 : 8 + length])


def _options(data: bytes, order: str) -> dict[int, bytes]:
    """Read the options of a block; the first of a kind counts."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from(f"{order}HH", data, at)
        if code == 0 or at + 4 + length > len(data):
            break
        found.setdefault(code, data[at + 4 : at + 4 + length])
        at += 4 + (length + 3 & ~3)
    return found


def _text(value: bytes | None) -> str | None:
    return value.decode("utf-8", "backslashreplace").rstrip("\0") if value else None
