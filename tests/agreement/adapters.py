"""The oracles that are read, each by its own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.agreement.oracles import (
    arkime,
    decrypted,
    ja4,
    ndpi,
    pcapfs,
    pcapng_expect,
    suricata,
    tcpdump,
    tshark,
    zeek,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.agreement.comparison import Comparison
    from tests.agreement.report_index import ReportIndex

    Adapter = Callable[[Path, ReportIndex, str], list[Comparison]]

ADAPTERS: Final[dict[str, Adapter]] = {
    "tshark": tshark.compare,
    "tshark-decrypted": decrypted.compare,
    "zeek": zeek.compare,
    "arkime": arkime.compare,
    "ja4": ja4.compare,
    "ndpi": ndpi.compare,
    "suricata": suricata.compare,
    "tcpdump": tcpdump.compare,
    "pcapng-expect": pcapng_expect.compare,
    "pcapfs": pcapfs.compare,
}
