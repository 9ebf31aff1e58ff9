"""TLS records made by hand, so that the odd ones exist too (RFC 8446, sections 4 and 5)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TLS10: Final = 0x0301
TLS12: Final = 0x0303
TLS13: Final = 0x0304
GREASE: Final = 0x0A0A
X25519: Final = 29
P256: Final = 23
P384: Final = 24
AES_128_GCM: Final = 0x1301
AES_256_GCM: Final = 0x1302
ECDHE_RSA_AES_256_GCM: Final = 0xC030
RANDOM: Final = bytes(range(32))
SESSION: Final = bytes(range(100, 132))
_RETRY_RANDOM: Final = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
_FINISHED: Final = {AES_128_GCM: 4 + 32 + 17, AES_256_GCM: 4 + 48 + 17}


def record(kind: int, body: bytes, version: int = TLS12) -> bytes:
    return struct.pack("!BHH", kind, version, len(body)) + body


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def handshake(kind: int, body: bytes, version: int = TLS12) -> bytes:
    """A handshake message in a record of its own."""
    return record(22, message(kind, body), version)


def extension(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("!HH", kind, len(body)) + body


def client_hello(
    *,
    sni: str | None = "www.example.org",
    versions: Sequence[int] = (TLS13, TLS12),
    legacy: int = TLS12,
    suites: Sequence[int] = (AES_256_GCM, AES_128_GCM, ECDHE_RSA_AES_256_GCM),
    groups: Sequence[int] = (X25519, P256),
    key_shares: Sequence[int] = (X25519,),
    alpn: Sequence[str] = ("h2", "http/1.1"),
    session_id: bytes = SESSION,
    more: Iterable[bytes] = (),
    record_version: int = TLS10,
) -> bytes:
    """A ClientHello; pass versions=() for one without supported_versions, as TLS 1.2 clients send it."""
    extensions: list[bytes] = []
    if sni is not None:
        extensions.append(extension(0, _sized(b"\0" + _sized(sni.encode()))))
    extensions.append(extension(10, _sized(_numbers(groups))))
    extensions.append(extension(11, b"\x01\x00"))
    if alpn:
        extensions.append(extension(16, _sized(b"".join(bytes([len(one)]) + one.encode() for one in alpn))))
    extensions.append(extension(13, _sized(_numbers((0x0403, 0x0804)))))
    if versions:
        listed = _numbers(versions)
        extensions.append(extension(43, bytes([len(listed)]) + listed))
        shares = b"".join(struct.pack("!H", group) + _sized(bytes(32)) for group in key_shares)
        extensions.append(extension(51, _sized(shares)))
    extensions += more
    body = (
        struct.pack("!H", legacy)
        + RANDOM
        + bytes([len(session_id)])
        + session_id
        + _sized(_numbers(suites))
        + b"\x01\x00"
        + _sized(b"".join(extensions))
    )
    return handshake(1, body, record_version)


def server_hello(
    *,
    version: int = TLS13,
    suite: int = AES_256_GCM,
    key_share: int | None = X25519,
    alpn: str | None = None,
    resumed: bool = False,
    random: bytes = RANDOM[::-1],
) -> bytes:
    """A ServerHello; below TLS 1.3 the version stands in the old place and there is no key share."""
    extensions: list[bytes] = []
    if version == TLS13:
        extensions.append(extension(43, struct.pack("!H", version)))
        if key_share is not None:
            extensions.append(extension(51, struct.pack("!H", key_share) + _sized(bytes(32))))
        if resumed:
            extensions.append(extension(41, b"\0\0"))
    if alpn is not None:
        extensions.append(extension(16, _sized(bytes([len(alpn)]) + alpn.encode())))
    return _server_hello(min(version, TLS12), random, suite, extensions)


def hello_retry_request(*, group: int = P384, suite: int = AES_256_GCM) -> bytes:
    extensions = [extension(43, struct.pack("!H", TLS13)), extension(51, struct.pack("!H", group))]
    return _server_hello(TLS12, _RETRY_RANDOM, suite, extensions)


def change_cipher_spec() -> bytes:
    return record(20, b"\x01")


def alert(level: int, description: int) -> bytes:
    return record(21, bytes([level, description]))


def encrypted_alert(size: int = 26) -> bytes:
    """An alert as TLS 1.2 encrypts it: the type stays visible."""
    return record(21, bytes([0x5A]) * size)


def encrypted(size: int) -> bytes:
    """A record of TLS 1.3, or application data of TLS 1.2, of that many bytes."""
    return record(23, bytes([0xA5]) * size)


def finished13(suite: int = AES_256_GCM) -> bytes:
    """A TLS 1.3 Finished: it is known by its size."""
    return encrypted(_FINISHED[suite])


def close_notify13() -> bytes:
    """A TLS 1.3 alert: two bytes, the content type, a tag."""
    return encrypted(19)


def finished12() -> bytes:
    """A TLS 1.2 Finished, encrypted: a handshake record that cannot be read."""
    return record(22, bytes([0xF1]) * 40)


def certificate12(*certificates: bytes) -> bytes:
    return handshake(11, _sized24(b"".join(_sized24(one) for one in certificates)))


def server_hello_done() -> bytes:
    return handshake(14, b"")


def client_key_exchange() -> bytes:
    return handshake(16, _short(bytes(32)))


def _server_hello(version: int, random: bytes, suite: int, extensions: Iterable[bytes]) -> bytes:
    joined = b"".join(extensions)
    body = (
        struct.pack("!H", version)
        + random
        + bytes([len(SESSION)])
        + SESSION
        + struct.pack("!H", suite)
        + b"\0"
        + (_sized(joined) if joined else b"")
    )
    return handshake(2, body)


def _numbers(values: Iterable[int]) -> bytes:
    return b"".join(struct.pack("!H", value) for value in values)


def _short(body: bytes) -> bytes:
    return bytes([len(body)]) + body


def _sized(body: bytes) -> bytes:
    return struct.pack("!H", len(body)) + body


def _sized24(body: bytes) -> bytes:
    return len(body).to_bytes(3, "big") + body
