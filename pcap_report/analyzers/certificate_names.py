"""Does a certificate speak for a name? RFC 9525, section 6 (RFC 6125 before it)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.model.tls import Certificate


def speaks_for(certificate: Certificate, host: str) -> bool | None:
    """Tell whether a DNS name of the certificate matches the host.

    The subject's common name is only asked where there is no alternative name at all, as TLS libraries did
    before RFC 9525 forbade it.

    Args:
        certificate: the server's own.
        host: the name that the client asked for.

    Returns:
        None when the certificate could not be read.
    """
    if certificate.subject is None:
        return None
    presented: Iterable[str] = certificate.san or _common_names(certificate.subject)
    return any(matches(name, host) for name in presented)


def matches(presented: str, host: str) -> bool:
    """Compare a DNS name of a certificate with a host: ``*`` stands for one whole leftmost label."""
    one, other = presented.lower().rstrip("."), host.lower().rstrip(".")
    if not one or not other:
        return False
    if one == other:
        return True
    star, _, parent = one.partition(".")
    label, _, rest = other.partition(".")
    return star == "*" and "." in parent and bool(label) and rest == parent


def _common_names(subject: str) -> list[str]:
    parts = subject.replace("+", ",").split(",")
    return [part.removeprefix("CN=") for part in parts if part.startswith("CN=")]
