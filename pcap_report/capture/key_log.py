"""Read a key log in NSS's format: which kinds of secrets it holds, and for which connections.

The format: https://firefox-source-docs.mozilla.org/security/nss/legacy/key_log_format/. The secrets are left
to tshark; of a line its label and its client random are looked at, and the random is kept for as long as
connections are compared with it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pcap_report.capture.named_file import NamedFile, reading
from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from io import BufferedReader
    from pathlib import Path

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a key log that is read: some 300,000 connections."""
_FILE: Final = NamedFile(
    "--keylog", "key log", "session.keys", LARGEST, "Keep the lines of the connections in question."
)
_LONGEST_LINE: Final = 4096
_LINE: Final = re.compile(rb"([A-Z][A-Z0-9_]{2,63}) ([0-9A-Fa-f]{16,128}) ([0-9A-Fa-f]{2,2048})")
_SESSION: Final = re.compile(rb"(RSA) Session-ID:([0-9A-Fa-f]{0,64}) Master-Key:([0-9A-Fa-f]{96})")
_EXPECTED: Final = (
    "A key log has lines of a label, the client random and a secret in hexadecimal, such as"
    " CLIENT_RANDOM 52ab… 8f1c…; programs write it where SSLKEYLOGFILE points to."
)


@dataclass
class KeyLog:
    """What a key log holds, without its secrets.

    Attributes:
        labels: how many lines there are of each kind.
        by_random: labels by client random, in lower-case hexadecimal.
    """

    labels: Counter[str] = field(default_factory=Counter)
    by_random: dict[str, set[str]] = field(default_factory=dict, repr=False)

    @property
    def lines(self) -> int:
        """Secrets of all kinds."""
        return self.labels.total()

    def labels_of(self, random: str | None) -> tuple[str, ...]:
        """Return the kinds of lines for a connection, known by its ClientHello's random."""
        return tuple(sorted(self.by_random.get((random or "").replace(":", "").lower(), ())))

    def add(self, other: KeyLog) -> None:
        """Take in another one."""
        self.labels.update(other.labels)
        for random, labels in other.by_random.items():
            self.by_random.setdefault(random, set()).update(labels)


def read_key_log(path: Path) -> KeyLog:
    """Read a key log that a user names, line by line.

    Raises:
        UsageError: there is no such file, it is too large, or a line is none of a key log.
    """
    with reading(path, _FILE), path.open("rb") as file:
        found = _read(file, path)
    if not found.lines:
        raise UsageError(f"{path} holds no secret", _EXPECTED)
    return found


def key_log_in(blocks: Iterable[bytes]) -> KeyLog:
    """Read the key logs that a capture holds; what makes no sense is passed over."""
    found = KeyLog()
    for block in blocks:
        for line in block.splitlines():
            _take(line.strip(), found)
    return found


def _read(file: BufferedReader, path: Path) -> KeyLog:
    found = KeyLog()
    if _likely(head := file.peek(16)):
        raise UsageError(f"{path} is no key log{_likely(head)}", _EXPECTED)
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        text = line.strip()
        if text and not text.startswith(b"#") and not _take(text, found):
            raise UsageError(f"{path}, line {number}, is no line of a key log", _EXPECTED)
    return found


def _take(line: bytes, found: KeyLog) -> bool:
    match = _LINE.fullmatch(line) or _SESSION.fullmatch(line)
    if match is None:
        return False
    label, random = match[1].decode(), match[2].decode().lower()
    found.labels[label] += 1
    found.by_random.setdefault(random, set()).add(label)
    return True


def _likely(text: bytes) -> str:
    """Say what else it may be, without a word of what it holds."""
    if text.startswith(b"-----BEGIN"):
        return ": it begins like a certificate or a private key (PEM)"
    if text.startswith((b"\n\r\r\n", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4")):
        return ": it begins like a capture"
    return ": it begins like JSON" if text.startswith((b"{", b"[")) else ""
