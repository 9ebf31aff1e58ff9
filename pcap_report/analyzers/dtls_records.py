"""The DTLS records of a datagram, and its hellos read with the words of TLS (RFC 6347, 4.1; RFC 9147, 4).

tshark has a content type, a version, an epoch and a length for every record. Before 4.2 it knows nothing of
DTLS 1.3's short record header: a datagram of such records stands there as bare UDP data.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.analyzers import tls_hello

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet

CONTENT_TYPE: Final = "dtls.record.content_type"
EPOCH: Final = "dtls.record.epoch"
LENGTH: Final = "dtls.record.length"
VERSION: Final = "dtls.record.version"
HANDSHAKE_TYPE: Final = "dtls.handshake.type"
HANDSHAKE_LENGTH: Final = "dtls.handshake.length"
FRAGMENT: Final = "dtls.fragment"
RECORD_FIELDS: Final = (CONTENT_TYPE, EPOCH, LENGTH, VERSION, HANDSHAKE_TYPE)
HELLO_FIELDS: Final = tuple("d" + name for name in tls_hello.FIELDS if name.startswith("tls."))


class DtlsRecord(NamedTuple):
    """A DTLS record that tshark takes apart."""

    content_type: int
    epoch: int
    """0 until the sender encrypts."""
    length: int


def records_of(packet: Packet) -> list[DtlsRecord]:
    """Return the records of a datagram in their order."""
    columns = (packet.numbers(CONTENT_TYPE), packet.numbers(EPOCH), packet.numbers(LENGTH))
    return [DtlsRecord(*values) for values in zip(*columns, strict=False)]


def is_dtls(packet: Packet) -> bool:
    """Tell whether tshark found DTLS in the datagram."""
    return "dtls" in packet.protocols


def may_be_ciphertext(packet: Packet) -> bool:
    """Tell whether the datagram may hold DTLS 1.3 records that tshark does not take apart."""
    return packet.protocols.endswith((":udp", ":data"))


def as_tls(packet: Packet) -> Packet:
    """Return the packet with its DTLS fields under the names of TLS's, for the readers of hellos."""
    view = copy(packet)
    view.columns = {name[1:]: place for name, place in packet.columns.items() if name.startswith("dtls.")}
    return view
