"""What a tshark can do beyond what every one can: by its version, and by the libraries in it.

docs/tshark-versions.md says how the versions differ, and ``make tsharks`` looks for it again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.capture.tshark import said_of_itself

if TYPE_CHECKING:
    from pcap_report.capture.tshark import Tshark

Version = tuple[int, int]


class Shortcoming(NamedTuple):
    """What some versions cannot do.

    Attributes:
        since: the first version that cannot.
        until: the first version after it that can again; None for none yet.
        lost: what a report then lacks, in one sentence.
    """

    since: Version
    until: Version | None
    lost: str

    @property
    def advice(self) -> str:
        """Say which versions can."""
        if self.until:
            return f"tshark {_written(self.until)} and newer can."
        return f"tshark before {_written(self.since)} could; no newer one was found that can."


def _written(version: Version) -> str:
    return ".".join(map(str, version))


SHORTCOMINGS: Final = (
    Shortcoming(
        (3, 6),
        (4, 0),
        "QUIC: a ClientHello in CRYPTO frames out of order, as Chromium sends it, is not put together:"
        " no server name, no TLS facts.",
    ),
    Shortcoming((4, 0), None, "QUIC: a connection after a Retry is not decrypted, also with its keys."),
    Shortcoming((4, 2), (4, 4), "QUIC: a 1-RTT packet behind Handshake packets in one datagram is not seen."),
    Shortcoming((3, 6), (4, 4), "DTLS 1.3: its records behind the hellos are not told apart."),
    Shortcoming(
        (3, 6), (4, 4), "TCP: a connection between ports that are used again may run together with the first."
    ),
    Shortcoming((4, 2), None, "SSL 2.0: the cipher kinds of its hellos are unknown."),
    Shortcoming((4, 6), None, "TCP: bytes in flight are unknown where the beginning was not captured."),
)
"""In the order in which they are told; none was found in what is not listed."""

_DECRYPTION: Final = ("Gcrypt", "GnuTLS")
_COMPRESSION: Final = {"gzip": ("zlib", "zlib-ng"), "zstd": ("Zstandard", "zstd"), "lz4": ("LZ4",)}
_LIBRARY: Final = re.compile(r"\bwith(out)?\s+([A-Za-z0-9-]+)")


class Libraries(NamedTuple):
    """What the libraries allow that a tshark was built with; None where it does not say.

    Attributes:
        decryption: TLS and QUIC with keys; QUIC's hellos, too, which everybody has the keys of.
        compression: the kinds of compressed captures that it reads.
    """

    decryption: bool | None
    compression: tuple[str, ...] | None


def shortcomings(version: tuple[int, ...]) -> list[Shortcoming]:
    """Return what a report with this version's tshark lacks."""
    series = version[:2]
    return [one for one in SHORTCOMINGS if one.since <= series and (not one.until or series < one.until)]


def libraries(tshark: Tshark) -> Libraries:
    """Ask a tshark with which libraries it was built.

    Raises:
        TsharkError: it does not run.
    """
    return libraries_in(said_of_itself(tshark.path))


def libraries_in(text: str) -> Libraries:
    """Read what ``tshark --version`` says: ``with Gcrypt 1.10.1, without brotli``."""
    found = {match[2]: match[1] is None for match in _LIBRARY.finditer(text)}
    if not found:
        return Libraries(None, None)
    kinds = [kind for kind, names in _COMPRESSION.items() if any(found.get(name) for name in names)]
    return Libraries(all(found.get(name, False) for name in _DECRYPTION), tuple(kinds))
