"""The captures to measure on: generated ones, made just before they are needed, and real ones."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.capture.file_facts import file_facts
from pcap_report.capture.magic import capture_format
from tests.bench.generate import generate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROOT: Final = Path(__file__).parents[2]
_FEWEST_OF_REAL: Final = 1000


@dataclass(frozen=True)
class Capture:
    """A capture to measure on, with its name in the table."""

    name: str
    kind: str
    packets: int
    path: Path

    def forget(self) -> None:
        """Delete it, if it was generated."""
        if self.kind != "real":
            self.path.unlink()


def captures_of(
    kinds: Sequence[str], sizes: Sequence[int], real: Sequence[Path], folder: Path
) -> Iterator[Capture]:
    """Yield the captures; each generated one exists only until the next is asked for."""
    for kind in kinds:
        if kind == "real":
            yield from map(_real, real or _shared())
            continue
        for size in sizes:
            path = generate(folder / f"{kind}-{size}.pcap", size, kind)
            yield Capture(f"{kind}, {size:,}", kind, size, path)


def _real(path: Path) -> Capture:
    return Capture(path.name, "real", _packets(path), path)


def _packets(path: Path) -> int:
    return file_facts(path, capture_format(path)).frames


def _shared() -> list[Path]:
    """Return the large ones of the shared collection (PCAP_REPORT_CAPTURES); none where it is not."""
    folder = Path(os.environ.get("PCAP_REPORT_CAPTURES") or _ROOT.parent / "shared" / "captures") / "large"
    found = sorted(path for path in folder.glob("*.pcap*") if _packets(path) >= _FEWEST_OF_REAL)
    return sorted(found, key=_packets)
