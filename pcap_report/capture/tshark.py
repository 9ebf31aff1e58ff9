"""Find tshark and ask it what it is: its version, and which of our fields it knows.

Asking costs half a second, so the answers are kept in the user's cache folder, per tshark binary.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.capture.isolation import ask
from pcap_report.capture.kept import keep, recall
from pcap_report.errors import TsharkError

if TYPE_CHECKING:
    from collections.abc import Iterable

MINIMUM_VERSION: Final = (3, 6)
PROGRAM_VARIABLE: Final = "PCAP_REPORT_TSHARK"
"""Environment variable that names the tshark to use."""

_USUAL_PLACES: Final = (
    "/Applications/Wireshark.app/Contents/MacOS/tshark",
    r"C:\Program Files\Wireshark\tshark.exe",
)
_VERSION: Final = re.compile(r"TShark[^0-9]*?(\d+)\.(\d+)\.(\d+)")
_ASK_TIMEOUT_S: Final = 60


@dataclass(frozen=True)
class Tshark:
    """A tshark that can be used.

    Attributes:
        path: the program.
        version: its version, such as ``(4, 0, 17)``.
        known: what is already known about fields: name to "this tshark has it".
    """

    path: str
    version: tuple[int, int, int]
    known: dict[str, bool] = field(default_factory=dict)

    @property
    def version_text(self) -> str:
        """The version as people write it."""
        return ".".join(map(str, self.version))

    def unknown_fields(self, names: Iterable[str]) -> frozenset[str]:
        """Return those of the names that this tshark has no field for."""
        wanted = set(names)
        missing = wanted - self.known.keys()
        if missing:
            existing = _all_fields(self.path)
            self.known.update({name: name in existing for name in missing})
            _remember(self)
        return frozenset(name for name in wanted if not self.known[name])


def install_hint(platform: str = sys.platform) -> str:
    """Say how to install tshark on this system, in one line."""
    if platform == "darwin":
        return "Install it with: brew install wireshark"
    if platform == "win32":
        return "Install Wireshark from wireshark.org (with TShark), then open a new terminal."
    if shutil.which("dnf"):
        return "Install it with: sudo dnf install wireshark-cli"
    if shutil.which("pacman"):
        return "Install it with: sudo pacman -S wireshark-cli"
    return "Install it with: sudo apt-get install tshark"


def find_tshark() -> Tshark:
    """Find tshark and make sure that it is new enough.

    Raises:
        TsharkError: there is none, it does not run, or it is older than :data:`MINIMUM_VERSION`.
    """
    path = tshark_program()
    tshark = _recall(path) or _ask_version(path)
    if tshark.version[:2] < MINIMUM_VERSION:
        wanted = ".".join(map(str, MINIMUM_VERSION))
        message = f"tshark {tshark.version_text} is too old: {wanted} or newer is needed ({path})"
        raise TsharkError(message, f"{install_hint()}, or set {PROGRAM_VARIABLE} to a newer one.")
    return tshark


def tshark_program() -> str:
    """Return the path of the tshark to use.

    Raises:
        TsharkError: there is none.
    """
    named = os.environ.get(PROGRAM_VARIABLE)
    if named:
        found = shutil.which(named)
        if not found:
            message = f"{PROGRAM_VARIABLE} names {named}, and there is no such program"
            raise TsharkError(message, f"Unset {PROGRAM_VARIABLE}, or let it name a tshark.")
        return found
    found = shutil.which("tshark") or next((place for place in _USUAL_PLACES if Path(place).is_file()), None)
    if not found:
        raise TsharkError("tshark was not found", install_hint())
    return found


def said_of_itself(path: str) -> str:
    """Return what a tshark says of its version and of what it was built with.

    Raises:
        TsharkError: it does not run.
    """
    return _ask(path, "--version")


def _ask_version(path: str) -> Tshark:
    output = said_of_itself(path)
    match = _VERSION.search(output)
    if not match:
        raise TsharkError(
            f"{path} does not tell its version, so it is no tshark that we know", install_hint()
        )
    tshark = Tshark(path, (int(match[1]), int(match[2]), int(match[3])))
    _remember(tshark)
    return tshark


def _all_fields(path: str) -> set[str]:
    lines = _ask(path, "-G", "fields").splitlines()
    parts = (line.split("\t", 3) for line in lines)
    return {part[2] for part in parts if len(part) > 2 and part[0] in "FP"}


def _ask(path: str, *arguments: str) -> str:
    try:
        return ask(path, *arguments, patience_s=_ASK_TIMEOUT_S).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TsharkError(f"{path} does not run: {error}", install_hint()) from error


def _recall(path: str) -> Tshark | None:
    """Return what an earlier run learned of this very binary; None when nothing usable is there."""
    kept = recall(path, "")
    with contextlib.suppress(ValueError, KeyError, TypeError):
        if kept:
            major, minor, micro = kept["version"]
            return Tshark(path, (int(major), int(minor), int(micro)), dict(kept["fields"]))
    return None


def _remember(tshark: Tshark) -> None:
    keep(tshark.path, "", {"version": tshark.version, "fields": tshark.known})
