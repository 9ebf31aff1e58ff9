"""How much a tshark may take: memory, processor time, silence, bytes that a compressed capture unfolds to.

No honest capture comes near these bounds on a machine that can read it at all. Each has an environment
variable, so that it holds for every process that we start too; a file beside a capture cannot change them,
for captures and what lies beside them come from strangers.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

MEMORY: Final = "PCAP_REPORT_MEMORY_MB"
"""Environment variable: address space of one tshark in megabytes; 0 for no limit."""
CPU: Final = "PCAP_REPORT_CPU_S"
"""Environment variable: processor time of one tshark in seconds; 0 for no limit."""
SILENCE: Final = "PCAP_REPORT_SILENCE_S"
"""Environment variable: seconds that tshark may say nothing; 0 for no limit."""
INFLATED: Final = "PCAP_REPORT_INFLATED_MB"
"""Environment variable: megabytes of packets that are read out of a compressed capture; 0 for no limit."""

_COMPRESSED: Final = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18")
"""How gzip, zstd and lz4 files begin."""
_LEAST_INFLATED: Final = 1024 * 1024 * 1024
_RATIO: Final = 100
"""Packets of programs shrink to a third or a tenth; only what says next to nothing shrinks further."""
_MEGABYTE: Final = 1024 * 1024
_LEAST_MEMORY: Final = 2048 * _MEGABYTE
"""Bytes: a tshark has half a gigabyte of libraries in its address space before it reads anything."""
_CPU_S: Final = 900
_CPU_S_A_MEGABYTE: Final = 60
"""A megabyte holds some ten thousand packets, for which tshark takes a second."""
_SILENCE_S: Final = 300
_CGROUP: Final = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Limits:
    """What one run of tshark may take; 0 for no limit.

    Attributes:
        memory: bytes of address space.
        cpu_s: seconds of processor time.
        silence_s: seconds in which it says nothing.
    """

    memory: int
    cpu_s: int
    silence_s: int


def limits_for(files: Sequence[str]) -> Limits:
    """Return the limits of a run over these files.

    Raises:
        UsageError: an environment variable holds no number.
    """
    memory, cpu_s = asked_number(MEMORY), asked_number(CPU)
    return Limits(
        machine_memory() if memory is None else memory * _MEGABYTE,
        _CPU_S + _CPU_S_A_MEGABYTE * _megabytes(files) if cpu_s is None else cpu_s,
        _SILENCE_S if (silence_s := asked_number(SILENCE)) is None else silence_s,
    )


def most_inflated(path: Path | str) -> int | None:
    """Return how many bytes are read out of a compressed file; None where it is none, or without a limit.

    Raises:
        UsageError: the environment variable holds no number.
    """
    try:
        with Path(path).open("rb") as file:
            if not file.read(4).startswith(_COMPRESSED):
                return None
            size = os.fstat(file.fileno()).st_size
    except OSError:  # whoever reads it says so better
        return None
    asked = asked_number(INFLATED)
    return max(_LEAST_INFLATED, _RATIO * size) if asked is None else asked * _MEGABYTE or None


def machine_memory() -> int:
    """Return the bytes of memory that this machine, or this container, has; 0 where nobody tells."""
    try:
        found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 0
    if sys.platform == "linux":
        try:
            text = _CGROUP.read_text("ascii").strip()
        except OSError:
            text = ""
        found = min(found, int(text)) if text.isdecimal() else found
    return max(found, _LEAST_MEMORY)


def asked_number(variable: str) -> int | None:
    """Read a whole number from the environment; None where nothing is said.

    Raises:
        UsageError: it is none.
    """
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    if not text.isdecimal() or not text.isascii():
        raise UsageError(
            f"{variable} is no whole number: {text[:40]}", f"Unset {variable}, or let it be one; 0: no limit."
        )
    return int(text)


def _megabytes(files: Sequence[str]) -> int:
    size = 0
    for name in files:
        try:
            size += Path(name).stat().st_size
        except OSError:  # whoever reads it says so better
            continue
    return size // _MEGABYTE + 1
