"""DTLS in its own words: ``client.sends(record(message(1, hello_body(cookie=COOKIE), number=1)))``."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from scapy.layers.inet import IP, UDP

from tests.dialogue import tls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.dialogue.recording import Frame, Recording

DTLS10: Final = 0xFEFF
DTLS12: Final = 0xFEFD
DTLS13: Final = 0xFEFC
HANDSHAKE: Final = 22
CLIENT_HELLO: Final = 1
SERVER_HELLO: Final = 2
HELLO_VERIFY_REQUEST: Final = 3
_RECORD_HEADER: Final = 5
_MESSAGE_HEADER: Final = 4


class DtlsTalk:
    """Two ends that speak DTLS over UDP."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.client = DtlsEnd(self, ("192.168.1.10", 50000), is_client=True)
        self.server = DtlsEnd(self, ("203.0.113.5", 4433), is_client=False)

    def __iter__(self) -> Iterator[DtlsEnd]:
        return iter((self.client, self.server))


class DtlsEnd:
    """One of the two ends; it numbers its records."""

    def __init__(self, talk: DtlsTalk, address: tuple[str, int], *, is_client: bool) -> None:
        self.talk = talk
        self.address = address
        self.is_client = is_client
        self._next = 0

    def record(self, body: bytes, kind: int = HANDSHAKE, *, epoch: int = 0, version: int = DTLS12) -> bytes:
        """A record (RFC 6347, 4.1)."""
        number = self._next
        self._next += 1
        return struct.pack("!BHHHIH", kind, version, epoch, 0, number, len(body)) + body

    def sends(self, *records: bytes) -> Frame:
        peer = self.talk.server if self.is_client else self.talk.client
        (source, source_port), (destination, destination_port) = self.address, peer.address
        network = IP(src=source, dst=destination) / UDP(sport=source_port, dport=destination_port)
        return self.talk.recording.take(network / b"".join(records), from_client=self.is_client)


def message(kind: int, body: bytes, number: int = 0) -> bytes:
    """A handshake message in one piece (RFC 6347, 4.2.2)."""
    return fragment(kind, body, number, 0, len(body))


def fragment(kind: int, body: bytes, number: int, offset: int, length: int) -> bytes:
    """A piece of a handshake message (RFC 6347, 4.2.3)."""
    head = bytes([kind]) + _three(len(body)) + number.to_bytes(2, "big") + _three(offset) + _three(length)
    return head + body[offset : offset + length]


def client_hello(
    *,
    sni: str | None = "dtls.example",
    cookie: bytes = b"",
    versions: Sequence[int] = (),
    more: Iterable[bytes] = (),
) -> bytes:
    """The body of a ClientHello; the cookie stands behind the session id."""
    supported = _supported(versions) if versions else b""
    extensions = [*more, *([tls.extension(43, supported)] if supported else ())]
    body = _body(
        tls.client_hello(sni=sni, versions=(), legacy=DTLS12, alpn=(), session_id=b"", more=extensions)
    )
    cut = 2 + 32 + 1
    return body[:cut] + bytes([len(cookie)]) + cookie + body[cut:]


def server_hello(*, suite: int = tls.ECDHE_RSA_AES_256_GCM, version: int = DTLS12) -> bytes:
    """The body of a ServerHello."""
    body = _body(tls.server_hello(version=tls.TLS12 if version != DTLS13 else tls.TLS13, suite=suite))
    body = body.replace(struct.pack("!HHH", 43, 2, tls.TLS13), struct.pack("!HHH", 43, 2, DTLS13))
    return struct.pack("!H", max(version, DTLS12)) + body[2:]


def hello_verify_request(cookie: bytes) -> bytes:
    return struct.pack("!H", DTLS10) + bytes([len(cookie)]) + cookie


def connection_id(value: bytes) -> bytes:
    """The extension by which a side asks to be called so (RFC 9146, 3)."""
    return tls.extension(54, bytes([len(value)]) + value)


def ciphertext13(size: int) -> bytes:
    """A record of DTLS 1.3 with the short header: sequence number of two bytes, length (RFC 9147, 4)."""
    return b"\x2e" + b"\x00\x01" + struct.pack("!H", size) + bytes(size)


def _body(record: bytes) -> bytes:
    return record[_RECORD_HEADER + _MESSAGE_HEADER :]


def _supported(versions: Sequence[int]) -> bytes:
    listed = b"".join(struct.pack("!H", version) for version in versions)
    return bytes([len(listed)]) + listed


def _three(number: int) -> bytes:
    return number.to_bytes(3, "big")
