"""Friendly names for the tshark fields that an anatomy shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg

if TYPE_CHECKING:
    from pcap_report.model.message import Message

LAYERS: Final[dict[str, Message]] = {
    "frame": msg("Frame"),
    "eth": msg("Ethernet II"),
    "sll": msg("Linux cooked capture"),
    "ip": msg("Internet Protocol 4"),
    "ipv6": msg("Internet Protocol 6"),
    "tcp": msg("Transmission Control Protocol"),
    "tls": msg("Transport Layer Security"),
}

FIELDS: Final[dict[str, Message]] = {
    "frame.number": msg("Frame number"),
    "frame.len": msg("Length on the wire, bytes"),
    "frame.cap_len": msg("Length in the capture, bytes"),
    "frame.interface_name": msg("Interface"),
    "frame.protocols": msg("Protocols in it"),
    "eth.src": msg("Source MAC"),
    "eth.dst": msg("Destination MAC"),
    "vlan.id": msg("VLAN"),
    "ip.src": msg("Source address"),
    "ip.dst": msg("Destination address"),
    "ip.ttl": msg("Time to live"),
    "ip.proto": msg("Protocol carried"),
    "ipv6.src": msg("Source address"),
    "ipv6.dst": msg("Destination address"),
    "ipv6.hlim": msg("Hop limit"),
    "tcp.srcport": msg("Source port"),
    "tcp.dstport": msg("Destination port"),
    "tcp.flags.str": msg("Flags"),
    "tcp.seq": msg("Sequence number (relative)"),
    "tcp.ack": msg("Acknowledgement number (relative)"),
    "tcp.len": msg("Payload, bytes"),
    "tcp.window_size_value": msg("Window field"),
    "tcp.options.mss_val": msg("Maximum segment size"),
    "tcp.options.wscale.shift": msg("Window scale, shift"),
    "tcp.options.sack_perm": msg("SACK permitted"),
    "tcp.options.timestamp.tsval": msg("Timestamp value"),
    "tls.record.content_type": msg("Record content type"),
    "tls.record.opaque_type": msg("Record content type (encrypted)"),
    "tls.record.version": msg("Record version"),
    "tls.record.length": msg("Record length, bytes"),
    "tls.handshake.type": msg("Handshake message"),
    "tls.handshake.length": msg("Message length, bytes"),
    "tls.handshake.version": msg("Version field (legacy)"),
    "tls.handshake.random": msg("Random"),
    "tls.handshake.session_id": msg("Session ID"),
    "tls.handshake.ciphersuite": msg("Cipher suites"),
    "tls.handshake.extensions_server_name": msg("Server name (SNI)"),
    "tls.handshake.extensions_alpn_str": msg("Application protocol (ALPN)"),
    "tls.handshake.extensions.supported_version": msg("Supported versions"),
    "tls.handshake.extensions_supported_group": msg("Supported groups"),
    "tls.handshake.extensions_key_share_group": msg("Key share group"),
}

ROLES: Final[dict[str, Message]] = {
    "syn": msg("SYN"),
    "syn_ack": msg("SYN+ACK"),
    "client_hello": msg("ClientHello"),
    "server_hello": msg("ServerHello"),
    "fin": msg("FIN"),
    "reset": msg("RST"),
    "last_ack": msg("last ACK"),
}
"""Why a frame is taken apart."""
