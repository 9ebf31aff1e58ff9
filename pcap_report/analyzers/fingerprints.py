"""Fingerprints of TLS hellos: JA3 and JA3S (github.com/salesforce/ja3), JA4 (github.com/FoxIO-LLC/ja4).

JA4 for TLS clients is under the BSD 3-Clause licence; the other JA4+ methods are not, and are not here.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.iana.tls import is_grease

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SNI: Final = 0x0000
_ALPN: Final = 0x0010
_DTLS: Final = 0xFE00
"""DTLS versions are the ones' complement of TLS's, and all above this."""
_UNREADABLE: Final = "\ufffd"
_EMPTY_HASH: Final = "000000000000"
_JA4_VERSIONS: Final = {
    0x0002: "s2",
    0x0300: "s3",
    0x0301: "10",
    0x0302: "11",
    0x0303: "12",
    0x0304: "13",
    0xFEFF: "d1",
    0xFEFD: "d2",
    0xFEFC: "d3",
}


def ja3(
    version: int,
    suites: Iterable[int],
    extensions: Iterable[int],
    groups: Iterable[int],
    formats: Iterable[int],
) -> str:
    """Return the JA3 fingerprint of a ClientHello: MD5 in hexadecimal.

    Args:
        version: the message's version field.
        suites: cipher suites in the client's order.
        extensions: extension types in the client's order.
        groups: supported groups.
        formats: elliptic-curve point formats.
    """
    parts = (_dashed(suites), _dashed(extensions), _dashed(groups), _dashed(formats))
    return _md5(",".join((str(version), *parts)))


def ja3s(version: int, suite: int, extensions: Iterable[int]) -> str:
    """Return the JA3S fingerprint of a ServerHello: MD5 in hexadecimal."""
    return _md5(f"{version},{suite},{_dashed(extensions, grease=True)}")


def ja4(  # noqa: PLR0913 - the method has that many ingredients
    version: int,
    suites: Sequence[int],
    extensions: Sequence[int],
    signature_algorithms: Sequence[int],
    alpn: Sequence[str],
    *,
    transport: str = "t",
) -> str:
    """Return the JA4 fingerprint of a ClientHello.

    Args:
        version: the highest offered version: from supported_versions, or the message's version field.
        suites: cipher suites, in any order.
        extensions: extension types, in the client's order.
        signature_algorithms: in the client's order.
        alpn: offered protocols.
        transport: ``t`` for TCP, ``q`` for QUIC, ``d`` for DTLS.
    """
    real_suites = [suite for suite in suites if not is_grease(suite)]
    real_extensions = [kind for kind in extensions if not is_grease(kind)]
    name = "d" if _SNI in real_extensions else "i"
    head = (
        f"{transport}{_JA4_VERSIONS.get(version, '00')}{name}"
        f"{min(len(real_suites), 99):02d}{min(len(real_extensions), 99):02d}{_alpn_letters(alpn)}"
    )
    sorted_suites = ",".join(sorted(f"{suite:04x}" for suite in real_suites))
    hashed = sorted(f"{kind:04x}" for kind in real_extensions if kind not in (_SNI, _ALPN))
    algorithms = ",".join(f"{number:04x}" for number in signature_algorithms if not is_grease(number))
    tail = ",".join(hashed) + (f"_{algorithms}" if algorithms else "")
    return f"{head}_{_sha(sorted_suites)}_{_sha(tail) if hashed else _EMPTY_HASH}"


def highest_version(offered: Iterable[int], legacy: int) -> int:
    """Return the highest version that a client offers, GREASE aside; DTLS counts downwards."""
    real = [version for version in offered if not is_grease(version)]
    if not real:
        return legacy
    return min(real) if min(real) >= _DTLS else max(real)


def _alpn_letters(alpn: Sequence[str]) -> str:
    """First and last character of the first protocol; of its hexadecimal form when they are not ASCII.

    Bytes that tshark could not read cannot be written in hexadecimal; they count as 9, as the reference
    implementation in Rust has it.
    """
    if not alpn or not alpn[0]:
        return "00"
    ends = alpn[0][0] + alpn[0][-1]
    if _UNREADABLE in ends:
        return ends.replace(_UNREADABLE, "9")
    if ends.isascii() and ends.isalnum():
        return ends
    digits = alpn[0].encode("utf-8", "surrogateescape").hex()
    return digits[0] + digits[-1]


def _dashed(numbers: Iterable[int], *, grease: bool = False) -> str:
    return "-".join(str(number) for number in numbers if grease or not is_grease(number))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode("ascii"), usedforsecurity=False).hexdigest()


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:12] if text else _EMPTY_HASH
