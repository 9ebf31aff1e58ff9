"""The QUIC packets of a datagram, with type, length, version and ids of each kept together (RFC 9000, 17).

tshark prints each field's values side by side: a form and a length for every packet, a type, a version and
the lengths of the ids for every long header, and an id only where it is not empty. The order is that of the
datagram.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.analyzers.iana.quic import NEGOTIATION, VERSIONS_2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet
    from pcap_report.model.quic import QuicPacketType

HEADER_FORM: Final = "quic.header_form"
LONG_TYPE: Final = "quic.long.packet_type"
LONG_TYPE_V2: Final = "quic.long.packet_type_v2"
LENGTH: Final = "quic.packet_length"
VERSION: Final = "quic.version"
DCID: Final = "quic.dcid"
SCID: Final = "quic.scid"
DCID_LENGTH: Final = "quic.dcil"
SCID_LENGTH: Final = "quic.scil"
FIELDS: Final = (HEADER_FORM, LONG_TYPE, LONG_TYPE_V2, LENGTH, VERSION, DCID, SCID, DCID_LENGTH, SCID_LENGTH)

_KEY: Final = "quic_datagram"
_TYPES: Final[tuple[QuicPacketType, ...]] = ("initial", "zero_rtt", "handshake", "retry")
_TYPES_V2: Final[tuple[QuicPacketType, ...]] = ("retry", "initial", "zero_rtt", "handshake")


class QuicPacket(NamedTuple):
    """A QUIC packet; several may share a datagram."""

    type: QuicPacketType
    length: int
    """Bytes, header included."""
    version: int | None
    """None in a short header."""
    dcid: str | None
    """The receiver's id, "" for an empty one; None where tshark does not know where it ends."""
    scid: str | None
    """The sender's id, "" for an empty one; None in a short header."""


def packets_of(flow: Flow, datagram: Packet) -> tuple[QuicPacket, ...]:
    """Return the QUIC packets of a datagram; worked out once for all analyzers of its connection."""
    known = flow.facts.get(_KEY)
    if isinstance(known, tuple) and known[0] == datagram.frame:
        packets: tuple[QuicPacket, ...] = known[1]
        return packets
    packets = tuple(_read(datagram))
    flow.facts[_KEY] = (datagram.frame, packets)
    return packets


def _read(datagram: Packet) -> Iterator[QuicPacket]:
    lengths = iter(datagram.numbers(LENGTH))
    versions = iter(datagram.numbers(VERSION))
    types, types_v2 = iter(datagram.numbers(LONG_TYPE)), iter(datagram.numbers(LONG_TYPE_V2))
    dcids, scids = iter(datagram.texts(DCID)), iter(datagram.texts(SCID))
    dcid_lengths, scid_lengths = iter(datagram.numbers(DCID_LENGTH)), iter(datagram.numbers(SCID_LENGTH))
    for is_long in datagram.numbers(HEADER_FORM):
        length = next(lengths, 0)
        if not is_long:
            yield QuicPacket("one_rtt", length, None, _hex(next(dcids, None)), None)
            continue
        version = next(versions, None)
        dcid = _hex(next(dcids, None)) if next(dcid_lengths, 0) else ""
        scid = _hex(next(scids, None)) if next(scid_lengths, 0) else ""
        kind = _long_type(version, types, types_v2)
        yield QuicPacket(kind, length, version, dcid, scid)


def _long_type(version: int | None, types: Iterator[int], types_v2: Iterator[int]) -> QuicPacketType:
    if version == NEGOTIATION:
        return "version_negotiation"
    names = _TYPES_V2 if version in VERSIONS_2 else _TYPES
    number = next(types_v2 if version in VERSIONS_2 else types, None)
    return names[number] if number is not None and number < len(names) else "unknown"


def _hex(value: str | None) -> str | None:
    return None if value is None else value.replace(":", "")
