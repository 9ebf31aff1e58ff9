"""Read a ClientHello or a ServerHello from the fields of its frame (RFC 8446, 4.1.2 and 4.1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers import fingerprints, tls_extensions
from pcap_report.analyzers.alpn import first_protocol
from pcap_report.analyzers.handshake_message import HandshakeMessage
from pcap_report.analyzers.iana.tls import (
    cipher_suite_name,
    group_name,
    is_grease,
    is_post_quantum,
    signature_scheme_name,
    version_name,
)
from pcap_report.analyzers.iana.tls_extensions import compression_name, extension_name
from pcap_report.analyzers.tls_fields import (
    ALPN,
    ALPN_LENGTH,
    CIPHER_SUITE,
    CLIENT_HELLO,
    COMPRESSION,
    EXTENSION,
    GROUP,
    HELLO_FIELDS,
    KEY_SHARE_GROUP,
    MESSAGE_LENGTH,
    MESSAGE_VERSION,
    POINT_FORMAT,
    PSK_IDENTITY_LENGTH,
    RANDOM,
    SELECTED_GROUP,
    SERVER_HELLO,
    SESSION_ID,
    SIGNATURE_ALGORITHM,
    SNI,
    SUPPORTED_VERSION,
    TYPE,
)
from pcap_report.analyzers.tls_messages import messages_of
from pcap_report.analyzers.tls_records import VERSION
from pcap_report.model.tls import ClientHello, ServerHello

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.model.packet import Packet

__all__ = [
    "ALPN",
    "CIPHER_SUITE",
    "CLIENT_HELLO",
    "EXTENSION",
    "EXTENSION_EARLY_DATA",
    "EXTENSION_PSK",
    "FIELDS",
    "HELLO_RETRY_RANDOM",
    "MESSAGE_LENGTH",
    "MESSAGE_VERSION",
    "RANDOM",
    "SELECTED_GROUP",
    "SERVER_HELLO",
    "TCP_SEGMENT",
    "TYPE",
    "client_hello",
    "is_tls13",
    "server_hello",
]

TCP_SEGMENT: Final = "tcp.segment"
FIELDS: Final = (*HELLO_FIELDS, TCP_SEGMENT)

HELLO_RETRY_RANDOM: Final = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
"""The random of a ServerHello that is a HelloRetryRequest: SHA-256 of that name."""

_TLS13: Final = 0x0304
EXTENSION_PSK: Final = tls_extensions.PRE_SHARED_KEY
EXTENSION_EARLY_DATA: Final = tls_extensions.EARLY_DATA


def client_hello(
    packet: Packet, time_s: float, *, transport: str = "t", message: HandshakeMessage | None = None
) -> ClientHello:
    """Read the ClientHello that ends in this frame.

    Args:
        packet: the frame.
        time_s: its time.
        transport: JA4's letter: ``t`` for TCP, ``q`` for QUIC, ``d`` for DTLS.
        message: the message, where the frame holds several; the first of its kind without.
    """
    hello = message or _first(packet, CLIENT_HELLO)
    versions = hello.numbers(SUPPORTED_VERSION)
    legacy = hello.number(MESSAGE_VERSION)
    # QUIC has no version without the list (RFC 9001, 4.2): where it is missing, the hello is in pieces
    offered = versions or ([legacy] if legacy is not None and transport != "q" else [])
    extensions = _extensions(hello)
    shares = _real(hello.numbers(KEY_SHARE_GROUP))
    ech = tls_extensions.ENCRYPTED_CLIENT_HELLO in extensions
    sni = hello.text(SNI)
    return ClientHello(
        frame=packet.frame,
        frames=_carriers(packet),
        time_s=time_s,
        length=hello.number(MESSAGE_LENGTH),
        frame_length=packet.length,
        record_version=_version(packet.number(VERSION)),
        legacy_version=_version(legacy),
        random=_hex(hello.text(RANDOM)),
        session_id=_hex(hello.text(SESSION_ID)),
        supported_versions=tuple(version_name(number) for number in _real(offered)),
        cipher_suites=tuple(cipher_suite_name(number) for number in _real(hello.numbers(CIPHER_SUITE))),
        groups=tuple(group_name(number) for number in _real(hello.numbers(GROUP))),
        key_share_groups=tuple(group_name(number) for number in shares),
        alpn=tuple(hello.texts(ALPN)),
        sni=sni,
        ja3=_ja3(hello) if hello.whole else None,
        ja4=_ja4(hello, transport) if hello.whole else None,
        signature_algorithms=tuple(
            signature_scheme_name(number) for number in _real(hello.numbers(SIGNATURE_ALGORITHM))
        ),
        extensions=extensions,
        extension_names=tuple(extension_name(kind) for kind in extensions),
        compression_methods=tuple(compression_name(number) for number in hello.numbers(COMPRESSION)),
        ech=ech,
        sni_is_outer=ech and sni is not None,
        post_quantum_groups=tuple(group_name(number) for number in shares if is_post_quantum(number)),
        psk_identities=len(hello.texts(PSK_IDENTITY_LENGTH)),
        session_ticket_length=hello.extension_length(tls_extensions.SESSION_TICKET),
        broken=not hello.whole,
    )


def server_hello(packet: Packet, time_s: float, *, message: HandshakeMessage | None = None) -> ServerHello:
    """Read the ServerHello of this frame; a HelloRetryRequest looks the same.

    Args:
        packet: the frame.
        time_s: its time.
        message: the message, where the frame holds several; the first of its kind without.
    """
    hello = message or _first(packet, SERVER_HELLO)
    legacy = hello.number(MESSAGE_VERSION)
    chosen = hello.number(SUPPORTED_VERSION)
    suite = hello.number(CIPHER_SUITE)
    share = hello.number(KEY_SHARE_GROUP)
    group = hello.number(SELECTED_GROUP) if share is None else share
    compression = hello.number(COMPRESSION)
    extensions = _extensions(hello)
    all_extensions = [kind for kind, _ in hello.extensions]
    return ServerHello(
        frame=packet.frame,
        time_s=time_s,
        version=_version(chosen if chosen is not None else legacy),
        cipher_suite=None if suite is None else cipher_suite_name(suite),
        key_share_group=None if group is None else group_name(group),
        alpn=hello.text(ALPN),
        ja3s=None if suite is None else fingerprints.ja3s(legacy or 0, suite, all_extensions),
        random=_hex(hello.text(RANDOM)),
        session_id=_hex(hello.text(SESSION_ID)),
        legacy_version=_version(legacy),
        record_version=_version(packet.number(VERSION)),
        frame_length=packet.length,
        extensions=extensions,
        extension_names=tuple(extension_name(kind) for kind in extensions),
        compression_method=None if compression is None else compression_name(compression),
        selected_psk=EXTENSION_PSK in extensions,
        broken=not hello.whole,
    )


def is_tls13(version: str | None) -> bool:
    """Tell whether a version's name is TLS 1.3's, or one of its drafts'."""
    return version is not None and version.startswith(version_name(_TLS13))


