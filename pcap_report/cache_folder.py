"""Where runs leave for later ones what takes long to learn; it may be removed at any time."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path | None:
    """Return our folder in the user's cache, which may not be there yet; None for a user without a home."""
    named = os.environ.get("XDG_CACHE_HOME")
    try:
        return Path(named or Path("~/.cache").expanduser(), "pcap-report")
    except RuntimeError:  # no HOME, and an account that the system does not know
        return None
