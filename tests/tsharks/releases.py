"""The tsharks of other Debian and Ubuntu releases, fetched beside the system's."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]
REFERENCE: Final = "bookworm"
"""The release whose facts the others are held against."""
TOO_OLD: Final = "bullseye"
"""The last release before the first that we support."""
SUPPORTED: Final = ("jammy", REFERENCE, "noble", "trixie", "sid")
"""One release for each series of Wireshark since the first that we support: 3.6, 4.0, 4.2, 4.4, 4.6."""
_CANNOT: Final = 75


class Fetched(NamedTuple):
    """A tshark of a release, or why there is none.

    Attributes:
        release: the release's name.
        program: tshark; None where it could not be fetched.
        obstacle: why not, "" where it was.
    """

    release: str
    program: Path | None
    obstacle: str = ""


def fetched(release: str) -> Fetched:
    """Fetch a release's tshark, or take the one that was fetched before.

    Raises:
        RuntimeError: the script failed, and not because this machine cannot fetch.
    """
    done = subprocess.run(
        [ROOT / "tools" / "fetch-tshark", release], capture_output=True, text=True, check=False
    )
    if done.returncode == _CANNOT:
        return Fetched(release, None, done.stderr.strip())
    if done.returncode:
        raise RuntimeError(f"tools/fetch-tshark {release} failed: {done.stderr.strip()}")
    return Fetched(release, program_of(release))


def program_of(release: str) -> Path:
    """Return where a release's tshark stands once it was fetched."""
    return ROOT / "build" / "tsharks" / release / "bin" / "tshark"
