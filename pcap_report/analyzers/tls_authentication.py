"""Who proved its identity, and how? Certificates of both sides, the request for the client's, OCSP stapling.

RFC 5246, 7.4.2 to 7.4.8; RFC 8446, 4.3.2 and 4.4; RFC 6066, 8.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.certificate_names import speaks_for
from pcap_report.analyzers.certificates import certificates_in
from pcap_report.analyzers.proof import side_of
from pcap_report.analyzers.tls_extensions import STATUS_REQUEST
from pcap_report.analyzers.tls_fields import (
    CERTIFICATE,
    CERTIFICATE_MESSAGE,
    CERTIFICATE_REQUEST,
    CERTIFICATE_STATUS,
    CERTIFICATE_VERIFY,
)
from pcap_report.model.tls_terms import ClientAuthentication, Stapling

if TYPE_CHECKING:
    from pcap_report.analyzers.handshake_message import HandshakeMessage
    from pcap_report.model.packet import Packet
    from pcap_report.model.tls import Certificate, ClientHello, ServerHello

_LISTED: Final = 50


class Authentication:
    """Collects the messages that prove identities.

    Attributes:
        certificates: those of both sides, in the order of their messages.
        server_sent: the server sent a Certificate message.
    """

    def __init__(self) -> None:
        self.certificates: list[Certificate] = []
        self.server_sent = False
        self._request: int | None = None
        self._client_certificate: tuple[int, int] | None = None
        self._verify: int | None = None
        self._status: int | None = None

    def see(self, packet: Packet, message: HandshakeMessage) -> None:
        """Take a handshake message of any kind."""
        if message.kind == CERTIFICATE_MESSAGE:
            self._on_certificate(packet, message)
        elif message.kind == CERTIFICATE_REQUEST and not packet.from_client:
            self._request = self._request or packet.frame
        elif message.kind == CERTIFICATE_VERIFY and packet.from_client:
            self._verify = self._verify or packet.frame
        elif message.kind == CERTIFICATE_STATUS and not packet.from_client:
            self._status = self._status or packet.frame

    def _on_certificate(self, packet: Packet, message: HandshakeMessage) -> None:
        self.server_sent = self.server_sent or not packet.from_client
        values = message.texts(CERTIFICATE)
        if packet.from_client and self._client_certificate is None:
            self._client_certificate = (packet.frame, len(values))
        side = side_of(packet.from_client)
        found = certificates_in(values[:_LISTED], packet.frame, side, packet.time_ns)
        self.certificates += found[: _LISTED - len(self.certificates)]

    def client_authentication(self) -> ClientAuthentication | None:
        """Return what is known of the client's certificate; None when nothing was seen."""
        frame, count = self._client_certificate or (None, None)
        if self._request is None and frame is None:
            return None
        return ClientAuthentication(self._request, frame, count, self._verify)

    def stapling(
        self, hello: ClientHello | None, answer: ServerHello | None, *, is_13: bool
    ) -> Stapling | None:
        """Return what became of the client's wish for the certificate's state; None when it had none."""
        if hello is None or STATUS_REQUEST not in hello.extensions:
            return None
        agreed = STATUS_REQUEST in answer.extensions if answer and not is_13 else None
        return Stapling(self._status, agreed)

    def speaks_for(self, host: str | None) -> bool | None:
        """Tell whether the server's own certificate speaks for the name that was asked for."""
        own = next((one for one in self.certificates if one.sender == "server"), None)
        return speaks_for(own, host) if own and host else None

    def chain_in_order(self) -> bool | None:
        """Tell whether each certificate of the server's first message is signed by the next one.

        None for fewer than two certificates, and where the next one has the issuer's name and the signature
        could not be checked.
        """
        own = [one for one in self.certificates if one.sender == "server"]
        chain = [one for one in own if one.frame == own[0].frame]
        if len(chain) < 2:
            return None
        answers = [_signed_by_next(*pair, place) for place, pair in enumerate(pairwise(chain))]
        return False if False in answers else None if None in answers else True


def _signed_by_next(one: Certificate, following: Certificate, place: int) -> bool | None:
    if one.signed_by is None and one.signature_verified is None and one.issuer == following.subject:
        return None
    return one.signed_by == place + 1
