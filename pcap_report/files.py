"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from pcap_report.interrupts import held_back
from pcap_report.ownership import abandoned, claimed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Content: TypeAlias = "str | bytes | Iterable[bytes]"
"""What is written: a text, bytes, or bytes piece by piece."""
_MARK: Final = ".pcap-report-"
_ENDING: Final = ".part"
_NAME_BYTES: Final = 80
"""How much of its target's name a draft has in its own, which may have 255 bytes."""
_DRAFT: Final = re.compile(rf"\..*{re.escape(_MARK)}[a-z0-9_]{{8}}{re.escape(_ENDING)}", re.DOTALL)


def pieces(content: Content) -> Iterable[bytes]:
    """Return the bytes of what is to be written, text as UTF-8."""
    if isinstance(content, str):
        return (content.encode("utf-8", "backslashreplace"),)
    return (content,) if isinstance(content, bytes) else content


def led_to(path: Path) -> Path:
    """Return where a path leads past symbolic links; a ring of them leads nowhere but to itself."""
    return Path(os.path.realpath(path))


@contextlib.contextmanager
def draft_beside(target: Path) -> Iterator[Path]:
    """Yield a private file in the target's folder that takes its place at the end, or vanishes.

    Raises:
        OSError: it cannot be made there.
    """
    draft: Path | None = None
    mark: int | None = None
    try:
        with held_back():
            draft, mark = _made(target)
        yield draft
        draft.chmod(_mode_for(target))
        draft.replace(target)
    except BaseException:  # Ctrl-C too leaves nothing behind
        if draft is not None:
            draft.unlink(missing_ok=True)
        raise
    finally:
        if mark is not None:
            os.close(mark)


def clear_drafts(folder: Path) -> None:
    """Remove the drafts that killed processes of this user left in a folder."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _DRAFT.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                path = folder / entry.name
                with abandoned(path) as ours:
                    if ours:
                        path.unlink(missing_ok=True)


def _made(target: Path) -> tuple[Path, int | None]:
    beginning = os.fsencode(target.name)[:_NAME_BYTES].decode("utf-8", "ignore")
    while True:
        number, name = tempfile.mkstemp(prefix=f".{beginning}{_MARK}", suffix=_ENDING, dir=target.parent)
        os.close(number)
        try:
            return Path(name), claimed(Path(name))
        except FileNotFoundError:  # it was seen before it had a mark
            continue


def _mode_for(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those that a new file gets here."""
    with contextlib.suppress(OSError):
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
