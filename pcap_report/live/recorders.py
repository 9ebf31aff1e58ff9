"""The programs that record packets: dumpcap, which has few rights and does little else, and tcpdump."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.capture.dumpcap import dumpcap_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.live.bounds import Bounds

_KILO: Final = 1000


@dataclass(frozen=True)
class Plan:
    """What is to be recorded.

    Attributes:
        interfaces: where, one at least.
        capture_filter: of libpcap; "" lets everything through.
        bounds: when it ends.
    """

    interfaces: tuple[str, ...]
    capture_filter: str
    bounds: Bounds


@dataclass(frozen=True)
class Recorder:
    """A program that records.

    Attributes:
        name: ``dumpcap`` or ``tcpdump``.
        path: the program.
        may_run: this user may start it at all.
    """

    name: str
    path: str
    may_run: bool = True

    def arguments(self, plan: Plan, file: Path) -> list[str]:
        """Return its arguments; dumpcap writes to the file, tcpdump to standard output."""
        return _dumpcap(plan, file) if self.name == "dumpcap" else _tcpdump(plan)


def recorders(tshark: str | None = None) -> Iterator[Recorder]:
    """Yield what can record here, the one with the fewest rights first.

    Args:
        tshark: the tshark in use; its dumpcap stands beside it.
    """
    for name, path in (("dumpcap", dumpcap_program(tshark)), ("tcpdump", _found("tcpdump"))):
        if path:
            yield Recorder(name, path, os.access(path, os.X_OK))


def merging_program(dumpcap: str) -> str | None:
    """Return the mergecap that came with a dumpcap."""
    beside = Path(dumpcap).with_name("mergecap")
    return str(beside) if beside.is_file() else shutil.which("mergecap")


def _found(name: str) -> str | None:
    """Find a program; it often lies where only an administrator's PATH leads."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/usr/local/sbin")


def _dumpcap(plan: Plan, file: Path) -> list[str]:
    bounds = plan.bounds
    # what stands before the first -i holds for every interface
    arguments = ["-p", "-f", plan.capture_filter]
    if bounds.snap_length:
        arguments += ["-s", str(bounds.snap_length)]
    for interface in plan.interfaces:
        arguments += ["-i", interface]
    arguments += ["-a", f"duration:{bounds.duration_s}", "-c", str(bounds.packets)]
    kilobytes = max(1, bounds.size // _KILO)
    if bounds.ring:
        arguments += ["-b", f"files:{bounds.ring}", "-b", f"filesize:{kilobytes}"]
    else:
        arguments += ["-a", f"filesize:{kilobytes}"]
    return [*arguments, "-w", str(file)]


def _tcpdump(plan: Plan) -> list[str]:
    """The time and the size are kept by whoever reads its output."""
    bounds = plan.bounds
    arguments = ["-i", plan.interfaces[0], "-p", "-n", "-U", "-c", str(bounds.packets), "-w", "-"]
    if bounds.snap_length:
        arguments += ["-s", str(bounds.snap_length)]
    return [*arguments, "--", plan.capture_filter] if plan.capture_filter else arguments
