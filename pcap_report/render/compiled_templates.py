"""What Jinja2 makes of a template is kept, as Python keeps what it makes of a source: making it takes long.

A process makes it once, for all languages and formats. What it makes of our own templates is kept for the
next process, too, in the user's cache folder. It is code: it is read only where nobody else may write.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import jinja2.compiler
from jinja2 import BytecodeCache

from pcap_report.cache_folder import cache_folder
from pcap_report.files import clear_drafts, draft_beside

if TYPE_CHECKING:
    from types import CodeType

    from jinja2.bccache import Bucket

_FOLDER: Final = "templates-"
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_OLD_S: Final = 60 * 24 * 3600
"""After so many seconds what an earlier version left goes away."""


class CompiledTemplates(BytecodeCache):
    """What was made of templates, by this process and by earlier ones.

    It serves the one kind of environment that :mod:`pcap_report.render.environment` makes, whatever the sink:
    nothing of the sink's is worked out while a template is compiled.
    """

    def __init__(self, ours: Path, settings: Path) -> None:
        """Begin with nothing.

        Args:
            ours: the folder of the templates that come with the program. What is made of others, which may
                come with a capture, does not outlive the process.
            settings: the source that says how environments are made.
        """
        super().__init__()
        self._settings = settings
        self._made: dict[str, tuple[str, CodeType]] = {}
        self._ours = frozenset(
            self.get_cache_key(path.relative_to(ours).as_posix(), str(path)) for path in ours.rglob("*.j2")
        )

    def load_bytecode(self, bucket: Bucket) -> None:
        """Look for what was made of this very source."""
        checksum, code = self._made.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code
        elif bucket.key in self._ours and (folder := _folder(self._settings)):
            # A cache that cannot be read, for whatever reason, is no error.
            with contextlib.suppress(Exception), (folder / bucket.key).open("rb") as file:
                bucket.load_bytecode(file)
                self._remember(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made."""
        self._remember(bucket)
        if bucket.key in self._ours and (folder := _folder(self._settings)):
            with contextlib.suppress(OSError), draft_beside(folder / bucket.key) as draft:
                draft.write_bytes(bucket.bytecode_to_string())

    def _remember(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._made[bucket.key] = (bucket.checksum, bucket.code)


@cache
def compiled_templates(ours: Path, settings: Path) -> CompiledTemplates:
    """Return what all environments of this process share."""
    return CompiledTemplates(ours, settings)


@cache
def _folder(settings: Path) -> Path | None:
    """Return the folder for this Python and this Jinja2; None where there is none that is only ours."""
    if sys.platform == "win32":  # who may write to it cannot be told
        return None
    home = cache_folder()
    if home is None:
        return None
    stamps = "-".join(f"{_changed_ns(Path(one)):x}" for one in (jinja2.compiler.__file__, settings))
    folder = home / f"{_FOLDER}{sys.implementation.cache_tag}-{stamps}"
    with contextlib.suppress(OSError):
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _clear_old(home)
        clear_drafts(folder)
        status = folder.stat(follow_symlinks=False)
        if (
            stat.S_ISDIR(status.st_mode)
            and status.st_uid == os.geteuid()
            and not status.st_mode & _OTHERS_WRITE
        ):
            return folder
    return None


def _clear_old(home: Path) -> None:
    for folder in home.glob(f"{_FOLDER}*"):
        if folder.stat().st_mtime < time.time() - _OLD_S:
            shutil.rmtree(folder, ignore_errors=True)


def _changed_ns(path: Path) -> int:
    return path.stat().st_mtime_ns
