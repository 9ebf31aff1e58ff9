"""What the program is ended in the middle of: every command that writes, starts processes, or waits."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

from pcap_report.capture.dumpcap import recording_right
from tests.bench.generate import generate

SAMPLES: Final = Path(__file__).parents[2] / "samples"
PROGRAM: Final = Path(sys.executable).with_name("pcap-report")
_PACKETS: Final = 65_000
"""Enough for a capture to be read in shards by three processes."""


class Errand(NamedTuple):
    """A command line, in the folder of the samples."""

    words: tuple[str, ...]
    """``OUT`` stands for the folder of what it writes, ``LARGE`` and ``SAVED`` for the :class:`Material`."""
    times: int = 1
    """How many times longer than others it works."""
    own: frozenset[int] = frozenset()
    """What it may end with, besides 0, where it was quicker than the signal."""
    asked: bool = False
    """It is a server, which is asked on its standard input; that then stays open."""
    writes: str = ""
    """A file that it writes, which may have been there before."""


def _writing(target: str, *words: str, times: int = 1) -> Errand:
    return Errand((*words, "-o", f"OUT/{target}"), times, writes=target)


_DIFFERENT: Final = frozenset((1,))
_NOTHING_RECORDED: Final = frozenset((3,))
_THREE: Final = "lossy-three-connections.pcapng"
_WEB: Final = "http-dns.pcapng"
_ERRANDS: Final = (
    _writing("report.json", "analyze", _THREE),
    _writing("report.html", "analyze", "mcp-tls13.pcapng", "--keylog", "mcp-tls13.keys"),
    _writing("report.md", "analyze", _WEB, "--verify", "--charts", "auto"),
    _writing("copy.pcapng", "annotate", _THREE),
    Errand(("check", _WEB, "--expect", "expectations.yaml", "--junit", "OUT/junit.xml"), writes="junit.xml"),
    Errand(("batch", _WEB, "refused-and-unanswered.pcapng", "-o", "OUT/reports")),
    Errand(("batch", ".", "-o", "OUT/reports", "--workers", "2", "-f", "md"), times=4),
    _writing("report.pdf", "analyze", _THREE),
    Errand(("diff", _WEB, "refused-and-unanswered.pcapng"), own=_DIFFERENT),
    _writing("report.md", "analyze", "tls12-chain.pcapng", "--anonymize"),
    Errand(("expect", "ipv6-tls13.pcapng")),
    Errand(("connections", "quic-h3.pcapng", "-f", "json")),
)
_WITH_MATERIAL: Final = (
    Errand(("verify", "SAVED", _WEB)),
    _writing("report.pdf", "analyze", "SAVED"),
    *([_writing("report.html", "analyze", "LARGE", "--workers", "3", times=3)] * 3),
    *([_writing("report.json", "analyze", "LARGE", "--workers", "2", times=4)] * 3),
    Errand(("batch", "LARGE", _WEB, "-o", "OUT/reports", "--workers", "2"), times=4),
    *([Errand(("mcp", "--root", "."), asked=True, times=2)] * 2),
)
_RECORDING: Final = Errand(
    (
        *("capture", "--mode", "port", "9", "-i", "lo", "--duration", "1", "-w", "OUT/kept.pcapng"),
        *("-o", "OUT/report.html"),
    ),
    own=_NOTHING_RECORDED,
    writes="report.html",
)


class Material(NamedTuple):
    """What errands work with that is no sample."""

    large: Path
    """A capture that is read in shards."""
    saved: Path
    """A report of ``http-dns.pcapng``."""
    recording: bool
    """Whether this user may record."""


def material(folder: Path) -> Material:
    """Make it."""
    saved = folder / "saved.json"
    subprocess.run([PROGRAM, "analyze", _WEB, "-q", "-o", saved], cwd=SAMPLES, check=True)
    right = recording_right(shutil.which("tshark"))
    return Material(generate(folder / "large.pcap", _PACKETS), saved, bool(right.interfaces))


def errands(there: Material | None) -> list[Errand]:
    """Return what can be done with the samples alone, or with more."""
    if there is None:
        return list(_ERRANDS)
    return [*_ERRANDS, *_WITH_MATERIAL, *([_RECORDING] * 2 if there.recording else [])]


def questions() -> bytes:
    """Return what an assistant's client says to the server: one capture is asked for, and others."""
    about = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "kills", "version": "1"},
    }
    said: list[dict[str, object]] = [
        {"id": 1, "method": "initialize", "params": about},
        {"method": "notifications/initialized"},
    ]
    for number, capture in enumerate((_THREE, _WEB, "quic-h3.pcapng"), 2):
        called = {"name": "analyze_capture", "arguments": {"capture": capture}}
        said.append({"id": number, "method": "tools/call", "params": called})
    return b"".join(json.dumps({"jsonrpc": "2.0", **one}).encode() + b"\n" for one in said)
