"""Who signed whom in a chain of certificates (RFC 5280, 6.1; RFC 8446, 4.4.2)."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

_MD5_DIGEST_INFO: Final = bytes.fromhex("3020300c06082a864886f70d020505000410")
"""What stands in front of the digest (RFC 8017, 9.2, note 1)."""
_TRIES: Final = 8
"""Certificates with the issuer's name that are tried for each: a hostile chain has a limit."""


class Signature(NamedTuple):
    """What is known of a certificate's signature."""

    signed_by: int | None
    """Place in the chain of the certificate whose key verifies it; None when there is none."""
    verified: bool | None
    """False when an issuer of that name is in the chain and its key does not verify the signature; None when
    no issuer is there, or when it could not be checked."""


def signatures(chain: Sequence[bytes]) -> list[Signature]:
    """Return for each certificate whose key verifies its signature.

    The next one is asked first, because that is where the signer should stand.
    """
    return [_signature(chain, place) for place in range(len(chain))]


def is_self_signed(der: bytes) -> bool | None:
    """Tell whether a certificate is signed with its own key; None when that could not be checked."""
    if not _issued(der, der):
        return False if _is_readable(der) else None
    return _signed(der, der)


def _signature(chain: Sequence[bytes], place: int) -> Signature:
    order = [*range(place + 1, len(chain)), place, *range(place)]
    named = [other for other in order if _issued(chain[place], chain[other])]
    answers = {other: _signed(chain[place], chain[other]) for other in named[:_TRIES]}
    signer = next((other for other, answer in answers.items() if answer), None)
    if signer is not None:
        return Signature(signer, verified=True)
    sure = bool(named) and len(named) <= _TRIES and None not in answers.values()
    return Signature(None, verified=False if sure else None)


@lru_cache(maxsize=4096)
def _issued(der: bytes, issuer: bytes) -> bool:
    from cryptography import x509

    try:
        one, other = x509.load_der_x509_certificate(der), x509.load_der_x509_certificate(issuer)
        same = one.issuer == other.subject
    except ValueError:
        return False
    return same


def _is_readable(der: bytes) -> bool:
    from cryptography import x509

    try:
        return bool(x509.load_der_x509_certificate(der).subject)
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def _signed(der: bytes, issuer: bytes) -> bool | None:
    """Tell whether the issuer's key verifies the signature, also with an algorithm that nobody trusts.

    The library's own check of a chain refuses MD5 and SHA-1, so its keys are asked.
    """
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        one, other = x509.load_der_x509_certificate(der), x509.load_der_x509_certificate(issuer)
        _verify(one, other.public_key())
    except InvalidSignature:
        return False
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return True


def _verify(certificate: x509.Certificate, key: CertificatePublicKeyTypes) -> None:
    """Check a signature with a key.

    Raises:
        InvalidSignature: it is not the key's.
        UnsupportedAlgorithm: the library does not know the algorithm.
        ValueError, TypeError: the signature or the key makes no sense.
    """
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa

    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    parameters, digest = certificate.signature_algorithm_parameters, certificate.signature_hash_algorithm
    if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        key.verify(signature, signed)
    elif isinstance(key, dsa.DSAPublicKey) and digest is not None:
        key.verify(signature, signed, digest)
    elif isinstance(digest, hashes.MD5) and isinstance(key, rsa.RSAPublicKey):
        _verify_md5(signature, signed, key)
    elif isinstance(parameters, ec.ECDSA) and isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, parameters)
    elif (
        isinstance(parameters, padding.PKCS1v15 | padding.PSS)
        and isinstance(key, rsa.RSAPublicKey)
        and digest is not None
    ):
        key.verify(signature, signed, parameters, digest)
    elif parameters is not None:
        raise InvalidSignature  # a key of another kind than the signature
    else:
        raise UnsupportedAlgorithm(f"a key of the kind {type(key).__name__}")


def _verify_md5(signature: bytes, signed: bytes, key: RSAPublicKey) -> None:
    """Check a signature with MD5, whose verification the library refuses: open it, and compare.

    Raises:
        InvalidSignature: it is not the key's.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding

    opened = key.recover_data_from_signature(signature, padding.PKCS1v15(), None)
    if opened != _MD5_DIGEST_INFO + hashlib.md5(signed, usedforsecurity=False).digest():
        raise InvalidSignature
