"""Was an earlier session resumed, and did the client speak before the handshake was over?

By session id (RFC 5246, 7.3), by ticket (RFC 5077), by pre-shared key (RFC 8446, 2.2); early data: RFC 8446,
4.2.10. Before TLS 1.3 a resumed session shows in what is missing: the server changes to encryption without
certificate, key exchange and ServerHelloDone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from pcap_report.analyzers import tls_fields as fields
from pcap_report.analyzers.tls_extensions import EARLY_DATA
from pcap_report.analyzers.tls_hello import is_tls13
from pcap_report.analyzers.tls_records import APPLICATION_DATA, TlsRecord
from pcap_report.model.tls_terms import EarlyData, Resumption, SessionTicket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.analyzers.handshake_message import HandshakeMessage
    from pcap_report.model.packet import Packet
    from pcap_report.model.tls import ClientHello, ServerHello

_FULL_HANDSHAKE: Final = frozenset((11, 12, 14, 16))
"""Certificate, ServerKeyExchange, ServerHelloDone, ClientKeyExchange: not in an abbreviated handshake."""
_FRAMES_LISTED: Final = 100

By = Literal["session_id", "session_ticket", "psk"]


class ResumptionFinder:
    """Collects what tells a resumed session from a new one, tickets, and early data."""

    def __init__(self) -> None:
        self._full = False
        self._ticket: SessionTicket | None = None
        self._early_frames: list[int] = []
        self._early_accepted: bool | None = None

    def see(self, packet: Packet, message: HandshakeMessage) -> None:
        """Take a handshake message of any kind."""
        if message.kind in _FULL_HANDSHAKE:
            self._full = True
        elif message.kind == fields.NEW_SESSION_TICKET and not packet.from_client and self._ticket is None:
            self._ticket = SessionTicket(packet.frame, message.number(fields.TICKET_LIFETIME))
        elif message.kind == fields.ENCRYPTED_EXTENSIONS and not packet.from_client:
            self._early_accepted = message.extension_length(EARLY_DATA) is not None

    def see_records(self, packet: Packet, records: Sequence[TlsRecord]) -> None:
        """Take the client's records after its ClientHello and before the ServerHello."""
        kinds = {record.content_type for record in records}
        if APPLICATION_DATA in kinds and len(self._early_frames) < _FRAMES_LISTED:
            self._early_frames.append(packet.frame)

    @property
    def ticket(self) -> SessionTicket | None:
        """The first ticket for a later session that could be read."""
        return self._ticket

    def resumed(
        self, hello: ClientHello | None, answer: ServerHello | None, changed: dict[bool, int]
    ) -> bool | None:
        """Tell whether the session was resumed; None when it cannot be told.

        Args:
            hello: the client's offer.
            answer: the server's choice.
            changed: the first frame with a ChangeCipherSpec, by "from the client".
        """
        if answer is None:
            return None
        if is_tls13(answer.version):
            return answer.selected_psk
        client, server = changed.get(True), changed.get(False)
        if self._full or (client is not None and server is not None and client < server):
            return False
        if hello and hello.session_id and hello.session_id == answer.session_id:
            return True
        return True if server is not None and hello is not None else None

    def resumption(self, hello: ClientHello | None, resumed: bool | None) -> Resumption | None:
        """Return what the client offered to resume, and by what it was."""
        if hello is None:
            return None
        offers: dict[By, bool] = {
            "psk": bool(hello.psk_identities),
            "session_ticket": bool(hello.session_ticket_length),
            "session_id": bool(hello.session_id) and not any(map(is_tls13, hello.supported_versions)),
        }
        offered = tuple(kind for kind, is_offered in offers.items() if is_offered)
        by: By | None = (offered[0] if offered else "session_id") if resumed else None
        return Resumption(offered, by)

    def early_data(
        self, hello: ClientHello | None, answer: ServerHello | None, *, retried: bool
    ) -> EarlyData | None:
        """Return what is known of early data; None when there was no sign of it."""
        offered = hello is not None and EARLY_DATA in hello.extensions
        if not offered and not self._early_frames:
            return None
        refused = retried or (answer is not None and not answer.selected_psk)
        return EarlyData(offered, False if refused else self._early_accepted, tuple(self._early_frames))
