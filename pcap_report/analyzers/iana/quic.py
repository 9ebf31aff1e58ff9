"""Names of QUIC's versions and error codes, as IANA's registries and the RFCs write them."""

from __future__ import annotations

from typing import Final

from pcap_report.analyzers.iana.tls import alert_name

VERSION_1: Final = 0x00000001
VERSION_2: Final = 0x6B3343CF
_VERSION_2_DRAFT: Final = 0x709A50C4
NEGOTIATION: Final = 0
VERSIONS_2: Final = frozenset((VERSION_2, _VERSION_2_DRAFT))
"""They number the long packet types in another way (RFC 9369, 3.2)."""

_DRAFT: Final = 0xFF000000
_ASCII_FIRST: Final = 0x51
"""``Q``: Google's own versions are four letters."""
_CRYPTO_ERRORS: Final = range(0x100, 0x200)
_TRANSPORT_ERRORS: Final = (
    "NO_ERROR",
    "INTERNAL_ERROR",
    "CONNECTION_REFUSED",
    "FLOW_CONTROL_ERROR",
    "STREAM_LIMIT_ERROR",
    "STREAM_STATE_ERROR",
    "FINAL_SIZE_ERROR",
    "FRAME_ENCODING_ERROR",
    "TRANSPORT_PARAMETER_ERROR",
    "CONNECTION_ID_LIMIT_ERROR",
    "PROTOCOL_VIOLATION",
    "INVALID_TOKEN",
    "APPLICATION_ERROR",
    "CRYPTO_BUFFER_EXCEEDED",
    "KEY_UPDATE_ERROR",
    "AEAD_LIMIT_REACHED",
    "NO_VIABLE_PATH",
    "VERSION_NEGOTIATION_ERROR",
)
"""RFC 9000, 20.1, and RFC 9368, 8: by code, from 0x00 on."""
_VERSION_NEGOTIATION_ERROR: Final = 0x11
_HTTP3_ERRORS: Final = {
    0x100: "H3_NO_ERROR",
    0x101: "H3_GENERAL_PROTOCOL_ERROR",
    0x102: "H3_INTERNAL_ERROR",
    0x103: "H3_STREAM_CREATION_ERROR",
    0x104: "H3_CLOSED_CRITICAL_STREAM",
    0x105: "H3_FRAME_UNEXPECTED",
    0x106: "H3_FRAME_ERROR",
    0x107: "H3_EXCESSIVE_LOAD",
    0x108: "H3_ID_ERROR",
    0x109: "H3_SETTINGS_ERROR",
    0x10A: "H3_MISSING_SETTINGS",
    0x10B: "H3_REQUEST_REJECTED",
    0x10C: "H3_REQUEST_CANCELLED",
    0x10D: "H3_REQUEST_INCOMPLETE",
    0x10E: "H3_MESSAGE_ERROR",
    0x10F: "H3_CONNECT_ERROR",
    0x110: "H3_VERSION_FALLBACK",
}


def version_name(number: int) -> str:
    """Return the name of a version, or its number in hexadecimal."""
    if number == VERSION_1:
        return "QUIC v1"
    if number == VERSION_2:
        return "QUIC v2"
    if number & 0xFFFFFF00 == _DRAFT:
        return f"QUIC draft-{number & 0xFF}"
    letters = number.to_bytes(4, "big")
    if letters[0] >= _ASCII_FIRST and letters.isalnum():
        return f"gQUIC {letters.decode('ascii')}"
    return f"0x{number:08x}"


def is_grease(version: int) -> bool:
    """Tell whether a version only keeps version negotiation in exercise (RFC 9000, 15)."""
    return version & 0x0F0F0F0F == 0x0A0A0A0A


def transport_error_name(code: int) -> str:
    """Return the name of a transport error code (RFC 9000, 20.1)."""
    if code in _CRYPTO_ERRORS:
        return f"CRYPTO_ERROR ({alert_name(code & 0xFF)})"
    return _TRANSPORT_ERRORS[code] if code <= _VERSION_NEGOTIATION_ERROR else f"0x{code:x}"


def application_error_name(code: int, *, http3: bool) -> str | None:
    """Return the name of an application's error code: HTTP/3's (RFC 9114, 8.1), None for other protocols."""
    return _HTTP3_ERRORS.get(code, f"0x{code:x}") if http3 else None
