"""Open and protect Initial packets of QUIC version 1 (RFC 9001, 5)."""

from __future__ import annotations

import hashlib
import hmac
import struct
from functools import lru_cache
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SALT: Final = bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a")
_RETRY_KEY: Final = bytes.fromhex("be0c690b9f66575a1d766b54e368c84e")
_RETRY_NONCE: Final = bytes.fromhex("461599d35d632bf2239825bb")
TAG: Final = 16
_SAMPLE_AT: Final = 4


class _Keys(NamedTuple):
    key: bytes
    iv: bytes
    header: bytes


class Opened(NamedTuple):
    """An Initial packet without its protection: the header, the packet number at its end, and the frames."""

    header: bytes
    number: bytes
    frames: bytes


def unprotect(packet: bytes, number_at: int, first_id: bytes, *, from_server: bool) -> Opened:
    """Open a packet; raise cryptography's InvalidTag when it is protected with other keys."""
    keys = _keys(first_id, from_server)
    mask = _mask(keys, packet[number_at + _SAMPLE_AT :])
    first = packet[0] ^ mask[0] & 0x0F
    length = (first & 3) + 1
    number = _xor(packet[number_at : number_at + length], mask[1:])
    header = bytes((first,)) + packet[1:number_at]
    body = packet[number_at + length :]
    frames = AESGCM(keys.key).decrypt(_nonce(keys, number), body, header + number)
    return Opened(header, number, frames)


def protect(opened: Opened, first_id: bytes, *, from_server: bool) -> bytes:
    """Protect a packet with the keys of a connection whose first destination ID is this one."""
    keys = _keys(first_id, from_server)
    header, number, frames = opened
    body = AESGCM(keys.key).encrypt(_nonce(keys, number), frames, header + number)
    mask = _mask(keys, body[_SAMPLE_AT - len(number) :])
    return bytes((header[0] ^ mask[0] & 0x0F,)) + header[1:] + _xor(number, mask[1:]) + body


def retry_tag(packet: bytes, first_id: bytes) -> bytes:
    """Return the integrity tag of a Retry packet, given without one (RFC 9001, 5.8)."""
    pseudo = bytes((len(first_id),)) + first_id + packet
    return AESGCM(_RETRY_KEY).encrypt(_RETRY_NONCE, b"", pseudo)


@lru_cache(maxsize=1024)
def _keys(first_id: bytes, from_server: bool) -> _Keys:
    initial = hmac.digest(_SALT, first_id, hashlib.sha256)
    secret = _expand(initial, b"server in" if from_server else b"client in", 32)
    return _Keys(
        _expand(secret, b"quic key", 16), _expand(secret, b"quic iv", 12), _expand(secret, b"quic hp", 16)
    )


def _expand(secret: bytes, label: bytes, length: int) -> bytes:
    """HKDF-Expand-Label (RFC 8446, 7.1) for lengths that one block of SHA-256 covers."""
    full = b"tls13 " + label
    info = struct.pack(">HB", length, len(full)) + full + b"\0"
    return hmac.digest(secret, info + b"\1", hashlib.sha256)[:length]


def _mask(keys: _Keys, sample: bytes) -> bytes:
    cipher = Cipher(algorithms.AES(keys.header), modes.ECB()).encryptor()  # noqa: S305 - RFC 9001, 5.4.3
    return cipher.update(sample[:16])


def _nonce(keys: _Keys, number: bytes) -> bytes:
    return _xor(keys.iv, number.rjust(len(keys.iv), b"\0"))


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
