"""The surroundings of every tshark that we start: no personal settings, no plugins, one locale."""

from __future__ import annotations

import os
import subprocess
from typing import Final

from pcap_report.private_folder import PrivateFolder

_PASSED_ON: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP")


def isolated_environment(folder: str) -> dict[str, str]:
    """Return an environment for tshark in which the folder is its home.

    With an empty home there are no personal preferences, profiles, host names, Lua scripts or plugins;
    with a fixed locale and time zone the output is the same everywhere.

    Args:
        folder: an empty folder that only we write to.
    """
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment.update(
        {
            "HOME": folder,
            "APPDATA": folder,
            "XDG_CONFIG_HOME": folder,
            "XDG_DATA_HOME": folder,
            "WIRESHARK_CONFIG_DIR": folder,
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }
    )
    return environment


def ask(program: str, *arguments: str, patience_s: float) -> subprocess.CompletedProcess[str]:
    """Let one of Wireshark's programs answer in these surroundings, and wait for it.

    Args:
        program: its path.
        arguments: what it is asked.
        patience_s: how long it may take.

    Raises:
        OSError: it cannot be started.
        subprocess.TimeoutExpired: it took too long, and was ended.
    """
    with PrivateFolder() as folder:
        return subprocess.run(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=patience_s,
            env=isolated_environment(str(folder)),
            check=False,
        )
