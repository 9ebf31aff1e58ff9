"""One DTLS session while it is being read: where each side begins to encrypt, and where its Finished is.

Up to version 1.2 the epoch of a record tells whether it is encrypted (RFC 6347, 4.1), and a side's first
handshake record of epoch 1 is its Finished. In version 1.3 (RFC 9147, 4) a tshark before 4.4 takes no
encrypted record apart; there a datagram of the client is its Finished when it has the size of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.dtls_records import is_dtls, may_be_ciphertext, records_of
from pcap_report.analyzers.tls_finished import finished_record_length
from pcap_report.analyzers.tls_records import CHANGE_CIPHER_SPEC, HANDSHAKE

if TYPE_CHECKING:
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet
    from pcap_report.model.tls import ServerHello

CONNECTION_ID: Final = "dtls.connection_id"

_KEY: Final = "dtls_session"
_LONGER_HEADER: Final = 8
"""A DTLS handshake message has 12 bytes in front, a TLS one 4 (RFC 9147, 5.2)."""
_RECORD_HEADER: Final = range(2, 6)
"""Bytes of the short record header without a connection id (RFC 9147, 4)."""


class DtlsSession:
    """Shared by the analyzers of a session; takes every datagram once.

    Attributes:
        is_13: DTLS 1.3 was negotiated.
        changed: the first frame with a ChangeCipherSpec of each side, by "from the client".
        finished: frame and time of each side's Finished, by "from the client".
        encrypted_from: the first frame with an encrypted record.
        ids: the connection ids that each side wants to be called by, by "from the client", with their frames.
    """

    def __init__(self) -> None:
        self.is_13 = False
        self.changed: dict[bool, int] = {}
        self.finished: dict[bool, tuple[int, int]] = {}
        self.encrypted_from: int | None = None
        self.ids: dict[bool, tuple[int, str]] = {}
        self._hello: ServerHello | None = None
        self._frame = 0

    @property
    def finished_frames(self) -> list[int]:
        """Frames of the Finished messages seen."""
        return [frame for frame, _ in self.finished.values()]

    @property
    def in_handshake(self) -> bool:
        """Not both sides have finished, or the latest datagram is the one with which they have."""
        return len(self.finished) < len((True, False)) or self._frame in self.finished_frames

    def on_server_hello(self, hello: ServerHello) -> None:
        """Learn what was negotiated."""
        self._hello = hello
        self.is_13 = hello.version == "DTLS 1.3"

    def see(self, packet: Packet) -> None:
        """Take the next datagram; a second time makes no difference."""
        if packet.frame == self._frame:
            return
        self._frame = packet.frame
        identity = packet.text(CONNECTION_ID)
        if identity is not None:
            self.ids.setdefault(packet.from_client, (packet.frame, identity.replace(":", "")))
        if is_dtls(packet):
            self._see_records(packet)
        if self.is_ciphertext(packet):
            self._see_ciphertext(packet)

    def is_ciphertext(self, packet: Packet) -> bool:
        """Tell whether the datagram is one of DTLS 1.3 that tshark does not take apart."""
        return self.is_13 and may_be_ciphertext(packet)

    def _see_records(self, packet: Packet) -> None:
        for record in records_of(packet):
            if record.content_type == CHANGE_CIPHER_SPEC:
                self.changed.setdefault(packet.from_client, packet.frame)
            elif record.epoch:
                self.encrypted_from = self.encrypted_from or packet.frame
                if record.content_type == HANDSHAKE and not self.is_13:
                    self.finished.setdefault(packet.from_client, (packet.frame, packet.time_ns))

    def _see_ciphertext(self, packet: Packet) -> None:
        self.encrypted_from = self.encrypted_from or packet.frame
        peer = self.ids.get(not packet.from_client)
        in_front = len(peer[1]) // 2 if peer and packet.from_client in self.ids else 0
        suite = self._hello.cipher_suite if self._hello else None
        header = packet.payload - finished_record_length(suite) - _LONGER_HEADER - in_front
        if header in _RECORD_HEADER:
            self.finished.setdefault(packet.from_client, (packet.frame, packet.time_ns))


def session_of(flow: Flow) -> DtlsSession:
    """Return the flow's session, which all its analyzers share."""
    session = flow.facts.get(_KEY)
    if not isinstance(session, DtlsSession):
        session = flow.facts[_KEY] = DtlsSession()
    return session
