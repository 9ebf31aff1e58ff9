"""The handshake messages of a frame, each with its own values (RFC 8446, section 4; RFC 5246, 7.4).

tshark prints each field's values side by side for the whole frame, whichever message they come from. The
messages are read here a second time, in their order and by their lengths, and every value goes to its message
and its extension: the signature algorithms of a CertificateRequest are none of the ClientHello's, and those
of a delegated credential are none of the extension signature_algorithms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers import tls_fields as fields
from pcap_report.analyzers.handshake_message import HandshakeMessage
from pcap_report.analyzers.tls_extensions import read_extensions
from pcap_report.analyzers.tls_values import ValueQueue, as_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.model.packet import Packet

_FIXED: Final = 35
"""Bytes of a hello that are always there: version, random, length of the session id."""
_DRAFTS: Final = range(0x7F00, 0x7F16)
"""Versions in a ServerHello without session id and compression: drafts of TLS 1.3 before the 22nd."""


def messages_of(packet: Packet) -> list[HandshakeMessage]:
    """Return the handshake messages that end in a frame, in their order."""
    kinds = packet.numbers(fields.TYPE)
    if not kinds:
        return []
    queue = ValueQueue(packet)
    return [_READERS.get(kind, _other)(HandshakeMessage(kind), queue) for kind in kinds]


def _hello(message: HandshakeMessage, queue: ValueQueue) -> HandshakeMessage:
    length = _moved(message, queue, fields.MESSAGE_LENGTH)
    version = _moved(message, queue, fields.MESSAGE_VERSION)
    _moved(message, queue, fields.RANDOM)
    used = _FIXED
    if message.kind == fields.CLIENT_HELLO or version not in _DRAFTS:
        used += _session_id(message, queue)
    if message.kind == fields.CLIENT_HELLO:
        used += 2 + _list(message, queue, fields.CIPHER_SUITES_LENGTH, fields.CIPHER_SUITE, 2)
        used += 1 + _list(message, queue, fields.COMPRESSIONS_LENGTH, fields.COMPRESSION, 1)
    else:
        message.add(fields.CIPHER_SUITE, queue.take(fields.CIPHER_SUITE))
        message.add(fields.COMPRESSION, queue.take(fields.COMPRESSION) if version not in _DRAFTS else [])
        used += 3 if version not in _DRAFTS else 1
    if length is None or length > used:
        read_extensions(message, queue)
    message.whole = message.whole and version is not None
    return message


def _session_id(message: HandshakeMessage, queue: ValueQueue) -> int:
    length = queue.number(fields.SESSION_ID_LENGTH)
    if length:
        message.add(fields.SESSION_ID, queue.take(fields.SESSION_ID))
    return length or 0


def _list(message: HandshakeMessage, queue: ValueQueue, length_field: str, field: str, size: int) -> int:
    length = queue.number(length_field)
    if length is None:
        message.whole = False
        return 0
    values = queue.take(field, length // size)
    message.whole = message.whole and len(values) == length // size
    message.add(field, values)
    return length


def _old_retry(message: HandshakeMessage, queue: ValueQueue) -> HandshakeMessage:
    _moved(message, queue, fields.MESSAGE_LENGTH)
    _moved(message, queue, fields.MESSAGE_VERSION)
    if queue.left(fields.CIPHER_SUITE):
        message.add(fields.CIPHER_SUITE, queue.take(fields.CIPHER_SUITE))
    read_extensions(message, queue)
    return message


def _with_extensions(message: HandshakeMessage, queue: ValueQueue) -> HandshakeMessage:
    _moved(message, queue, fields.MESSAGE_LENGTH)
    read_extensions(message, queue)
    return message


def _ticket(message: HandshakeMessage, queue: ValueQueue) -> HandshakeMessage:
    _moved(message, queue, fields.MESSAGE_LENGTH)
    _moved(message, queue, fields.TICKET_LIFETIME)
    if queue.left(fields.TICKET_AGE_ADD):
        _moved(message, queue, fields.TICKET_AGE_ADD)
        read_extensions(message, queue)
    return message


def _certificates(message: HandshakeMessage, queue: ValueQueue) -> HandshakeMessage:
    _moved(message, queue, fields.MESSAGE_LENGTH)
    with_extensions = queue.number(fields.CONTEXT_LENGTH) is not None
    room = queue.number(fields.CERTIFICATES_LENGTH) or 0
    message.add(fields.CERTIFICATES_LENGTH, [str(room)])
    while room > 0 and queue.left(fields.CERTIFICATE_LENGTH):
        length = queue.number(fields.CERTIFICATE_LENGTH) or 0
        room -= 3 + length
        message.add(fields.CERTIFICATE, queue.take(fields.CERTIFICATE) if length else [])
        if with_extensions:
            room -= 2 + read_extensions(HandshakeMessage(message.kind), queue)
    message.whole = room == 0
    return message


def _certificate_request(message: HandshakeMessage, queue: ValueQueue) -> HandshakeMessage:
    _moved(message, queue, fields.MESSAGE_LENGTH)
    if queue.number(fields.CONTEXT_LENGTH) is not None:
        read_extensions(message, queue)
    elif queue.left(fields.SIGNATURE_ALGORITHMS_LENGTH):
        _list(message, queue, fields.SIGNATURE_ALGORITHMS_LENGTH, fields.SIGNATURE_ALGORITHM, 2)
    return message


def _signed(message: HandshakeMessage, queue: ValueQueue) -> HandshakeMessage:
    _moved(message, queue, fields.MESSAGE_LENGTH)
    if message.kind == fields.SERVER_KEY_EXCHANGE:
        _moved(message, queue, fields.NAMED_CURVE)
    message.add(fields.SIGNATURE_ALGORITHM, queue.take(fields.SIGNATURE_ALGORITHM))
    return message


def _other(message: HandshakeMessage, queue: ValueQueue) -> HandshakeMessage:
    _moved(message, queue, fields.MESSAGE_LENGTH)
    return message


_READERS: Final[dict[int, Callable[[HandshakeMessage, ValueQueue], HandshakeMessage]]] = {
    fields.CLIENT_HELLO: _hello,
    fields.SERVER_HELLO: _hello,
    fields.HELLO_RETRY_REQUEST: _old_retry,
    fields.NEW_SESSION_TICKET: _ticket,
    fields.ENCRYPTED_EXTENSIONS: _with_extensions,
    fields.CERTIFICATE_MESSAGE: _certificates,
    fields.CERTIFICATE_REQUEST: _certificate_request,
    fields.SERVER_KEY_EXCHANGE: _signed,
    fields.CERTIFICATE_VERIFY: _signed,
}


def _moved(message: HandshakeMessage, queue: ValueQueue, field: str) -> int | None:
    """Take a single value over from the queue, and return it when it is a number."""
    values = queue.take(field)
    message.add(field, values)
    return as_number(values)
