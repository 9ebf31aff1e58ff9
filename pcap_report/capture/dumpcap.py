"""Ask dumpcap, Wireshark's recorder, whether this user may record packets here."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pcap_report.capture.isolation import ask

_TIMEOUT_S: Final = 20


@dataclass(frozen=True)
class RecordingRight:
    """Whether packets can be recorded.

    Attributes:
        program: dumpcap, or None where there is none.
        interfaces: how many interfaces it may record on.
        obstacle: what dumpcap said when it may not; "" for nothing.
    """

    program: str | None
    interfaces: int = 0
    obstacle: str = ""


def recording_right(tshark: str | None = None) -> RecordingRight:
    """Ask dumpcap for the interfaces that it may record on; no packet is recorded.

    Args:
        tshark: the tshark in use; its dumpcap stands beside it.
    """
    program = dumpcap_program(tshark)
    if program is None:
        return RecordingRight(None)
    try:
        done = ask(program, "-D", patience_s=_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return RecordingRight(program, obstacle=str(error))
    if done.returncode:
        return RecordingRight(program, obstacle=" ".join(done.stderr.split()))
    return RecordingRight(program, interfaces=len(done.stdout.splitlines()))


def dumpcap_program(tshark: str | None) -> str | None:
    """Return the dumpcap that came with a tshark, or that of the PATH, even one that may not be run."""
    if tshark:
        name = "dumpcap.exe" if tshark.lower().endswith(".exe") else "dumpcap"
        beside = Path(tshark).resolve().with_name(name)
        if beside.is_file():
            return str(beside)
    return shutil.which("dumpcap") or shutil.which("dumpcap", mode=os.F_OK)
