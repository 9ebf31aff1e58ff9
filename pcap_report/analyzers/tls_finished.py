"""Find the client's Finished, with which its part of the handshake ends (RFC 8446, 4.4.4; RFC 5246, 7.4.9).

In TLS 1.3 it is encrypted. It is the client's first encrypted record after the ServerHello, unless the
client sends a certificate first; then its size gives it away: header, hash, content type, tag. The flight
ends at the latest when the server sends again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.tls_hello import is_tls13
from pcap_report.analyzers.tls_records import HANDSHAKE, TlsRecord

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet
    from pcap_report.model.tls import ServerHello

_MESSAGE_HEADER: Final = 4
_ALERT: Final = 2
_CONTENT_TYPE: Final = 1
_TAG: Final = 16
_SHORT_TAG: Final = 8
_TRIES: Final = 4
_MESSAGES_BEFORE: Final = (8, 10)
"""Bytes of a message that shares the first record with the Finished: a Certificate without any (RFC 8446,
4.4.2), and EncryptedExtensions with an empty application_settings, as browsers send them (ALPS)."""


def finished_record_length(cipher_suite: str | None) -> int:
    """Return the bytes of a TLS 1.3 record that holds nothing but a Finished, without padding."""
    hash_length = 48 if (cipher_suite or "").endswith("SHA384") else 32
    return _MESSAGE_HEADER + hash_length + _CONTENT_TYPE + _tag_length(cipher_suite)


def _alert_record_length(cipher_suite: str | None) -> int:
    """Return the bytes of a TLS 1.3 record that holds an alert: no handshake message is as short."""
    return _ALERT + _CONTENT_TYPE + _tag_length(cipher_suite)


def _tag_length(cipher_suite: str | None) -> int:
    return _SHORT_TAG if (cipher_suite or "").endswith("CCM_8_SHA256") else _TAG


class FinishedFinder:
    """Looks for the client's Finished, and remembers which of its records were handshake messages.

    Attributes:
        frame: the Finished's frame, or None so far.
        time_ns: its time.
        handshake_frames: frames of the client's encrypted handshake records in TLS 1.3, Finished included.
        alert_frame: in TLS 1.3 the frame in which the client sends an encrypted alert in place of all that.
    """

    def __init__(self) -> None:
        self.frame: int | None = None
        self.time_ns: int | None = None
        self.handshake_frames: list[int] = []
        self.alert_frame: int | None = None
        self._candidates: list[tuple[int, int]] = []

    def see(self, packet: Packet, record: TlsRecord, hello: ServerHello, *, after_change: bool) -> bool:
        """Take a record sent after the ServerHello; tell whether it is the client's handshake."""
        if self.frame is not None:
            return False
        if not packet.from_client:
            if self._candidates and record.opaque:
                self._settle_for_first()
            return False
        if not is_tls13(hello.version):
            if after_change and record.content_type == HANDSHAKE:
                self._found(packet)
                return True
            return False
        if not record.opaque:
            return False
        if not self._candidates and record.length == _alert_record_length(hello.cipher_suite):
            self.alert_frame = self.alert_frame or packet.frame
            return True
        self.handshake_frames.append(packet.frame)
        more = record.length - finished_record_length(hello.cipher_suite)
        if more == 0 or (more in _MESSAGES_BEFORE and not self._candidates):
            self._found(packet)
        else:
            self._candidates.append((packet.frame, packet.time_ns))
            if len(self._candidates) >= _TRIES:
                self._settle_for_first()
        return True

    def _found(self, packet: Packet) -> None:
        self.frame, self.time_ns = packet.frame, packet.time_ns

    def settle(self) -> None:
        """At the end: the flight has no end that is known by its size."""
        if self.frame is None and self._candidates:
            self._settle_for_first()

    def _settle_for_first(self) -> None:
        """No record of the flight has the size: the first one is taken, as without a client certificate.

        Something else then travels in the record with the Finished, such as a message of an extension.
        """
        self.frame, self.time_ns = self._candidates[0]
        del self.handshake_frames[1:]
