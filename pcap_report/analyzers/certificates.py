"""Read X.509 certificates as they travelled, each on its own (RFC 5280), with the cryptography library."""

from __future__ import annotations

import hashlib
import warnings
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.analyzers.certificate_chain import is_self_signed, signatures
from pcap_report.analyzers.iana.x509 import ATTRIBUTES, SIGNATURE_ALGORITHMS
from pcap_report.model.tls import Certificate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from cryptography import x509

    from pcap_report.model.evidence import Side
    from pcap_report.model.tls import Validity

_NAMES_LISTED: Final = 100
_ERROR_CHARACTERS: Final = 200
_NS: Final = 1_000_000_000


def certificates_in(
    values: Iterable[str], frame: int, sender: Side, at_ns: int | None = None
) -> list[Certificate]:
    """Read the certificates of a Certificate message, in its order, the same one only once.

    One that makes no sense is kept with what is wrong with it, and the fingerprint of its bytes.

    Args:
        values: DER bytes in hexadecimal, as tshark prints them.
        frame: the message's frame.
        sender: who sent it.
        at_ns: the frame's time, which their validity is held against.
    """
    ders = list(dict.fromkeys(der for value in values if (der := _bytes(value))))
    with warnings.catch_warnings():
        # the library complains about certificates that break a rule; a terminal is not the place for it
        warnings.simplefilter("ignore")
        return [
            replace(
                _certificate(der),
                frame=frame,
                sender=sender,
                self_signed=is_self_signed(der),
                signed_by=signature.signed_by,
                signature_verified=signature.verified,
                validity=_validity(_certificate(der), at_ns),
            )
            for der, signature in zip(ders, signatures(ders), strict=True)
        ]


def _bytes(value: str) -> bytes | None:
    try:
        return bytes.fromhex(value.replace(":", ""))
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _certificate(der: bytes) -> Certificate:
    # imported here: 60 ms that most captures do not need
    from cryptography import x509

    sha256 = hashlib.sha256(der).hexdigest()
    try:
        parsed = x509.load_der_x509_certificate(der)
    except ValueError as error:
        return _unread(sha256, str(error))
    read = _Reader()
    return Certificate(
        subject=read(lambda: parsed.subject.rfc4514_string(_attribute_names())),
        issuer=read(lambda: parsed.issuer.rfc4514_string(_attribute_names())),
        not_before=read(lambda: _written(parsed.not_valid_before_utc)),
        not_after=read(lambda: _written(parsed.not_valid_after_utc)),
        san=_alternative_names(parsed),
        key=read(lambda: _key(parsed)),
        sha256=sha256,
        serial=read(lambda: f"{parsed.serial_number:x}"),
        signature_algorithm=read(lambda: _signature_algorithm(parsed)),
        is_ca=_is_ca(parsed),
        error=read.error,
    )


class _Reader:
    """Reads one part of a certificate after the other; a broken part is None, and the first error is kept."""

    def __init__(self) -> None:
        self.error: str | None = None

    def __call__(self, part: Callable[[], str]) -> str | None:
        from cryptography.exceptions import UnsupportedAlgorithm

        try:
            return part()
        except (ValueError, UnsupportedAlgorithm) as error:
            self.error = self.error or str(error)[:_ERROR_CHARACTERS]
            return None


def _unread(sha256: str, error: str) -> Certificate:
    return Certificate(
        subject=None,
        issuer=None,
        not_before=None,
        not_after=None,
        san=(),
        key=None,
        sha256=sha256,
        error=error[:_ERROR_CHARACTERS],
    )


@cache
def _attribute_names() -> dict[x509.ObjectIdentifier, str]:
    from cryptography import x509

    return {x509.ObjectIdentifier(number): name for number, name in ATTRIBUTES.items()}


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _alternative_names(certificate: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return ()
    return tuple(str(getattr(name, "value", name)) for name in extension.value)[:_NAMES_LISTED]


def _is_ca(certificate: x509.Certificate) -> bool | None:
    from cryptography import x509

    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
    except (x509.DuplicateExtension, ValueError):
        return None


def _signature_algorithm(certificate: x509.Certificate) -> str:
    number = certificate.signature_algorithm_oid.dotted_string
    return SIGNATURE_ALGORITHMS.get(number, number)


def _key(certificate: x509.Certificate) -> str:
    """Name the kind and the size of the public key."""
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    if isinstance(key, dsa.DSAPublicKey):
        return f"DSA {key.key_size}"
    return type(key).__name__.removesuffix("PublicKey").lstrip("_")


def _validity(certificate: Certificate, at_ns: int | None) -> Validity | None:
    from datetime import UTC, datetime

    if at_ns is None or certificate.not_before is None or certificate.not_after is None:
        return None
    try:
        moment = _written(datetime.fromtimestamp(at_ns // _NS, UTC))
    except (OverflowError, ValueError, OSError):
        return None
    if moment < certificate.not_before:
        return "not_yet_valid"
    return "expired" if moment > certificate.not_after else "valid"
