"""End a program in a sandbox at any moment, also while the sandbox is still being built.

bubblewrap and unshare start the program in a process of its own, which ends with them only once it has asked
for that (``prctl(2)``, PR_SET_PDEATHSIG). When they are killed before, it waits for them for ever.
"""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess


def end_sandbox(process: subprocess.Popen[bytes]) -> None:
    """Kill what builds and holds a sandbox, and what it has started; Linux only.

    It is stopped first, so that it starts nothing between the look and the end. The process that it has
    started is the first of a PID namespace: with it, all others in there end (pid_namespaces(7)).
    """
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        for child in _children(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
    process.kill()


def _children(number: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(one) for one in Path(f"/proc/{number}/task/{number}/children").read_text("ascii").split()]
    return []
