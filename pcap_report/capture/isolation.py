"""The surroundings of every tshark that we start: no personal settings, no plugins, one locale."""

from __future__ import annotations

import os
from typing import Final

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
