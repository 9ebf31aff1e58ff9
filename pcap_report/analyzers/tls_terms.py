"""What do the two hellos settle besides version, suite and protocol? What both sides have to know of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.tls_extensions import (
    ENCRYPT_THEN_MAC,
    EXTENDED_MASTER_SECRET,
    RENEGOTIATION_INFO,
)
from pcap_report.analyzers.tls_hello import is_tls13
from pcap_report.model.tls_terms import TlsTerms

if TYPE_CHECKING:
    from pcap_report.model.tls import ClientHello, ServerHello

_OWN_MAC: Final = "_CBC_"
"""Suites whose records have a MAC beside the encryption: only there does the order of the two matter."""


def terms_of(hello: ClientHello | None, answer: ServerHello | None) -> TlsTerms | None:
    """Return the terms; None without both hellos, or when one is broken."""
    if hello is None or answer is None or answer.broken or answer.version == "SSL 2.0":
        return None
    if is_tls13(answer.version):
        return TlsTerms(answer.compression_method, None, None, None)
    has_mac = _OWN_MAC in (answer.cipher_suite or "")
    return TlsTerms(
        compression=answer.compression_method,
        extended_master_secret=EXTENDED_MASTER_SECRET in answer.extensions,
        encrypt_then_mac=ENCRYPT_THEN_MAC in answer.extensions if has_mac else None,
        secure_renegotiation=RENEGOTIATION_INFO in answer.extensions,
    )
