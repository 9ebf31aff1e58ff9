"""What lies in the folder where somebody looked for a capture: what to type instead of what was typed."""

from __future__ import annotations

import difflib
import os
import shlex
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_LOOKED_AT: Final = 2_000
_ENDINGS: Final = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz", ".cap.gz")


def is_called_a_capture(name: str) -> bool:
    """Tell whether a file's name ends as those of captures do."""
    return name.lower().endswith(_ENDINGS)


def instead_of_missing(path: Path) -> str | None:
    """Say what may have been meant by a file that is not there; None where nothing is like it."""
    names = _names(path.parent)
    near = difflib.get_close_matches(path.name, names, 1)
    captures = list(filter(is_called_a_capture, names))
    found = near or captures[:1]
    if not found:
        return None
    word = "Did you mean" if near else "There is"
    return f"{word} {shlex.quote(str(path.with_name(found[0])))}{'?' if near else ''}"


def instead_of_folder(path: Path) -> str:
    """Say how a folder is reported, and one capture in it."""
    batch = f"pcap-report batch {shlex.quote(str(path))} -o reports"
    captures = list(filter(is_called_a_capture, _names(path)))
    if not captures:
        return f"Name a file; or report all captures below the folder: {batch}"
    return f"Name a file, such as {shlex.quote(str(path / captures[0]))}; or report all of them: {batch}"


def _names(folder: Path) -> list[str]:
    """The names of files in a folder, at most so many; none of one that cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(one.name for one in islice(entries, _LOOKED_AT) if one.is_file())
    except OSError:
        return []
