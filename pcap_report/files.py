"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def draft_beside(target: Path) -> Iterator[Path]:
    """Yield a private file in the target's folder that takes its place at the end, or vanishes.

    Raises:
        OSError: it cannot be made there.
    """
    number, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", suffix=".part", dir=target.parent)
    os.close(number)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(_mode_for(target))
        draft.replace(target)
    except BaseException:  # Ctrl-C too leaves nothing behind
        draft.unlink(missing_ok=True)
        raise


def _mode_for(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those that a new file gets here."""
    with contextlib.suppress(OSError):
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
