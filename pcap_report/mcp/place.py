"""Where a server keeps what it makes: a private folder that is gone when the server is, killed or not."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from pcap_report.live.last_will import LastWill
from pcap_report.private_folder import PrivateFolder

if TYPE_CHECKING:
    from pathlib import Path


class Place:
    """A private folder for temporary files, made when it is first asked for."""

    def __init__(self) -> None:
        self._folder: PrivateFolder | None = None
        self._will: LastWill | None = None

    def folder(self) -> Path:
        """Return the folder.

        Raises:
            UsageError: none can be made.
        """
        if self._folder is None:
            self._folder = PrivateFolder()
            with contextlib.suppress(OSError):  # without a shell the next run of pcap-report removes it
                self._will = LastWill(self._folder.path)
        return self._folder.path

    def close(self) -> None:
        """Remove it, and all that is in it."""
        if self._folder is not None:
            self._folder.close()
            self._folder = None
        if self._will is not None:
            self._will.revoke()
            self._will = None
