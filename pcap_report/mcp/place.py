"""Where a server keeps what it makes: a private folder that is gone when the server is, killed or not."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

from pcap_report.live.last_will import LastWill


class Place:
    """A private folder for temporary files, made when it is first asked for."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._will: LastWill | None = None

    def folder(self) -> Path:
        """Return the folder."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="pcap-report-"))
            with contextlib.suppress(OSError):  # without a shell it stays when we are killed
                self._will = LastWill(self._folder)
        return self._folder

    def close(self) -> None:
        """Remove it, and all that is in it."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        if self._will is not None:
            self._will.revoke()
            self._will = None
