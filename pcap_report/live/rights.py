"""No right to capture: why, and what exactly grants it."""

from __future__ import annotations

import getpass
import re
import sys
from typing import TYPE_CHECKING, Final

from pcap_report.errors import NoCaptureRightError, TsharkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.live.recorders import Recorder

_REFUSED: Final = re.compile(r"permission|not permitted|EPERM|EACCES|access denied", re.IGNORECASE)


def is_refusal(said: str) -> bool:
    """Tell whether a recorder that ended says that it may not record."""
    return bool(_REFUSED.search(said))


def no_right(refusals: Sequence[tuple[Recorder, str]]) -> NoCaptureRightError:
    """Return the error to show when every recorder was refused.

    Args:
        refusals: each recorder with what the system said.
    """
    recorder, said = refusals[0]
    if not recorder.may_run:
        message = f"You may not capture here: {recorder.path} is only for members of its group"
    else:
        message = f"You may not capture here: {recorder.name} was refused ({said})"
    return NoCaptureRightError(f"{message}. {grant_hint(recorder)}")


def nothing_records() -> TsharkError:
    """Return the error to show where there is neither dumpcap nor tcpdump."""
    return TsharkError("There is no dumpcap and no tcpdump here to capture with", "It comes with tshark.")


def grant_hint(recorder: Recorder) -> str:
    """Say in one line how the right to capture is granted here."""
    if sys.platform == "darwin":
        return "Grant it: brew install --cask wireshark-chmodbpf, then log in again; or run it with sudo."
    if sys.platform != "linux":
        return "Install Npcap from npcap.com, or run it as an administrator."
    user = _user()
    if recorder.name == "dumpcap" and not recorder.may_run:
        return f"Grant it: sudo usermod -aG wireshark {user}, then log in again."
    if recorder.name == "dumpcap":
        return f"Grant it: sudo setcap cap_net_raw,cap_net_admin=eip {recorder.path}"
    return f"Grant it: sudo setcap cap_net_raw+eip {recorder.path}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return "$USER"
