"""The secret that pseudonyms come from: random for each run, or kept in a file."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_SIZE: Final = 32
_LEAST: Final = 16
_MOST: Final = 65_536


@dataclass(frozen=True)
class Key:
    """A secret; who has it can find out by trial which original belongs to a pseudonym.

    Attributes:
        secret: its bytes.
        kept: it stands in a file and is used again.
    """

    secret: bytes = field(repr=False)
    kept: bool = False

    @classmethod
    def random(cls) -> Key:
        """Make a key for one run, after which nobody has it."""
        return cls(secrets.token_bytes(_SIZE))

    @classmethod
    def from_file(cls, path: Path) -> Key:
        """Read a key, or make a new file with one that only its owner may read.

        Raises:
            UsageError: it cannot be read or made, or is no key.
        """
        try:
            content = _read(path) if path.exists() else _made(path)
        except OSError as error:
            raise UsageError(
                f"The key {path} cannot be used: {error.strerror or error}", "Give --anonymize-key a file."
            ) from error
        if not _LEAST <= len(content) <= _MOST:
            raise UsageError(
                f"{path} is no key: it needs {_LEAST} to {_MOST} bytes that nobody can guess",
                "Name a file that is not there yet, and a key is made.",
            )
        return cls(content, kept=True)

    def derived(self, purpose: str, size: int = _SIZE) -> bytes:
        """Return bytes for one purpose, from which nothing about those of another can be told."""
        return hmac.digest(self.secret, purpose.encode(), hashlib.sha512)[:size]


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST + 1)


def _made(path: Path) -> bytes:
    content = secrets.token_hex(_SIZE).encode() + b"\n"
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(content)
    return content
