"""What this machine's tshark can do, and what one of another series could."""

from __future__ import annotations

import pytest

from pcap_report.capture.abilities import SHORTCOMINGS, libraries, libraries_in, shortcomings
from pcap_report.capture.tshark import find_tshark

_AS_IN_JAMMY = """TShark (Wireshark) 3.6.2 (Git v3.6.2 packaged as 3.6.2-2)

Compiled (64-bit) using GCC 11.2.0, with libpcap, with zlib
1.2.11, without Gcrypt, with GnuTLS 3.7.3, with brotli, without LZ4, with Zstandard."""


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ((3, 6, 2), ["CRYPTO", "DTLS 1.3", "ports"]),
        ((4, 0, 17), ["Retry", "DTLS 1.3", "ports"]),
        ((4, 2, 2), ["Retry", "1-RTT", "DTLS 1.3", "ports", "SSL 2.0"]),
        ((4, 4, 7), ["Retry", "SSL 2.0"]),
        ((4, 6, 0), ["Retry", "SSL 2.0", "bytes in flight"]),
    ],
)
def test_what_each_series_lacks(version: tuple[int, ...], words: list[str]) -> None:
    found = shortcomings(version)
    assert len(found) == len(words)
    assert all(word in one.lost for word, one in zip(words, found, strict=True))


def test_who_can_is_told() -> None:
    assert {one.advice for one in SHORTCOMINGS if one.until} == {
        "tshark 4.0 and newer can.",
        "tshark 4.4 and newer can.",
    }
    assert "tshark before 4.2 could" in next(one.advice for one in SHORTCOMINGS if "SSL 2.0" in one.lost)


def test_libraries_that_are_not_there() -> None:
    assert libraries_in(_AS_IN_JAMMY) == (False, ("gzip", "zstd"))
    assert libraries_in(_AS_IN_JAMMY.replace("without", "with")) == (True, ("gzip", "zstd", "lz4"))
    assert libraries_in("TShark (Wireshark) 4.0.17") == (None, None)


def test_this_tshark_decrypts() -> None:
    """The tests with key logs say so, too."""
    found = libraries(find_tshark())
    assert found.decryption
    assert found.compression is not None
    assert "gzip" in found.compression