def _first(packet: Packet, kind: int) -> HandshakeMessage:
    return next((one for one in messages_of(packet) if one.kind == kind), HandshakeMessage(kind))


def _ja3(hello: HandshakeMessage) -> str:
    return fingerprints.ja3(
        hello.number(MESSAGE_VERSION) or 0,
        hello.numbers(CIPHER_SUITE),
        [kind for kind, _ in hello.extensions],
        hello.numbers(GROUP),
        hello.numbers(POINT_FORMAT),
    )


def _ja4(hello: HandshakeMessage, transport: str) -> str:
    legacy = hello.number(MESSAGE_VERSION) or 0
    return fingerprints.ja4(
        fingerprints.highest_version(hello.numbers(SUPPORTED_VERSION), legacy),
        hello.numbers(CIPHER_SUITE),
        [kind for kind, _ in hello.extensions],
        hello.numbers(SIGNATURE_ALGORITHM),
        first_protocol(hello.texts(ALPN), hello.numbers(ALPN_LENGTH)),
        transport=transport,
    )


def _extensions(hello: HandshakeMessage) -> tuple[int, ...]:
    return tuple(_real(kind for kind, _ in hello.extensions))


def _real(numbers: Iterable[int]) -> list[int]:
    return [number for number in numbers if not is_grease(number)]


def _carriers(packet: Packet) -> tuple[int, ...]:
    """The frames that carry the message: the reassembled segments, or this frame alone."""
    segments = packet.numbers(TCP_SEGMENT)
    return tuple(sorted({*segments, packet.frame}))


def _version(number: int | None) -> str | None:
    return None if number is None else version_name(number)


def _hex(value: str | None) -> str | None:
    return value.replace(":", "") if value else None
