"""Find the captures that a batch is asked for: files, folders, globs."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.capture.magic import capture_format
from pcap_report.errors import PcapReportError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ENDINGS: Final = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz", ".cap.gz")
_WILD: Final = frozenset("*?[")


def find_captures(asked: Iterable[str], out: Path) -> list[Path]:
    """Return the captures, each once, those of a folder in the order of their names.

    What is named is taken as it is. Of a folder and of what a glob matches, files are taken that begin like a
    capture, or are called like one: these are listed as failures when they are none.

    Args:
        asked: files, folders (with all below them), and globs, in which ``**`` stands for any folders.
        out: the folder of the batch itself, in which no captures are looked for.

    Raises:
        UsageError: a path does not exist, or there is no capture in all of them.
    """
    found: dict[str, Path] = {}
    for path in (one for text in asked for one in _named(text, out.resolve())):
        found.setdefault(os.path.realpath(path), path)
    if not found:
        raise UsageError("There is no capture in what was named", "Name captures, folders or globs of them.")
    return list(found.values())


def _named(text: str, out: Path) -> Iterator[Path]:
    path = Path(text)
    if path.is_dir():
        yield from _below(path, out)
    elif path.exists() or not _WILD.intersection(text):
        if not path.exists():
            raise UsageError(f"There is no file {text}")
        yield path
    else:
        matches = sorted(map(Path, glob.iglob(text, recursive=True)))  # noqa: PTH207 - a pattern may be absolute
        if not matches:
            raise UsageError(f"Nothing matches {text}")
        yield from (one for one in matches if _is_wanted(one) and out not in one.resolve().parents)


def _below(folder: Path, out: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if Path(place, name).resolve() != out)
        yield from (path for name in sorted(names) if _is_wanted(path := Path(place, name)))


def _is_wanted(path: Path) -> bool:
    """Look only at files: opening a pipe could wait for ever."""
    if not path.is_file():
        return False
    if path.name.lower().endswith(_ENDINGS):
        return True
    try:
        capture_format(path)
    except PcapReportError:
        return False
    return True
