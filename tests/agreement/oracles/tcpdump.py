"""tcpdump's listing (``oracles/tcpdump``): how many packets, and which of them carry SYN, FIN and RST."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.agreement.comparison import Comparison, frames_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.agreement.report_index import ReportIndex

_NUMBERED: Final = re.compile(r"^\s*(\d+)\s+\S")
_FLAGS: Final = re.compile(r"Flags \[([^\]]+)\]")


def compare(place: Path, index: ReportIndex, capture: str) -> list[Comparison]:
    """Compare the listing; it has numbers where tcpdump was called with ``-#``."""
    comparison = Comparison(capture, "tcpdump")
    for path in sorted(place.glob("*.out")):
        flags = _read(path.read_text("utf-8", "replace"))
        if flags:
            comparison.check("packets", path.name, index.report.capture.packets, max(flags))
            _compare_flags(comparison, index, flags, path.name)
    return [comparison]


def _read(text: str) -> dict[int, str]:
    """Return the TCP flags of every numbered packet; "" where tcpdump prints none."""
    found: dict[int, str] = {}
    last = 0
    for line in text.splitlines():
        number = _NUMBERED.match(line)
        if number and int(number.group(1)) == last + 1:
            last += 1
            found[last] = ""
        flags = _FLAGS.search(line)
        if flags and last:
            found[last] = flags.group(1)
    return found


def _compare_flags(comparison: Comparison, index: ReportIndex, flags: dict[int, str], source: str) -> None:
    handshakes = [one.tcp_handshake for one in index.tcp if one.tcp_handshake]
    endings = [one.teardown for one in index.tcp if one.teardown]
    ours = {
        "SYN": [frame for one in handshakes for frame in one.syn_frames],
        "SYN-ACK": [frame for one in handshakes for frame in one.syn_ack_frames],
        "FIN": [frame for one in endings for frame in (*(fin.frame for fin in one.fins), *one.repeated_fins)],
        "RST": [reset.frame for one in endings for reset in one.resets],
    }
    theirs = {
        "SYN": [number for number, value in flags.items() if "S" in value and "." not in value],
        "SYN-ACK": [number for number, value in flags.items() if "S" in value and "." in value],
        "FIN": [number for number, value in flags.items() if "F" in value],
        "RST": [number for number, value in flags.items() if "R" in value],
    }
    for kind, frames in theirs.items():
        if frames or ours[kind]:
            comparison.check(f"{kind} frames", source, frames_text(ours[kind]), frames_text(frames))
