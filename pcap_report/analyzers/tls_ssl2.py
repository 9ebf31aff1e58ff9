"""Hellos of SSL 2.0, with which old clients opened newer sessions too (RFC 5246, E.2).

Their records have a header of two bytes and no content type; their messages have numbers of their own:
CLIENT-HELLO is 1, CLIENT-MASTER-KEY 2, SERVER-HELLO 4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.iana.tls import cipher_suite_name, version_name
from pcap_report.analyzers.iana.tls_extensions import ssl2_kind_name
from pcap_report.analyzers.tls_fields import MESSAGE_VERSION
from pcap_report.analyzers.tls_records import CONTENT_TYPE, LENGTH, OPAQUE_TYPE, VERSION
from pcap_report.model.tls import ClientHello, ServerHello

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet

CIPHER_KIND: Final = "tls.handshake.cipherspec"
CLIENT_MASTER_KEY: Final = 2
SERVER_HELLO: Final = 4

_SSL2: Final = 0x0002
_SUITES: Final = 0x10000
"""Cipher kinds below are cipher suites of SSL 3.0 and later."""


def is_ssl2(packet: Packet) -> bool:
    """Tell whether the frame's first record is one of SSL 2.0."""
    if packet.has(CONTENT_TYPE) or packet.has(OPAQUE_TYPE):
        return False
    return packet.number(VERSION) == _SSL2


def client_hello(packet: Packet, time_s: float) -> ClientHello:
    """Read a CLIENT-HELLO; JA3 and JA4 are not defined for it."""
    version = packet.number(MESSAGE_VERSION)
    return ClientHello(
        frame=packet.frame,
        frames=tuple(sorted({*packet.numbers("tcp.segment"), packet.frame})),
        time_s=time_s,
        length=packet.number(LENGTH),
        frame_length=packet.length,
        record_version=version_name(_SSL2),
        legacy_version=None if version is None else version_name(version),
        random=None,
        session_id=None,
        supported_versions=() if version is None else (version_name(version),),
        cipher_suites=tuple(map(_kind_name, packet.numbers(CIPHER_KIND))),
        groups=(),
        key_share_groups=(),
        alpn=(),
        sni=None,
        ja3=None,
        ja4=None,
    )


def server_hello(packet: Packet, time_s: float) -> ServerHello:
    """Read a SERVER-HELLO; the client chooses the cipher kind afterwards."""
    return ServerHello(
        frame=packet.frame,
        time_s=time_s,
        version=version_name(_SSL2),
        cipher_suite=None,
        key_share_group=None,
        alpn=None,
        ja3s=None,
        record_version=version_name(_SSL2),
        frame_length=packet.length,
    )


def chosen_kind(packet: Packet) -> str | None:
    """Return the cipher kind of a CLIENT-MASTER-KEY."""
    number = packet.number(CIPHER_KIND)
    return None if number is None else _kind_name(number)


def _kind_name(number: int) -> str:
    return cipher_suite_name(number) if number < _SUITES else ssl2_kind_name(number)
