"""A connection: its two ends, its numbers, and what each analyzer found in it."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from pcap_report.model.app_data import AppData
from pcap_report.model.datagram_performance import DatagramPerformance
from pcap_report.model.dtls import Dtls
from pcap_report.model.evidence import Claim, Step
from pcap_report.model.flow import Transport
from pcap_report.model.inside import EventMessage, Inside
from pcap_report.model.quic import Quic
from pcap_report.model.rpc import Rpc
from pcap_report.model.tcp import TcpHandshake, TcpPhenomena, Teardown
from pcap_report.model.tcp_performance import TcpPerformance
from pcap_report.model.tls import TlsHandshake

OrientationBasis = Literal["syn", "syn_ack", "tls", "port", "first_packet"]
"""What told client from server, the most certain first."""

NameSource = Literal["sni", "dns", "http_host", "certificate"]


class ServerName(Struct, frozen=True):
    """A name of the server, with where it was seen."""

    name: str
    source: NameSource
    frame: int


class Hosting(Struct, frozen=True):
    """What a name's suffix hints at. A hint: the capture does not prove who runs the machine."""

    suffix: str
    service: str


class Client(Struct, frozen=True):
    """The end that opened the connection."""

    ip: str
    port: int
    mac: str | None
    private: bool
    """The address is not reachable from the Internet (RFC 1918, RFC 4193 and the like)."""
    mac_meaning: str | None = None
    """Vendor of the MAC address's prefix, or what a special address means."""
    mac_locally_administered: bool | None = None


class Server(Struct, frozen=True):
    """The end that was called."""

    ip: str
    port: int
    mac: str | None
    """As seen here: behind a router it is the router's."""
    private: bool
    names: tuple[str, ...]
    mac_meaning: str | None = None
    mac_locally_administered: bool | None = None
    name_evidence: tuple[ServerName, ...] = ()
    hosting: Hosting | None = None
    mac_is_next_hop: bool | None = None
    """The same MAC address speaks for other IP addresses too: it is a router's."""


class Connection(Struct, frozen=True):
    """A TCP or QUIC connection, or a DTLS session, from its first to its last frame."""

    id: int
    """tshark's ``tcp.stream``. QUIC connections and DTLS sessions go on behind the highest of these, in the
    order of their beginning, so that an id names one connection of the report whatever its protocol."""
    protocol: Transport
    """``dtls`` is DTLS over UDP."""
    client: Client
    server: Server
    packets: int
    bytes: int
    """Bytes of its frames on the wire."""
    first_frame: int
    last_frame: int
    start_s: float
    """Seconds since the first packet of the capture."""
    end_s: float
    conn_state: str
    """Zeek's word for how it began and ended: ``SF``, ``S0``, ``REJ`` …"""
    history: str
    """Zeek's letters, one per kind of event; upper case from the client."""
    community_id: str
    """Community ID, version 1."""
    orientation: OrientationBasis
    display_filter: str
    """Shows the connection's packets."""
    client_packets: int
    server_packets: int
    client_payload_bytes: int
    server_payload_bytes: int
    tcp_handshake: TcpHandshake | None = None
    tls_handshake: TlsHandshake | None = None
    app_data: AppData | None = None
    tcp_phenomena: TcpPhenomena | None = None
    tcp_performance: TcpPerformance | None = None
    teardown: Teardown | None = None
    quic: Quic | None = None
    dtls: Dtls | None = None
    datagram_performance: DatagramPerformance | None = None
    """QUIC and DTLS."""
    inside: Inside | None = None
    """None where no keys were given, or nothing is encrypted."""
    events: tuple[EventMessage, ...] = ()
    """Server-sent events and WebSocket messages, in the clear or read with keys."""
    events_omitted: int = 0
    rpc: Rpc | None = None
    """JSON-RPC messages; None where none was read or inferred."""
    steps: tuple[Step, ...] = ()
    claims: tuple[Claim, ...] = ()
    extensions: dict[str, Any] = {}
    """Results of analyzers from elsewhere, by id; Any because their records are not ours."""
    key_frames: tuple[int, ...] = ()
    """Frames whose anatomy the report shows."""


class ConnectionGroup(Struct, frozen=True):
    """Connections of one client to one server end, in order of their beginning."""

    client_ip: str
    server_ip: str
    server_port: int
    connections: tuple[int, ...]
    client_ports: tuple[int, ...]
    consecutive_ports: bool
    """The client's ports follow one another."""
