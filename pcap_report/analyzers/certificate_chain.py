"""Who signed whom in a chain of certificates (RFC 5280, 6.1; RFC 8446, 4.4.2)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_TRIES: Final = 8
"""Certificates with the issuer's name that are tried for each: a hostile chain has a limit."""


def signers(chain: Sequence[bytes]) -> list[int | None]:
    """Return for each certificate the place of the one whose key verifies its signature.

    The next one is asked first, because that is where it should stand; None means that the signer is not in
    the chain, or that the signature could not be checked.
    """
    return [_signer(chain, place) for place in range(len(chain))]


def is_self_signed(der: bytes) -> bool | None:
    """Tell whether a certificate is signed with its own key; None when that could not be checked."""
    if not _issued(der, der):
        return False if _is_readable(der) else None
    return _signed(der, der) or None


def _signer(chain: Sequence[bytes], place: int) -> int | None:
    order = [*range(place + 1, len(chain)), place, *range(place)]
    named = [other for other in order if _issued(chain[place], chain[other])]
    return next((other for other in named[:_TRIES] if _signed(chain[place], chain[other])), None)


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
def _signed(der: bytes, issuer: bytes) -> bool:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        one, other = x509.load_der_x509_certificate(der), x509.load_der_x509_certificate(issuer)
        one.verify_directly_issued_by(other)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
