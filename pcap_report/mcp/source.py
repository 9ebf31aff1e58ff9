"""What an analysis is made of: a capture, and the files that belong to it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import anyio
import anyio.to_thread

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.mcp.roots import Roots

_KEPT: Final = 1000


@dataclass(frozen=True)
class Source:
    """Files below the folders that may be read.

    Attributes:
        capture: the capture, or a saved report.
        keylog: secrets of its connections.
        rpc_log: the application's log.
    """

    capture: Path
    keylog: Path | None = None
    rpc_log: Path | None = None


@dataclass(frozen=True)
class Named:
    """The same, by the names that a client calls them."""

    capture: str
    keylog: str | None = None
    rpc_log: str | None = None

    def found(self, roots: Roots) -> Source:
        """Return the files.

        Raises:
            UsageError: one of them is not there, or may not be read.
        """
        keylog = roots.file(self.keylog) if self.keylog else None
        rpc_log = roots.file(self.rpc_log) if self.rpc_log else None
        return Source(roots.file(self.capture), keylog, rpc_log)


class Hashes:
    """The SHA-256 of files, computed again only when a file has changed."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, ...], str] = OrderedDict()

    async def of(self, path: Path | None) -> str:
        """Return the hash of a file; "-" for none."""
        if path is None:
            return "-"
        stamp = _stamp(path)
        if stamp not in self._known:
            self._known[stamp] = await anyio.to_thread.run_sync(_hash, path, abandon_on_cancel=True)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return self._known[stamp]


def _stamp(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
