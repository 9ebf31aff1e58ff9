"""What told client from server, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import Message, msg

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection

_DATAGRAMS: Final = msg("**Roles:** the client is the one that sent the ClientHello.")
_SIGNS: Final = {
    "syn": msg("**Roles:** the client is the one that sent the SYN."),
    "syn_ack": msg(
        "**Roles:** the SYN is not in the capture, but the server's SYN+ACK is, and tells the two apart."
    ),
    "tls": msg("**Roles:** the SYN is not in the capture; the TLS roles tell client from server."),
    "port": msg(
        "**Roles:** the SYN is not in the capture; the ports decide, the lower or better known being the"
        " server's. This is an inference."
    ),
    "first_packet": msg(
        "**Roles:** nothing in the capture tells client from server; the sender of the first packet is taken"
        " for the client. This is an assumption."
    ),
}


def roles_of(connection: Connection) -> Message:
    """Say what told client from server."""
    if connection.protocol != "tcp" and connection.orientation == "tls":
        return _DATAGRAMS
    return _SIGNS[connection.orientation]
