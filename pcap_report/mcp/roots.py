"""Which files may be read: those below the folders that the operator allowed, symbolic links resolved."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.errors import UsageError
from pcap_report.render.visible import visible_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ENDINGS: Final = (".pcap", ".pcapng", ".cap", ".gz", ".zst", ".lz4", ".json", ".snoop", ".erf")
_LISTED: Final = 500
_LOOKED_AT: Final = 20_000
_NAMED: Final = 12
_LONGEST: Final = 4096
_SHOWN: Final = 200


class Roots:
    """The folders that may be read.

    Attributes:
        folders: they, without symbolic links.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        """Take the folders.

        Raises:
            UsageError: one of them is none.
        """
        for folder in folders:
            if not folder.is_dir():
                raise UsageError(f"{folder} is no folder", "Give --root a folder with captures.")
        self.folders = tuple(dict.fromkeys(folder.resolve() for folder in folders))

    def file(self, name: str) -> Path:
        """Return the file that a name means: below a folder, or a whole path that lies below one.

        Raises:
            UsageError: there is none that may be read.
        """
        if not name or "\0" in name or len(name) > _LONGEST:
            raise UsageError("That is no file name", self._hint())
        outside = False
        for folder in self.folders:
            try:
                path = Path(folder, name).resolve()
                there = path.is_file()
            except (OSError, RuntimeError):  # a ring of symbolic links, a name that is too long
                continue
            if not any(path.is_relative_to(root) for root in self.folders):
                outside = True
            elif there:
                return path
        shown = visible_within(name, _SHOWN)
        if outside:
            raise UsageError(f"{shown} lies outside the folders that may be read", self._hint())
        raise UsageError(f"There is no file {shown} in the folders that may be read", self._hint())

    def name_of(self, path: Path) -> str:
        """Return the name by which a file is asked for."""
        for folder in self.folders:
            if path.is_relative_to(folder):
                return path.relative_to(folder).as_posix()
        return path.name

    def captures(self, *endings: str) -> list[Path]:
        """Return the files that look like captures or saved reports, the newest first, up to 500."""
        found = sorted(self._walk(endings or _ENDINGS), key=_age, reverse=True)
        return found[:_LISTED]

    def _walk(self, endings: tuple[str, ...]) -> Iterator[Path]:
        """Look below the folders; links to elsewhere are not followed."""
        seen = 0
        for root in self.folders:
            for folder, inner, names in os.walk(root, followlinks=False):
                inner[:] = [one for one in inner if not one.startswith(".")]
                for name in names:
                    seen += 1
                    if seen > _LOOKED_AT:
                        return
                    path = Path(folder, name)
                    if name.lower().endswith(endings) and not name.startswith(".") and not path.is_symlink():
                        yield path

    def _hint(self) -> str:
        names = [self.name_of(path) for path in self.captures()]
        if not names:
            return "There is no capture in these folders yet."
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        return f"The newest are: {', '.join(names[:_NAMED])}{more}"


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0
