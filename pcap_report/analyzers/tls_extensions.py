"""The extensions of a handshake message, and which values are whose (RFC 8446, 4.2).

Several extensions print their values into the same field: signature algorithms stand in the extensions
signature_algorithms, signature_algorithms_cert and delegated_credentials. The length of each extension says
how many values are its own; those of the extensions that nobody asks for are taken and dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers import tls_fields as fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.analyzers.handshake_message import HandshakeMessage
    from pcap_report.analyzers.tls_values import ValueQueue

SERVER_NAME: Final = 0
STATUS_REQUEST: Final = 5
SUPPORTED_GROUPS: Final = 10
POINT_FORMATS: Final = 11
SIGNATURE_ALGORITHMS: Final = 13
ALPN: Final = 16
ENCRYPT_THEN_MAC: Final = 22
EXTENDED_MASTER_SECRET: Final = 23
SESSION_TICKET: Final = 35
OLD_KEY_SHARE: Final = 40
PRE_SHARED_KEY: Final = 41
EARLY_DATA: Final = 42
SUPPORTED_VERSIONS: Final = 43
COOKIE: Final = 44
KEY_SHARE: Final = 51
NEXT_PROTOCOL: Final = 13172
ENCRYPTED_CLIENT_HELLO: Final = 0xFE0D
RENEGOTIATION_INFO: Final = 0xFF01

_DELEGATED_CREDENTIALS: Final = 34
_SIGNATURE_ALGORITHMS_CERT: Final = 50
_HEADER: Final = 4
_PSK: Final = 6 + 33
"""Bytes around an identity: its length and age, and its binder, which has at least 32 (RFC 8446, 4.2.11)."""


def read_extensions(message: HandshakeMessage, queue: ValueQueue) -> int:
    """Give a message its extensions and their values; return the bytes of the list."""
    total = queue.number(fields.EXTENSIONS_LENGTH)
    if total is None:
        message.whole = False
        return 0
    room = total
    while room > 0 and queue.left(fields.EXTENSION):
        kind = queue.number(fields.EXTENSION)
        length = queue.number(fields.EXTENSION_LENGTH)
        if kind is None or length is None:
            break
        room -= length + _HEADER
        message.extensions.append((kind, length))
        reader = _READERS.get(kind)
        if reader is not None and length:
            reader(message, queue, length)
    message.whole = message.whole and room == 0
    return total


def _server_name(message: HandshakeMessage, queue: ValueQueue, _length: int) -> None:
    message.add(fields.SNI, queue.take(fields.SNI))


def _groups(message: HandshakeMessage, queue: ValueQueue, length: int) -> None:
    message.add(fields.GROUP, queue.take(fields.GROUP, (length - 2) // 2))


def _point_formats(message: HandshakeMessage, queue: ValueQueue, length: int) -> None:
    message.add(fields.POINT_FORMAT, queue.take(fields.POINT_FORMAT, length - 1))


def _signature_algorithms(message: HandshakeMessage, queue: ValueQueue, length: int) -> None:
    message.add(fields.SIGNATURE_ALGORITHM, queue.take(fields.SIGNATURE_ALGORITHM, (length - 2) // 2))


def _other_signature_algorithms(message: HandshakeMessage, queue: ValueQueue, length: int) -> None:
    # a credential that a server delegates is a structure of another kind
    if message.kind in {fields.CLIENT_HELLO, fields.CERTIFICATE_REQUEST}:
        queue.take(fields.SIGNATURE_ALGORITHM, (length - 2) // 2)


def _alpn(message: HandshakeMessage, queue: ValueQueue, length: int) -> None:
    room = length - 2
    while room > 0 and queue.left(fields.ALPN_LENGTH):
        size = queue.take(fields.ALPN_LENGTH)
        room -= 1 + int(size[0])
        message.add(fields.ALPN_LENGTH, size)
        message.add(fields.ALPN, queue.take(fields.ALPN))


def _versions(message: HandshakeMessage, queue: ValueQueue, length: int) -> None:
    count = (length - 1) // 2 if message.kind == fields.CLIENT_HELLO else 1
    message.add(fields.SUPPORTED_VERSION, queue.take(fields.SUPPORTED_VERSION, count))


def _key_share(message: HandshakeMessage, queue: ValueQueue, length: int) -> None:
    if message.kind != fields.CLIENT_HELLO and length == 2:
        message.add(fields.SELECTED_GROUP, queue.take(fields.SELECTED_GROUP))
        return
    room = length - (2 if message.kind == fields.CLIENT_HELLO else 0)
    while room > 0 and queue.left(fields.KEY_SHARE_GROUP):
        message.add(fields.KEY_SHARE_GROUP, queue.take(fields.KEY_SHARE_GROUP))
        room -= 4 + (queue.number(fields.KEY_SHARE_LENGTH) or 0)


def _pre_shared_key(message: HandshakeMessage, queue: ValueQueue, length: int) -> None:
    room = length - 4
    while room >= _PSK and queue.left(fields.PSK_IDENTITY_LENGTH):
        size = queue.take(fields.PSK_IDENTITY_LENGTH)
        room -= _PSK + int(size[0])
        message.add(fields.PSK_IDENTITY_LENGTH, size)


_READERS: Final[dict[int, Callable[[HandshakeMessage, ValueQueue, int], None]]] = {
    SERVER_NAME: _server_name,
    SUPPORTED_GROUPS: _groups,
    POINT_FORMATS: _point_formats,
    SIGNATURE_ALGORITHMS: _signature_algorithms,
    ALPN: _alpn,
    _DELEGATED_CREDENTIALS: _other_signature_algorithms,
    OLD_KEY_SHARE: _key_share,
    PRE_SHARED_KEY: _pre_shared_key,
    SUPPORTED_VERSIONS: _versions,
    _SIGNATURE_ALGORITHMS_CERT: _other_signature_algorithms,
    KEY_SHARE: _key_share,
}
