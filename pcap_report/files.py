"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pcap_report.interrupts import held_back

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def draft_beside(target: Path) -> Iterator[Path]:
    """Yield a private file in the target's folder that takes its place at the end, or vanishes.

    Raises:
        OSError: it cannot be made there.
    """
    draft: Path | None = None
    try:
        with held_back():
            number, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", suffix=".part", dir=target.parent)
            draft = Path(name)
            os.close(number)
        yield draft
        draft.chmod(_mode_for(target))
        draft.replace(target)
    except BaseException:  # Ctrl-C too leaves nothing behind
        if draft is not None:
            draft.unlink(missing_ok=True)
        raise


def _mode_for(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those that a new file gets here."""
    with contextlib.suppress(OSError):
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
