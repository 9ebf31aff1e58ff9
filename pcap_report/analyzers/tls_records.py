"""The TLS records of a frame, with type, length and version of each kept together (RFC 8446, 5.1).

tshark prints each field's values side by side: a length and a version for every record, but a content type
only for records that it can look into, and an opaque type for the encrypted ones of TLS 1.3. Which belongs
to which follows from three facts: a ChangeCipherSpec record has length 1 and an encrypted one at least 17;
other open records come before the encrypted ones; and the order within each field is that of the frame.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from pcap_report.model.packet import numbers_in

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet

CONTENT_TYPE: Final = "tls.record.content_type"
OPAQUE_TYPE: Final = "tls.record.opaque_type"
LENGTH: Final = "tls.record.length"
VERSION: Final = "tls.record.version"
FIELDS: Final = (CONTENT_TYPE, OPAQUE_TYPE, LENGTH, VERSION)

CHANGE_CIPHER_SPEC: Final = 20
ALERT: Final = 21
HANDSHAKE: Final = 22
APPLICATION_DATA: Final = 23
_KEPT: Final = 8192


class TlsRecord(NamedTuple):
    """A TLS record that ends in the frame."""

    content_type: int
    length: int
    """Bytes of its payload as it travels."""
    version: int | None
    opaque: bool
    """Encrypted as TLS 1.3 does it: the content type on the wire is not the true one."""


def records_of(packet: Packet) -> tuple[TlsRecord, ...]:
    """Return the records of a frame in their order; worked out once per packet."""
    if packet.tls_records is None:
        packet.tls_records = _read(packet) if "tls" in packet.protocols else ()
    return cast("tuple[TlsRecord, ...]", packet.tls_records)


def _read(packet: Packet) -> tuple[TlsRecord, ...]:
    texts = packet.raw(CONTENT_TYPE), packet.raw(OPAQUE_TYPE), packet.raw(LENGTH), packet.raw(VERSION)
    return _paired(*texts) if texts[2] else ()


@lru_cache(maxsize=_KEPT)
def _paired(
    content_types: str, opaque_types: str, all_lengths: str, all_versions: str
) -> tuple[TlsRecord, ...]:
    """Read a frame's records from the texts of its four fields; the same ones come again and again."""
    lengths = numbers_in(all_lengths)
    opened, opaque = numbers_in(content_types), numbers_in(opaque_types)
    versions: list[int | None] = list(numbers_in(all_versions))
    versions += [None] * (len(lengths) - len(versions))
    return tuple(
        TlsRecord(kind, length, version, is_opaque)
        for (kind, is_opaque), length, version in zip(
            pair_types(opened, opaque, lengths), lengths, versions, strict=False
        )
    )


def pair_types(opened: list[int], opaque: list[int], lengths: list[int]) -> list[tuple[int, bool]]:
    """Give every length its type: a list of type and "is opaque", one for each length where possible."""
    if not opaque:
        return [(kind, False) for kind in opened]
    if not opened:
        return [(kind, True) for kind in opaque]
    waiting, hidden = list(opened), list(opaque)
    paired: list[tuple[int, bool]] = []
    for length in lengths:
        next_opened = waiting[0] if waiting else None
        is_open = next_opened is not None and ((next_opened == CHANGE_CIPHER_SPEC) == (length == 1))
        if (is_open or not hidden) and waiting:
            paired.append((waiting.pop(0), False))
        elif hidden:
            paired.append((hidden.pop(0), True))
    return paired
