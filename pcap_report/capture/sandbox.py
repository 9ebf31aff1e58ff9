"""Run tshark where there is no network, nothing to write to, and of all files only those that it is to read.

bubblewrap does that wherever it is installed and user namespaces are allowed; where it is not, unshare and
mount of util-linux do. Whether it works is tried once and kept, with the very programs that were tried.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast, get_args

from pcap_report.capture.isolation import isolated_environment
from pcap_report.capture.kept import forget, keep, recall
from pcap_report.capture.namespaces import bubblewrap, unshare
from pcap_report.errors import TsharkError, UsageError
from pcap_report.private_folder import PrivateFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Mode: TypeAlias = Literal["auto", "on", "off"]
VARIABLE: Final = "PCAP_REPORT_SANDBOX"
"""Environment variable: ``auto``, ``on`` or ``off``. It holds for every process that we start, too."""

_KEPT_AS: Final = "-sandbox"
_TRIAL_S: Final = 20
_ELF: Final = b"\x7fELF"
_TRACE: Final = "LD_TRACE_LOADED_OBJECTS"
"""With it the loader lists a program's libraries and does not run it (ld.so(8))."""
_WAYS: Final = {"bubblewrap": ("bwrap", bubblewrap), "unshare": ("unshare", unshare)}


@dataclass(frozen=True)
class Sandbox:
    """A way to hold a program in.

    Attributes:
        name: of the way.
        program: what does it.
        wrap: the way itself.
    """

    name: str
    program: str
    wrap: Callable[[str, Sequence[str], Sequence[str], str | None, str], list[str]]

    def around(
        self, command: Sequence[str], readable: Sequence[str], writable: str | None, home: str
    ) -> list[str]:
        """Return the command line that runs another one inside.

        Args:
            command: the program and its arguments.
            readable: the files that it may read.
            writable: a folder that it may write to; None for none.
            home: an empty private folder.
        """
        return self.wrap(self.program, command, readable, writable, home)

    def refused(self, status: int | None, remark: str) -> bool:
        """Tell whether it was the sandbox that failed, and nothing ran inside."""
        return bool(status) and remark.startswith((f"{Path(self.program).name}: ", "mount: ", "chroot: "))


def sandbox_mode() -> Mode:
    """Return what is asked for.

    Raises:
        UsageError: the environment says something else.
    """
    asked = os.environ.get(VARIABLE) or "auto"
    if asked not in get_args(Mode):
        raise UsageError(f"{VARIABLE} is {asked[:40]}", "It may be auto, on or off.")
    return cast("Mode", asked)


def sandbox_for(program: str) -> Sandbox | None:
    """Return the sandbox that a program is to run in; None for none.

    Raises:
        TsharkError: one is asked for, and there is none that works.
        UsageError: the environment asks for something unknown.
    """
    mode = sandbox_mode()
    if mode == "off":
        return None
    found = working_sandbox(program) if mode == "on" or _is_native(program) else None
    if found is None and mode == "on":
        raise no_sandbox(program)
    return found


def no_sandbox(program: str) -> TsharkError:
    """Return the error for a sandbox that is asked for and not to be had."""
    if sys.platform != "linux":
        return TsharkError("There is a sandbox on Linux only", "Run it without: --sandbox off")
    if not shutil.which("bwrap"):
        return TsharkError(
            "No sandbox works here, and bubblewrap is not installed",
            "Install it: sudo apt-get install bubblewrap (dnf, pacman and apk have it by the same name),"
            " or use --sandbox off",
        )
    return TsharkError(
        f"No sandbox works here for {program}: are user namespaces allowed?",
        "Allow them: sudo sysctl kernel.unprivileged_userns_clone=1, or use --sandbox off",
    )


@cache
def working_sandbox(program: str) -> Sandbox | None:
    """Return the first way that works for a program here; None without one."""
    if sys.platform != "linux":
        return None
    ways = [Sandbox(name, path, wrap) for name, (tool, wrap) in _WAYS.items() if (path := shutil.which(tool))]
    tools = [[way.program, Path(way.program).stat().st_mtime_ns] for way in ways]
    known = recall(program, _KEPT_AS)
    if known is None or known.get("tools") != tools or known.get("user") != os.geteuid():
        name = next((way.name for way in ways if _works(way, program)), "")
        known = {"tools": tools, "user": os.geteuid(), "works": name}
        keep(program, _KEPT_AS, known)
    return next((way for way in ways if way.name == known["works"]), None)


def forget_sandbox(program: str) -> None:
    """Try again next time."""
    working_sandbox.cache_clear()
    forget(program, _KEPT_AS)


def _works(way: Sandbox, program: str) -> bool:
    """Let the loader find every library of the program inside; it is not run."""
    with PrivateFolder() as home:
        try:
            done = subprocess.run(
                way.around([program, "--version"], (), None, str(home)),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_TRIAL_S,
                env={**isolated_environment(str(home)), _TRACE: "1"},
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == 0 and b"not found" not in done.stdout + done.stderr


@cache
def _is_native(program: str) -> bool:
    """Tell a program from a script: nobody knows what a script needs on its way to tshark."""
    try:
        with Path(program).open("rb") as file:
            return file.read(4) == _ELF
    except OSError:
        return False
