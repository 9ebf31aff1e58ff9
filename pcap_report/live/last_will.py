"""What is to be done once we are gone, however we went: nobody can tidy up behind a SIGKILL himself.

A shell reads a pipe whose other end is ours alone. When it ends without a word, we are no more, and the shell
ends a group of processes and removes a folder. It is a member of that group, so the group's number cannot
have become that of somebody else. Linux's own way (PR_SET_PDEATHSIG) would not do: it is lost where a program
has capabilities or is set-user-ID, as recorders are, and it comes when a thread of ours ends already.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_SHELL: Final = "/bin/sh"
_GRACE_S: Final = 2
"""Seconds that the processes have to end by themselves."""
_WILL: Final = f"""trap '' HUP INT TERM
read -r word && exit
kill -TERM 0
sleep {_GRACE_S}
[ -z "$1" ] || rm -rf -- "$1"
kill -KILL 0
"""


class LastWill:
    """A shell that waits for our end. Windows has none: there it does nothing."""

    def __init__(self, folder: Path | None = None, group: int = 0) -> None:
        """Make it.

        Args:
            folder: what is removed.
            group: the process group that is ended, of our session; a process that nobody has waited for yet
                must be in it. 0 for none.

        Raises:
            OSError: there is no shell, or no such group.
        """
        self._shell: subprocess.Popen[bytes] | None = None
        if sys.platform == "win32":
            return
        self._shell = subprocess.Popen(
            [_SHELL, "-c", _WILL, _SHELL, str(folder.absolute()) if folder else ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.defpath},
            process_group=group,
        )

    def revoke(self) -> None:
        """Let nothing be done: all is tidy."""
        if self._shell is None:
            return
        with contextlib.suppress(BrokenPipeError):
            self._shell.communicate(b"all is tidy\n")
        self._shell = None
