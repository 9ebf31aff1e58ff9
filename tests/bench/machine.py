"""Where it is measured, and with which versions."""

from __future__ import annotations

import os
import platform
from importlib.metadata import distributions, version
from pathlib import Path

from pcap_report.capture.tshark import find_tshark
from tests.bench.results import Machine
from tests.bench.rival_environment import FOLDER

_RIVALS = ("pyshark", "scapy", "pcap-doctor")


def machine() -> Machine:
    """Describe this machine; no name of it, and no folder."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gb=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9,
        system=f"{platform.system()} {platform.release().split('-')[0]}",
        versions={
            "pcap-report": version("pcap-report"),
            "TShark": find_tshark().version_text,
            "Python": platform.python_version(),
            **_rivals(),
        },
    )


def _rivals() -> dict[str, str]:
    places = [str(path) for path in FOLDER.glob("lib/python*/site-packages")]
    return {found.name: found.version for found in distributions(path=places) if found.name in _RIVALS}


def _processor() -> str:
    with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
        return next(named, platform.machine())
