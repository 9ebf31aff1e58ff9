"""Take the frames that matter apart, layer by layer, from the columns of the bulk pass.

No second look at the capture is needed: what the reader of a lab report wants to see of a SYN or a
ClientHello was read in the one pass. The complete dissection of a frame is ``capture.dissect``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.engine.datagram_anatomy import datagram_layers
from pcap_report.engine.meanings import meaning
from pcap_report.model.anatomy import FrameAnatomy, Layer, LayerField

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.engine.reading import Reading
    from pcap_report.model.capture import Interface
    from pcap_report.model.connection import Connection
    from pcap_report.model.packet import Packet

INTERFACE: Final = "frame.interface_id"
MAKER: Final = "eth.src.oui_resolved"
VLAN: Final = "vlan.id"
TTL: Final = "ip.ttl"
HOP_LIMIT: Final = "ipv6.hlim"
IP_PROTOCOL: Final = "ip.proto"
FLAGS_TEXT: Final = "tcp.flags.str"
FIELDS: Final = (INTERFACE, MAKER, VLAN, TTL, HOP_LIMIT, IP_PROTOCOL, FLAGS_TEXT)

_TCP_OPTIONS: Final = (
    "tcp.options.mss_val",
    "tcp.options.wscale.shift",
    "tcp.options.sack_perm",
    "tcp.options.timestamp.tsval",
)
_TLS_FIELDS: Final = (
    "tls.record.content_type",
    "tls.record.opaque_type",
    "tls.record.version",
    "tls.record.length",
    "tls.handshake.type",
    "tls.handshake.length",
    "tls.handshake.version",
    "tls.handshake.random",
    "tls.handshake.session_id",
    "tls.handshake.ciphersuite",
    "tls.handshake.extensions_server_name",
    "tls.handshake.extensions_alpn_str",
    "tls.handshake.extensions.supported_version",
    "tls.handshake.extensions_supported_group",
    "tls.handshake.extensions_key_share_group",
)
_ROLES: Final = ("syn", "syn_ack", "client_hello", "server_hello", "fin", "reset")
_CONNECTIONS_SHOWN: Final = 10
_VALUES_SHOWN: Final = 24


def frame_anatomies(
    reading: Reading, connections: Sequence[Connection], interfaces: Sequence[Interface]
) -> tuple[FrameAnatomy, ...]:
    """Return the anatomy of the key frames of the first connections."""
    found: list[FrameAnatomy] = []
    for connection in connections[:_CONNECTIONS_SHOWN]:
        kept = reading.kept.get(connection.id, {})
        for frame, role in _roles(connection):
            packet = kept.get(frame)
            if packet is not None:
                found.append(FrameAnatomy(frame, connection.id, role, tuple(_layers(packet, interfaces))))
    return tuple(found)


def _roles(connection: Connection) -> Iterator[tuple[int, str]]:
    handshake, tls, teardown = connection.tcp_handshake, connection.tls_handshake, connection.teardown
    if handshake and handshake.syn:
        yield handshake.syn.frame, "syn"
    if handshake and handshake.syn_ack:
        yield handshake.syn_ack.frame, "syn_ack"
    if tls and tls.client_hello:
        yield tls.client_hello.frame, "client_hello"
    if tls and tls.server_hello:
        yield tls.server_hello.frame, "server_hello"
    if teardown:
        for fin in teardown.fins:
            yield fin.frame, "fin"
        for reset in teardown.resets[:1]:
            yield reset.frame, "reset"


def _layers(packet: Packet, interfaces: Sequence[Interface]) -> Iterator[Layer]:
    yield _layer("frame", _frame_fields(packet, interfaces))
    if packet.source_mac or packet.destination_mac:
        vlans = [("vlan.id", number) for number in packet.texts(VLAN)]
        yield _layer("eth", [("eth.src", packet.source_mac), ("eth.dst", packet.destination_mac), *vlans])
    if packet.source:
        yield _network_layer(packet)
    if packet.stream is not None:
        yield _layer("tcp", _tcp_fields(packet))
    for protocol, names in datagram_layers(packet):
        yield _layer(protocol, [(name, _shown(packet, name)) for name in names])
    if "tls" in packet.protocols.split(":"):
        yield _layer("tls", [(name, _shown(packet, name)) for name in _TLS_FIELDS])


def _frame_fields(packet: Packet, interfaces: Sequence[Interface]) -> list[tuple[str, object]]:
    number = packet.number(INTERFACE)
    name = interfaces[number].name if number is not None and number < len(interfaces) else None
    return [
        ("frame.number", packet.frame),
        ("frame.len", packet.length),
        ("frame.cap_len", packet.captured if packet.captured != packet.length else None),
        ("frame.interface_name", name),
        ("frame.protocols", packet.protocols),
    ]


def _network_layer(packet: Packet) -> Layer:
    if ":" in packet.source:
        return _layer(
            "ipv6",
            [
                ("ipv6.src", packet.source),
                ("ipv6.dst", packet.destination),
                ("ipv6.hlim", _innermost(packet, HOP_LIMIT)),
            ],
        )
    return _layer(
        "ip",
        [
            ("ip.src", packet.source),
            ("ip.dst", packet.destination),
            ("ip.ttl", _innermost(packet, TTL)),
            ("ip.proto", _innermost(packet, IP_PROTOCOL)),
        ],
    )


def _innermost(packet: Packet, field: str) -> str | None:
    """Return the value of the header that the addresses are of; tunnels and quotes have others around it."""
    values = packet.texts(field)
    return values[-1] if values else None


def _tcp_fields(packet: Packet) -> list[tuple[str, object]]:
    return [
        ("tcp.srcport", packet.source_port),
        ("tcp.dstport", packet.destination_port),
        ("tcp.flags.str", packet.text(FLAGS_TEXT)),
        ("tcp.seq", packet.seq),
        ("tcp.ack", packet.ack),
        ("tcp.len", packet.payload),
        ("tcp.window_size_value", packet.window),
        *((name, packet.text(name)) for name in _TCP_OPTIONS),
    ]


def _shown(packet: Packet, name: str) -> str | None:
    values = packet.texts(name)
    text = ", ".join(values[:_VALUES_SHOWN])
    more = len(values) - _VALUES_SHOWN
    return f"{text}, … (+{more})" if more > 0 else text or None


def _layer(protocol: str, fields: Sequence[tuple[str, object]]) -> Layer:
    known = ((name, value) for name, value in fields if value not in (None, ""))
    return Layer(protocol, tuple(_field(name, str(value)) for name, value in known))


def _field(name: str, value: str) -> LayerField:
    listed = [one for one in value.split(", ") if not one.startswith("… ")]
    return LayerField(name, value, meaning(name, listed))
