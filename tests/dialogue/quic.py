"""QUIC in its own words: ``client.sends(client.initial(crypto(hello)))``.

Initial packets are protected as RFC 9001, section 5, says, so that tshark reads them; Handshake and 1-RTT
packets hold noise, as they do for everybody without keys.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from scapy.layers.inet import IP, UDP

from tests.dialogue import tls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.dialogue.recording import Frame, Recording

V1: Final = 0x00000001
V2: Final = 0x6B3343CF
_SALTS: Final = {
    V1: "38762cf7f55934b34d179ae6a4c80cadccbb7f0a",
    V2: "0dede3def700a6db819381be6e269dcbf9bd2ed9",
}
_TYPES: Final = {
    V1: {"initial": 0, "zero_rtt": 1, "handshake": 2, "retry": 3},
    V2: {"initial": 1, "zero_rtt": 2, "handshake": 3, "retry": 0},
}
_RETRY_KEY: Final = bytes.fromhex("be0c690b9f66575a1d766b54e368c84e")
_RETRY_NONCE: Final = bytes.fromhex("461599d35d632bf2239825bb")
_FULL: Final = 1200

PING: Final = b"\x01"


def crypto(data: bytes, offset: int = 0) -> bytes:
    """A CRYPTO frame (RFC 9000, 19.6)."""
    return b"\x06" + _varint(offset) + _varint(len(data)) + data


def ack(largest: int) -> bytes:
    return b"\x02" + _varint(largest) + b"\x00\x00\x00"


def close(code: int, reason: str = "", frame_type: int = 6) -> bytes:
    """A CONNECTION_CLOSE frame of the transport (RFC 9000, 19.19)."""
    words = reason.encode()
    return b"\x1c" + _varint(code) + _varint(frame_type) + _varint(len(words)) + words


def hello(*, sni: str | None = "quic.example", alpn: tuple[str, ...] = ("h3",)) -> bytes:
    """A ClientHello without its record."""
    return tls.client_hello(sni=sni, alpn=alpn, versions=(tls.TLS13,), session_id=b"")[5:]


def server_hello() -> bytes:
    return tls.server_hello()[5:]


class QuicTalk:
    """A QUIC connection: two ends with their ids."""

    def __init__(self, recording: Recording, *, version: int = V1, first_dcid: bytes = b"\xaa" * 8) -> None:
        self.recording = recording
        self.version = version
        self.first_dcid = first_dcid
        self.client = QuicEnd(self, ("192.168.1.10", 50000), b"\xc1" * 4, is_client=True)
        self.server = QuicEnd(self, ("203.0.113.5", 443), b"\x5e" * 8, is_client=False)

    def __iter__(self) -> Iterator[QuicEnd]:
        return iter((self.client, self.server))


class QuicEnd:
    """One of the two ends."""

    def __init__(self, talk: QuicTalk, address: tuple[str, int], scid: bytes, *, is_client: bool) -> None:
        self.talk = talk
        self.address = address
        self.scid = scid
        self.is_client = is_client
        self.token = b""
        self.dcid: bytes | None = None
        self._next = 0

    @property
    def peer(self) -> QuicEnd:
        return self.talk.server if self.is_client else self.talk.client

    def initial(self, *frames: bytes) -> bytes:
        payload = b"".join(frames)
        payload += bytes(max(0, 4 - len(payload)))
        number = self._next
        self._next += 1
        head = self._long_head("initial") + _varint(len(self.token)) + self.token
        head += _length(len(payload) + 17) + bytes([number])
        return _protected(head, payload, number, self._keys())

    def zero_rtt(self, size: int) -> bytes:
        return self._sealed("zero_rtt", size)

    def handshake(self, size: int) -> bytes:
        return self._sealed("handshake", size)

    def one_rtt(self, size: int) -> bytes:
        return b"\x41" + self._called() + _noise(size)

    def retry(self, token: bytes) -> bytes:
        """A Retry with its integrity tag (RFC 9001, 5.8)."""
        packet = self._long_head("retry") + token
        original = bytes([len(self.talk.first_dcid)]) + self.talk.first_dcid
        return packet + AESGCM(_RETRY_KEY).encrypt(_RETRY_NONCE, b"", original + packet)

    def version_negotiation(self, *versions: int) -> bytes:
        ids = _sized(self.peer.scid) + _sized(self.talk.first_dcid)
        return b"\x80" + bytes(4) + ids + b"".join(number.to_bytes(4, "big") for number in versions)

    def sends(self, *packets: bytes, full: bool = False) -> Frame:
        """Send a datagram; a full one is padded behind its packets."""
        data = b"".join(packets)
        data += bytes(_FULL - len(data)) if full else b""
        (source, source_port), (destination, destination_port) = self.address, self.peer.address
        network = IP(src=source, dst=destination) / UDP(sport=source_port, dport=destination_port) / data
        return self.talk.recording.take(network, from_client=self.is_client)

    def _sealed(self, kind: str, size: int) -> bytes:
        return self._long_head(kind) + _length(size) + _noise(size)

    def _long_head(self, kind: str) -> bytes:
        version = self.talk.version
        first = 0xC0 | _TYPES.get(version, _TYPES[V1])[kind] << 4
        return bytes([first]) + version.to_bytes(4, "big") + _sized(self._called()) + _sized(self.scid)

    def _called(self) -> bytes:
        """The id by which this end calls the other."""
        if self.dcid is not None:
            return self.dcid
        return self.talk.first_dcid if self.is_client else self.peer.scid

    def _keys(self) -> tuple[bytes, bytes, bytes]:
        version = self.talk.version if self.talk.version in _SALTS else V1
        prefix = "quicv2" if version == V2 else "quic"
        secret = hmac.digest(bytes.fromhex(_SALTS[version]), self.talk.first_dcid, "sha256")
        own = _expand(secret, "client in" if self.is_client else "server in", 32)
        key, iv, mask = ((f"{prefix} key", 16), (f"{prefix} iv", 12), (f"{prefix} hp", 16))
        return _expand(own, *key), _expand(own, *iv), _expand(own, *mask)


def _protected(head: bytes, payload: bytes, number: int, keys: tuple[bytes, bytes, bytes]) -> bytes:
    """Seal the payload and hide the header (RFC 9001, 5.3 and 5.4); the packet number has one byte."""
    key, iv, mask_key = keys
    nonce = iv[:-1] + bytes([iv[-1] ^ number])
    sealed = AESGCM(key).encrypt(nonce, payload, head)
    sample = sealed[3:19]
    encryptor = Cipher(algorithms.AES(mask_key), modes.ECB()).encryptor()  # noqa: S305 - header protection is that
    mask = encryptor.update(sample)
    return bytes([head[0] ^ mask[0] & 0x0F]) + head[1:-1] + bytes([head[-1] ^ mask[1]]) + sealed


def _expand(secret: bytes, label: str, length: int) -> bytes:
    """HKDF-Expand-Label (RFC 8446, 7.1), up to one block."""
    name = b"tls13 " + label.encode()
    info = length.to_bytes(2, "big") + bytes([len(name)]) + name + b"\x00"
    return hmac.digest(secret, info + b"\x01", "sha256")[:length]


def _varint(number: int) -> bytes:
    if number < 1 << 6:
        return bytes([number])
    return _length(number) if number < 1 << 14 else (0x80000000 | number).to_bytes(4, "big")


def _length(number: int) -> bytes:
    return (0x4000 | number).to_bytes(2, "big")


def _sized(body: bytes) -> bytes:
    return bytes([len(body)]) + body


def _noise(size: int) -> bytes:
    """Bytes that look like ciphertext, and are the same in every run."""
    return hashlib.shake_128(size.to_bytes(4, "big")).digest(size)
