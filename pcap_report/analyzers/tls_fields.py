"""Names of tshark's fields of TLS handshake messages, and the numbers of these messages.

Over DTLS the same fields begin with ``dtls.``.
"""

from __future__ import annotations

from typing import Final

TYPE: Final = "tls.handshake.type"
MESSAGE_LENGTH: Final = "tls.handshake.length"
MESSAGE_VERSION: Final = "tls.handshake.version"
RANDOM: Final = "tls.handshake.random"
SESSION_ID: Final = "tls.handshake.session_id"
SESSION_ID_LENGTH: Final = "tls.handshake.session_id_length"
CIPHER_SUITE: Final = "tls.handshake.ciphersuite"
CIPHER_SUITES_LENGTH: Final = "tls.handshake.cipher_suites_length"
COMPRESSION: Final = "tls.handshake.comp_method"
COMPRESSIONS_LENGTH: Final = "tls.handshake.comp_methods_length"
EXTENSIONS_LENGTH: Final = "tls.handshake.extensions_length"
EXTENSION: Final = "tls.handshake.extension.type"
EXTENSION_LENGTH: Final = "tls.handshake.extension.len"
GROUP: Final = "tls.handshake.extensions_supported_group"
POINT_FORMAT: Final = "tls.handshake.extensions_ec_point_format"
KEY_SHARE_GROUP: Final = "tls.handshake.extensions_key_share_group"
KEY_SHARE_LENGTH: Final = "tls.handshake.extensions_key_share_key_exchange_length"
SELECTED_GROUP: Final = "tls.handshake.extensions_key_share_selected_group"
ALPN: Final = "tls.handshake.extensions_alpn_str"
ALPN_LENGTH: Final = "tls.handshake.extensions_alpn_str_len"
SUPPORTED_VERSION: Final = "tls.handshake.extensions.supported_version"
SIGNATURE_ALGORITHM: Final = "tls.handshake.sig_hash_alg"
SNI: Final = "tls.handshake.extensions_server_name"
PSK_IDENTITY_LENGTH: Final = "tls.handshake.extensions.psk.identity.identity_length"
CERTIFICATE: Final = "tls.handshake.certificate"
CERTIFICATE_LENGTH: Final = "tls.handshake.certificate_length"
CERTIFICATES_LENGTH: Final = "tls.handshake.certificates_length"
CONTEXT_LENGTH: Final = "tls.handshake.certificate_request_context_length"
SIGNATURE_ALGORITHMS_LENGTH: Final = "tls.handshake.sig_hash_alg_len"
NAMED_CURVE: Final = "tls.handshake.server_named_curve"
TICKET_LIFETIME: Final = "tls.handshake.session_ticket_lifetime_hint"
TICKET_AGE_ADD: Final = "tls.handshake.session_ticket_age_add"

HELLO_FIELDS: Final = (
    TYPE,
    MESSAGE_LENGTH,
    MESSAGE_VERSION,
    RANDOM,
    SESSION_ID,
    SESSION_ID_LENGTH,
    CIPHER_SUITE,
    CIPHER_SUITES_LENGTH,
    COMPRESSION,
    COMPRESSIONS_LENGTH,
    EXTENSIONS_LENGTH,
    EXTENSION,
    EXTENSION_LENGTH,
    GROUP,
    POINT_FORMAT,
    KEY_SHARE_GROUP,
    KEY_SHARE_LENGTH,
    SELECTED_GROUP,
    ALPN,
    ALPN_LENGTH,
    SUPPORTED_VERSION,
    SIGNATURE_ALGORITHM,
    SNI,
    PSK_IDENTITY_LENGTH,
)
"""What hellos need, over any transport."""
MESSAGE_FIELDS: Final = (
    CERTIFICATE,
    CERTIFICATE_LENGTH,
    CERTIFICATES_LENGTH,
    CONTEXT_LENGTH,
    SIGNATURE_ALGORITHMS_LENGTH,
    NAMED_CURVE,
    TICKET_LIFETIME,
    TICKET_AGE_ADD,
)
"""What the other messages need."""

CLIENT_HELLO: Final = 1
SERVER_HELLO: Final = 2
NEW_SESSION_TICKET: Final = 4
HELLO_RETRY_REQUEST: Final = 6
"""A message of its own in the drafts of TLS 1.3 before the 22nd; later a ServerHello."""
ENCRYPTED_EXTENSIONS: Final = 8
CERTIFICATE_MESSAGE: Final = 11
SERVER_KEY_EXCHANGE: Final = 12
CERTIFICATE_REQUEST: Final = 13
CERTIFICATE_VERIFY: Final = 15
FINISHED: Final = 20
CERTIFICATE_STATUS: Final = 22
