"""Display filters to start from: what a reader pastes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.filters import frame_filter
from pcap_report.model.message import Message, msg
from pcap_report.render.safe import display_filter_string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.connection import Client, Connection, Server
    from pcap_report.model.tls import TlsHandshake

_OPEN_AND_CLOSE: Final = "(tcp.flags.syn == 1 || tcp.flags.fin == 1 || tcp.flags.reset == 1)"
_NAME_LIMIT: Final = 250


def of(connection: Connection) -> Sequence[tuple[Message, str]]:
    """List the filters of a connection, each with what it shows."""
    client, server = connection.client, connection.server
    ip = "ipv6" if ":" in server.ip else "ip"
    found = [
        (msg("this connection"), connection.display_filter),
        (msg("everything to and from the server"), f"{ip}.addr == {server.ip}"),
    ]
    if connection.protocol == "tcp":
        whole = f"{connection.display_filter} && {_OPEN_AND_CLOSE}"
        found.append((msg("its opening and its close"), whole))
    elif connection.protocol == "quic":
        opening = f"{connection.display_filter} && quic.header_form == 1"
        found.append((msg("its long headers: Initial, Handshake, 0-RTT, Retry"), opening))
        found.append((msg("its short headers: what is said after the handshake"), _short_headers(connection)))
    tls, data = connection.tls_handshake, connection.app_data
    if tls and tls.client_hello:
        label = msg("the ClientHello with the name") if tls.sni else msg("the ClientHello")
        found.append((label, _hello_filter(connection, tls)))
    layer = {"tcp": "tls", "dtls": "dtls"}.get(connection.protocol)
    if layer is None:
        return found
    if data and data.encrypted and not (tls and tls.second_look):
        found += [
            (
                msg("TLS from the client"),
                f"{_sent_by(connection, client)} && {connection.display_filter} && {layer}",
            ),
            (
                msg("TLS from the server"),
                f"{_sent_by(connection, server)} && {connection.display_filter} && {layer}",
            ),
        ]
    elif data and connection.protocol == "tcp":
        found.append((msg("segments with data"), f"{connection.display_filter} && tcp.len > 0"))
    flagged = connection.tcp_phenomena
    if flagged and any(getattr(flagged, name).count for name in type(flagged).__struct_fields__):
        flags = f"{connection.display_filter} && tcp.analysis.flags"
        found.append((msg("what Wireshark's TCP analysis flags"), flags))
    return found


def _sent_by(connection: Connection, end: Client | Server) -> str:
    """Select what an end sent: by its address, or by its port where both ends have the same address."""
    if connection.client.ip == connection.server.ip:
        return f"{'udp' if connection.protocol == 'dtls' else 'tcp'}.srcport == {end.port}"
    return f"{'ipv6' if ':' in end.ip else 'ip'}.src == {end.ip}"


def _short_headers(connection: Connection) -> str:
    return f"{connection.display_filter} && quic.header_form == 0"


def _hello_filter(connection: Connection, tls: TlsHandshake) -> str:
    if tls.second_look and tls.client_hello:
        return f"{connection.display_filter} && {frame_filter(tls.client_hello.frames)}"
    if tls.sni is None or len(tls.sni) > _NAME_LIMIT:
        layer = "dtls" if connection.protocol == "dtls" else "tls"
        return f"{connection.display_filter} && {layer}.handshake.type == 1"
    if connection.protocol == "dtls":
        return f"{connection.display_filter} && dtls.handshake.type == 1"
    return f"tls.handshake.extensions_server_name == {display_filter_string(tls.sni)}"
