"""IANA's names for numbers in TLS: versions, cipher suites, groups, signature schemes, alerts.

GREASE (RFC 8701) is no value but noise, and never gets a name.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

_VERSIONS: Final = {
    0x0002: "SSL 2.0",
    0x0200: "SSL 2.0",
    0x0300: "SSL 3.0",
    0x0301: "TLS 1.0",
    0x0302: "TLS 1.1",
    0x0303: "TLS 1.2",
    0x0304: "TLS 1.3",
    0xFEFF: "DTLS 1.0",
    0xFEFD: "DTLS 1.2",
    0xFEFC: "DTLS 1.3",
}
_GROUPS: Final = {
    0x0013: "secp192r1",
    0x0014: "secp224k1",
    0x0015: "secp224r1",
    0x0016: "secp256k1",
    0x0017: "secp256r1",
    0x0018: "secp384r1",
    0x0019: "secp521r1",
    0x001A: "brainpoolP256r1",
    0x001B: "brainpoolP384r1",
    0x001C: "brainpoolP512r1",
    0x001D: "x25519",
    0x001E: "x448",
    0x001F: "brainpoolP256r1tls13",
    0x0020: "brainpoolP384r1tls13",
    0x0021: "brainpoolP512r1tls13",
    0x0029: "curveSM2",
    0x0100: "ffdhe2048",
    0x0101: "ffdhe3072",
    0x0102: "ffdhe4096",
    0x0103: "ffdhe6144",
    0x0104: "ffdhe8192",
    0x0200: "MLKEM512",
    0x0201: "MLKEM768",
    0x0202: "MLKEM1024",
    0x11EB: "SecP256r1MLKEM768",
    0x11EC: "X25519MLKEM768",
    0x11ED: "SecP384r1MLKEM1024",
    0x11EE: "curveSM2MLKEM768",
    0x6399: "X25519Kyber768Draft00",
    0x639A: "SecP256r1Kyber768Draft00",
    0xFF01: "arbitrary_explicit_prime_curves",
    0xFF02: "arbitrary_explicit_char2_curves",
    **dict(
        enumerate(
            [
                "sect163k1",
                "sect163r1",
                "sect163r2",
                "sect193r1",
                "sect193r2",
                "sect233k1",
                "sect233r1",
                "sect239k1",
                "sect283k1",
                "sect283r1",
                "sect409k1",
                "sect409r1",
                "sect571k1",
                "sect571r1",
                "secp160k1",
                "secp160r1",
                "secp160r2",
                "secp192k1",
            ],
            start=1,
        )
    ),
}
_POST_QUANTUM: Final = frozenset((0x0200, 0x0201, 0x0202, 0x11EB, 0x11EC, 0x11ED, 0x11EE, 0x6399, 0x639A))
"""Groups with a part that resists a quantum computer; alone or beside a classic one."""
_SIGNATURE_SCHEMES: Final = {
    0x0201: "rsa_pkcs1_sha1",
    0x0203: "ecdsa_sha1",
    0x0401: "rsa_pkcs1_sha256",
    0x0403: "ecdsa_secp256r1_sha256",
    0x0501: "rsa_pkcs1_sha384",
    0x0503: "ecdsa_secp384r1_sha384",
    0x0601: "rsa_pkcs1_sha512",
    0x0603: "ecdsa_secp521r1_sha512",
    0x0708: "sm2sig_sm3",
    0x0804: "rsa_pss_rsae_sha256",
    0x0805: "rsa_pss_rsae_sha384",
    0x0806: "rsa_pss_rsae_sha512",
    0x0807: "ed25519",
    0x0808: "ed448",
    0x0809: "rsa_pss_pss_sha256",
    0x080A: "rsa_pss_pss_sha384",
    0x080B: "rsa_pss_pss_sha512",
    0x081A: "ecdsa_brainpoolP256r1tls13_sha256",
    0x081B: "ecdsa_brainpoolP384r1tls13_sha384",
    0x081C: "ecdsa_brainpoolP512r1tls13_sha512",
    0x0904: "mldsa44",
    0x0905: "mldsa65",
    0x0906: "mldsa87",
}
_ALERTS: Final = {
    0: "close_notify",
    1: "end_of_early_data",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    52: "too_many_cids_requested",
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    111: "certificate_unobtainable",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    114: "bad_certificate_hash_value",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
    121: "ech_required",
}
_DRAFT_TLS13: Final = 0x7F00


def is_grease(number: int) -> bool:
    """Tell whether a 16-bit number is one of GREASE's (RFC 8701, section 2)."""
    return number & 0x0F0F == 0x0A0A and number >> 8 == number & 0xFF


def version_name(number: int) -> str:
    """Return the name of a protocol version; TLS 1.3 drafts carry their number."""
    if number & 0xFF00 == _DRAFT_TLS13:
        return f"TLS 1.3 (draft {number & 0xFF})"
    return _VERSIONS.get(number, f"0x{number:04x}")


def cipher_suite_name(number: int) -> str:
    """Return IANA's name of a cipher suite, or its number in hexadecimal."""
    return _cipher_suites().get(number, f"0x{number:04x}")


def group_name(number: int) -> str:
    """Return IANA's name of a supported group, or its number in hexadecimal."""
    return _GROUPS.get(number, f"0x{number:04x}")


def is_post_quantum(number: int) -> bool:
    """Tell whether a group has a part that resists a quantum computer: ML-KEM, or Kyber before it."""
    return number in _POST_QUANTUM


def signature_scheme_name(number: int) -> str:
    """Return IANA's name of a signature scheme, or its number in hexadecimal."""
    return _SIGNATURE_SCHEMES.get(number, f"0x{number:04x}")


def alert_name(number: int) -> str:
    """Return the name of an alert as the RFCs write it."""
    return _ALERTS.get(number, f"alert_{number}")


def alert_level_name(number: int) -> str:
    """Return ``warning`` or ``fatal``."""
    return {1: "warning", 2: "fatal"}.get(number, f"level_{number}")


@cache
def _cipher_suites() -> dict[int, str]:
    text = files(__package__).joinpath("cipher_suites.txt").read_text("ascii")
    pairs = (line.split(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {int(number, 16): name for number, name in pairs}
