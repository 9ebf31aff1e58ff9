"""More TLS messages made by hand: those beside the hellos (RFC 5246, 7.4; RFC 5077; RFC 6066); SSL 2.0's."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from tests.dialogue.tls import ECDHE_RSA_AES_256_GCM, RANDOM, TLS12, extension, message, record

if TYPE_CHECKING:
    from collections.abc import Sequence

SSL2_RC4: Final = 0x010080
SSL2_DES: Final = 0x0700C0


def in_one_record(*messages: bytes, version: int = TLS12) -> bytes:
    """Several handshake messages in a single record."""
    return record(22, b"".join(messages), version)


def server_hello12(
    *,
    session_id: bytes = b"",
    suite: int = ECDHE_RSA_AES_256_GCM,
    extensions: Sequence[bytes] = (),
    version: int = TLS12,
    compression: int = 0,
) -> bytes:
    """A ServerHello message of TLS 1.2 without record, all of whose parts can be chosen."""
    body = struct.pack("!H", version) + RANDOM[::-1] + bytes([len(session_id)]) + session_id
    body += struct.pack("!HB", suite, compression)
    joined = b"".join(extensions)
    return message(2, body + (struct.pack("!H", len(joined)) + joined if joined else b""))


def certificates(*ders: bytes) -> bytes:
    chain = b"".join(len(der).to_bytes(3, "big") + der for der in ders)
    return message(11, len(chain).to_bytes(3, "big") + chain)


def server_key_exchange(group: int) -> bytes:
    """A named curve, a point, and a signature with rsa_pkcs1_sha256."""
    point = b"\x04" + bytes(64)
    return message(
        12, b"\x03" + struct.pack("!HB", group, len(point)) + point + b"\x04\x01\x00\x40" + bytes(64)
    )


def certificate_request(*algorithms: int) -> bytes:
    listed = b"".join(struct.pack("!H", one) for one in algorithms)
    return message(13, b"\x01\x01" + struct.pack("!H", len(listed)) + listed + b"\0\0")


def certificate_verify() -> bytes:
    return message(15, b"\x04\x01\x00\x40" + bytes(64))


def certificate_status() -> bytes:
    """An OCSP response without content."""
    return message(22, b"\x01\x00\x00\x05" + bytes.fromhex("30030a0103"))


def server_hello_done() -> bytes:
    return message(14, b"")


def client_key_exchange() -> bytes:
    return message(16, b"\x20" + bytes(32))


def new_session_ticket(lifetime_s: int) -> bytes:
    return message(4, struct.pack("!IH", lifetime_s, 16) + bytes(16))


def psk_offer(*identities: bytes) -> bytes:
    """A ClientHello's pre_shared_key, each identity with a binder of 32 bytes (RFC 8446, 4.2.11)."""
    listed = b"".join(struct.pack("!H", len(one)) + one + bytes(4) for one in identities)
    binders = (b"\x20" + bytes(32)) * len(identities)
    return extension(41, b"".join(struct.pack("!H", len(one)) + one for one in (listed, binders)))


def ssl2_client_hello(version: int = 0x0301, kinds: Sequence[int] = (0x00002F, SSL2_RC4, SSL2_DES)) -> bytes:
    body = b"\x01" + struct.pack("!HHHH", version, 3 * len(kinds), 0, 16)
    return _ssl2(body + b"".join(kind.to_bytes(3, "big") for kind in kinds) + bytes(16))


def ssl2_server_hello(kinds: Sequence[int] = (SSL2_RC4,)) -> bytes:
    body = b"\x04\x00\x01" + struct.pack("!HHHH", 2, 0, 3 * len(kinds), 16)
    return _ssl2(body + b"".join(kind.to_bytes(3, "big") for kind in kinds) + bytes(16))


def ssl2_client_master_key(kind: int = SSL2_RC4) -> bytes:
    return _ssl2(b"\x02" + kind.to_bytes(3, "big") + struct.pack("!HHH", 0, 16, 0) + bytes(16))


def _ssl2(body: bytes) -> bytes:
    return struct.pack("!H", 0x8000 | len(body)) + body
