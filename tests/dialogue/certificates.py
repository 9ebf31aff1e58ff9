"""Certificates made for a test, with the cryptography library."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEGIN: Final = datetime(2023, 1, 1, tzinfo=UTC)
_END: Final = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


def issue(
    name: str,
    *,
    by: Issued | None = None,
    names: Sequence[str] = (),
    is_ca: bool = False,
    begin: datetime = _BEGIN,
    end: datetime = _END,
) -> Issued:
    """Issue a certificate, signed with its own key unless somebody else issues it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(0x0102030405)
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if names:
        general = [x509.DNSName(one) for one in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(general), critical=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Issued(builder.sign(by.key if by else key, hashes.SHA256()), key)


@cache
def chain() -> tuple[Issued, Issued, Issued]:
    """A server's certificate, the one of its issuer, and the root."""
    root = issue("Root", is_ca=True)
    issuer = issue("Issuer", by=root, is_ca=True)
    return issue("www.example.org", by=issuer, names=["www.example.org", "*.example.net"]), issuer, root
