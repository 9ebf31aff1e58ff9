"""IANA's names of TLS extensions and compression methods; names of SSL 2.0's cipher kinds.

Registries "TLS ExtensionType Values" and "TLS Compression Method Identifiers"; the SSL 2.0 protocol
specification, C.4.
"""

from __future__ import annotations

from typing import Final

_EXTENSIONS: Final = {
    0: "server_name",
    1: "max_fragment_length",
    2: "client_certificate_url",
    3: "trusted_ca_keys",
    4: "truncated_hmac",
    5: "status_request",
    6: "user_mapping",
    7: "client_authz",
    8: "server_authz",
    9: "cert_type",
    10: "supported_groups",
    11: "ec_point_formats",
    12: "srp",
    13: "signature_algorithms",
    14: "use_srtp",
    15: "heartbeat",
    16: "application_layer_protocol_negotiation",
    17: "status_request_v2",
    18: "signed_certificate_timestamp",
    19: "client_certificate_type",
    20: "server_certificate_type",
    21: "padding",
    22: "encrypt_then_mac",
    23: "extended_master_secret",
    24: "token_binding",
    25: "cached_info",
    26: "tls_lts",
    27: "compress_certificate",
    28: "record_size_limit",
    29: "pwd_protect",
    30: "pwd_clear",
    31: "password_salt",
    32: "ticket_pinning",
    33: "tls_cert_with_extern_psk",
    34: "delegated_credential",
    35: "session_ticket",
    36: "TLMSP",
    37: "TLMSP_proxying",
    38: "TLMSP_delegate",
    39: "supported_ekt_ciphers",
    41: "pre_shared_key",
    42: "early_data",
    43: "supported_versions",
    44: "cookie",
    45: "psk_key_exchange_modes",
    47: "certificate_authorities",
    48: "oid_filters",
    49: "post_handshake_auth",
    50: "signature_algorithms_cert",
    51: "key_share",
    52: "transparency_info",
    53: "connection_id (deprecated)",
    54: "connection_id",
    55: "external_id_hash",
    56: "external_session_id",
    57: "quic_transport_parameters",
    58: "ticket_request",
    59: "dnssec_chain",
    60: "sequence_number_encryption_algorithms",
    61: "rrc",
    62: "tls_flags",
    0x3374: "next_protocol_negotiation",
    0x4469: "application_settings (old)",
    0x44CD: "application_settings",
    0x754F: "channel_id (old)",
    0x7550: "channel_id",
    0xFD00: "ech_outer_extensions",
    0xFE0D: "encrypted_client_hello",
    0xFF01: "renegotiation_info",
    0xFFA5: "quic_transport_parameters (draft)",
}
_COMPRESSION: Final = {0: "null", 1: "DEFLATE", 64: "LZS"}
_SSL2_KINDS: Final = {
    0x010080: "SSL_CK_RC4_128_WITH_MD5",
    0x020080: "SSL_CK_RC4_128_EXPORT40_WITH_MD5",
    0x030080: "SSL_CK_RC2_128_CBC_WITH_MD5",
    0x040080: "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5",
    0x050080: "SSL_CK_IDEA_128_CBC_WITH_MD5",
    0x060040: "SSL_CK_DES_64_CBC_WITH_MD5",
    0x0700C0: "SSL_CK_DES_192_EDE3_CBC_WITH_MD5",
    0x080080: "SSL_CK_RC4_64_WITH_MD5",
}


def extension_name(number: int) -> str:
    """Return IANA's name of an extension, or its number in hexadecimal."""
    return _EXTENSIONS.get(number, f"0x{number:04x}")


def compression_name(number: int) -> str:
    """Return the name of a compression method, or its number in hexadecimal."""
    return _COMPRESSION.get(number, f"0x{number:02x}")


def ssl2_kind_name(number: int) -> str:
    """Return SSL 2.0's name of a cipher kind, or its number in hexadecimal."""
    return _SSL2_KINDS.get(number, f"0x{number:06x}")
