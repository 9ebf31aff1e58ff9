"""Certificates made for a test, with the cryptography library."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEGIN: Final = datetime(2023, 1, 1, tzinfo=UTC)
_END: Final = datetime(2024, 1, 1, tzinfo=UTC)

RsaDigest = Literal["md2", "md5", "sha1", "sha256", "sha512"]
_RSA_OID: Final = bytes.fromhex("2a864886f70d0101")
"""pkcs-1; one more byte names the algorithm (RFC 8017, appendix A.2.4)."""
_RSA_NUMBERS: Final[dict[RsaDigest, int]] = {"md2": 2, "md5": 4, "sha1": 5, "sha256": 11, "sha512": 13}
_DIGEST_INFOS: Final[dict[RsaDigest, str]] = {
    "md2": "3020300c06082a864886f70d020205000410",
    "md5": "3020300c06082a864886f70d020505000410",
    "sha1": "3021300906052b0e03021a05000414",
    "sha256": "3031300d060960864801650304020105000420",
    "sha512": "3051300d060960864801650304020305000440",
}
"""What stands in front of the digest (RFC 8017, 9.2, note 1)."""


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


def rsa_self_signed(digest: RsaDigest) -> bytes:
    """A certificate of "own" signed with its own RSA key, by hand: libraries refuse the old digests.

    Nobody can compute MD2 any more, so with it the signature is nonsense.
    """
    key = rsa.generate_private_key(65537, 2048)
    numbers = key.private_numbers()
    whole = _builder().public_key(key.public_key()).sign(key, hashes.SHA256())
    der = whole.public_bytes(serialization.Encoding.DER)
    old, new = (_RSA_OID + bytes([_RSA_NUMBERS[one]]) for one in ("sha256", digest))
    signed = whole.tbs_certificate_bytes.replace(old, new)
    hashed = bytes(16) if digest == "md2" else hashlib.new(digest, signed, usedforsecurity=False).digest()
    info = bytes.fromhex(_DIGEST_INFOS[digest]) + hashed
    padded = b"\x00\x01" + b"\xff" * (256 - 3 - len(info)) + b"\x00" + info
    signature = pow(int.from_bytes(padded, "big"), numbers.d, numbers.public_numbers.n)
    return der.replace(whole.tbs_certificate_bytes, signed)[:-256].replace(old, new) + signature.to_bytes(
        256, "big"
    )


def ed25519_self_signed() -> bytes:
    """A certificate of "own" signed with its own Ed25519 key."""
    key = ed25519.Ed25519PrivateKey.generate()
    return _builder().public_key(key.public_key()).sign(key, None).public_bytes(serialization.Encoding.DER)


def _builder() -> x509.CertificateBuilder:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "own")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    return builder.serial_number(1).not_valid_before(_BEGIN).not_valid_after(_END)
