"""Who is measured: our ``analyze``, bare tshark, and the rivals, each doing what it does by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.registry import BUILT_IN
from pcap_report.capture.columns import columns_for
from pcap_report.capture.reader import fields_arguments
from pcap_report.capture.tshark import find_tshark
from pcap_report.engine.fields import declared_fields
from tests.bench.rival_environment import rivals_bin

if TYPE_CHECKING:
    from collections.abc import Callable

BARE: Final = "tshark-fields"
OURS: Final = "ours-1"
OURS_ON_TWO: Final = "ours-2"
_SCRIPTS: Final = Path(__file__).parent / "rivals"


@dataclass(frozen=True)
class Contender:
    """A command to measure.

    Attributes:
        title: what it is called in the table.
        command: makes the command line, from the capture and a folder for what it writes.
        packets: how many packets it says it read, from its output and that folder; None when it does not say.
        most: the largest capture, in packets, that it is given; None for any.
    """

    title: str
    command: Callable[[Path, Path], list[str]]
    packets: Callable[[Path, Path], int] | None = None
    most: int | None = None


def _ours(workers: int) -> Contender:
    def command(capture: Path, folder: Path) -> list[str]:
        own = [sys.executable, "-m", "pcap_report", "analyze", str(capture), "-f", "json"]
        how_many = ["--workers", str(workers)] if workers_can_be_chosen() else []
        return [*own, "-o", str(folder / "report.json"), *how_many]

    title = f"pcap-report analyze -f json --workers {workers}"
    return Contender(title if workers_can_be_chosen() else "pcap-report analyze -f json", command, _of_report)


def _bare(capture: Path, _: Path) -> list[str]:
    tshark = find_tshark()
    return [tshark.path, *fields_arguments(capture, columns_for(tshark, declared_fields(BUILT_IN)))]


def _conversations(capture: Path, _: Path) -> list[str]:
    return [find_tshark().path, "-n", "-q", "-r", str(capture), "-z", "conv,tcp"]


def _pyshark(mode: str) -> Callable[[Path, Path], list[str]]:
    return lambda capture, _: [_rival("python"), str(_SCRIPTS / "read_pyshark.py"), str(capture), mode]


def _scapy(capture: Path, _: Path) -> list[str]:
    return [_rival("python"), str(_SCRIPTS / "read_scapy.py"), str(capture)]


def _pcap_doctor(capture: Path, folder: Path) -> list[str]:
    out = folder / "pcap-doctor"
    options = ["--no-cache", "--quiet", "--no-handoff"]
    return [_rival("pcap-doctor"), "analyze", str(capture), "-o", str(out), *options]


def printed_count(stdout: Path, _: Path) -> int:
    """Return the number that a command printed first."""
    return int(stdout.read_text().split()[0])


def _of_report(_: Path, folder: Path) -> int:
    return int(json.loads((folder / "report.json").read_text("utf-8"))["capture"]["packets"])


def _of_pcap_doctor(_: Path, folder: Path) -> int:
    return int(json.loads((folder / "pcap-doctor" / "report.json").read_text("utf-8"))["capture"]["packets"])


def _rival(program: str) -> str:
    return str(rivals_bin() / program)


@cache
def workers_can_be_chosen() -> bool:
    """Tell whether this ``analyze`` has ``--workers``."""
    asked = [sys.executable, "-m", "pcap_report", "analyze", "--help"]
    return "--workers" in subprocess.run(asked, capture_output=True, text=True, check=True).stdout


def contenders() -> dict[str, Contender]:
    """Return everyone, in the order of the table."""
    found = {
        BARE: Contender("tshark -T fields, the same fields", _bare),
        OURS: _ours(1),
        OURS_ON_TWO: _ours(2),
        "tshark-conv": Contender("tshark -q -z conv,tcp", _conversations),
        "pyshark-ek": Contender("pyshark, EK", _pyshark("ek"), printed_count, 100_000),
        "pyshark-json": Contender("pyshark, JSON", _pyshark("json"), printed_count, 100_000),
        "pyshark-xml": Contender("pyshark, its default (XML)", _pyshark("xml"), printed_count, 10_000),
        "scapy": Contender("scapy, PcapReader", _scapy, printed_count, 100_000),
        "pcap-doctor": Contender("pcap-doctor analyze", _pcap_doctor, _of_pcap_doctor, 100_000),
    }
    if not workers_can_be_chosen():
        del found[OURS_ON_TWO]
    return found
