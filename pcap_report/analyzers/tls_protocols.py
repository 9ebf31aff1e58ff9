"""Which application protocol did the two settle on? ALPN (RFC 7301), and NPN before it.

In TLS 1.3 the server's choice stands in the EncryptedExtensions, which are readable with keys only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.tls_extensions import NEXT_PROTOCOL
from pcap_report.analyzers.tls_fields import ALPN, ENCRYPTED_EXTENSIONS, SERVER_HELLO
from pcap_report.model.tls_terms import NextProtocol

if TYPE_CHECKING:
    from pcap_report.analyzers.handshake_message import HandshakeMessage
    from pcap_report.model.packet import Packet

NPN_OFFERED: Final = "tls.handshake.extensions_npn"
NPN_SELECTED: Final = "tls.handshake.npn_selected_protocol"
FIELDS: Final = (NPN_OFFERED, NPN_SELECTED)

_NEXT_PROTOCOL_MESSAGE: Final = 67


class ProtocolFinder:
    """Collects what both sides say of the protocol after the ClientHello.

    Attributes:
        alpn: the choice in the EncryptedExtensions.
    """

    def __init__(self) -> None:
        self.alpn: str | None = None
        self._offered: tuple[str, ...] | None = None
        self._selected: str | None = None

    def see(self, packet: Packet, message: HandshakeMessage) -> None:
        """Take a handshake message of any kind."""
        if packet.from_client:
            if message.kind == _NEXT_PROTOCOL_MESSAGE:
                self._selected = packet.text(NPN_SELECTED)
        elif message.kind == ENCRYPTED_EXTENSIONS:
            self.alpn = self.alpn or message.text(ALPN)
        elif message.kind == SERVER_HELLO and message.extension_length(NEXT_PROTOCOL) is not None:
            self._offered = self._offered or tuple(packet.texts(NPN_OFFERED))

    def next_protocol(self) -> NextProtocol | None:
        """Return NPN's part; None where the server did not take it up."""
        return None if self._offered is None else NextProtocol(self._offered, self._selected)
