"""What the author of a pcapng file says that it holds (``oracles/pcapng-expect``): blocks by kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.agreement.comparison import Comparison

if TYPE_CHECKING:
    from pathlib import Path

    from tests.agreement.report_index import ReportIndex

_BLOCK: Final = re.compile(r"^\s*([A-Z]{2,3}):\s+(\d+)\s*$", re.MULTILINE)
_PACKETS: Final = ("EPB", "SPB", "PB")


def compare(place: Path, index: ReportIndex, capture: str) -> list[Comparison]:
    """Compare packets and interfaces."""
    comparison = Comparison(capture, "pcapng-expect")
    for path in sorted(place.glob("*.txt")):
        blocks = {name: int(number) for name, number in _BLOCK.findall(path.read_text("utf-8", "replace"))}
        if blocks:
            packets = sum(blocks.get(kind, 0) for kind in _PACKETS)
            comparison.check("packets", path.name, index.report.capture.packets, packets)
            interfaces = len(index.report.capture.interfaces)
            comparison.check("interfaces", path.name, interfaces, blocks.get("IDB", 0))
    return [comparison]
