"""Which fields of UDP, QUIC and DTLS the anatomy of a frame shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.packet import Packet

_UDP: Final = ("udp.srcport", "udp.dstport", "udp.length", "udp.stream")
_QUIC: Final = (
    "quic.connection.number",
    "quic.packet_length",
    "quic.header_form",
    "quic.long.packet_type",
    "quic.long.packet_type_v2",
    "quic.version",
    "quic.dcid",
    "quic.scid",
    "quic.token_length",
    "quic.packet_number",
    "quic.frame_type",
    "quic.crypto.offset",
    "quic.crypto.length",
)
_DTLS: Final = (
    "dtls.record.content_type",
    "dtls.record.version",
    "dtls.record.epoch",
    "dtls.record.length",
    "dtls.handshake.type",
    "dtls.handshake.length",
    "dtls.handshake.message_seq",
    "dtls.handshake.version",
    "dtls.handshake.random",
    "dtls.handshake.cookie_length",
    "dtls.handshake.ciphersuite",
    "dtls.handshake.extensions_server_name",
    "dtls.handshake.extensions_alpn_str",
    "dtls.handshake.extensions.supported_version",
    "dtls.handshake.extensions_supported_group",
    "dtls.handshake.extensions_key_share_group",
    "dtls.connection_id",
)


def datagram_layers(packet: Packet) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the layers of a datagram with the fields to show, from the outermost inwards."""
    layers = packet.protocols.split(":")
    if packet.stream is not None or "udp" not in layers:
        return
    yield "udp", _UDP
    if "quic" in layers:
        yield "quic", _QUIC
    if "dtls" in layers:
        yield "dtls", _DTLS
