"""Captures of whole frames, for what is no TCP: ARP, neighbour discovery, ICMP, UDP; what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scapy.layers.l2 import Ether
from scapy.utils import wrpcap

from pcap_report.capture.tshark import find_tshark
from pcap_report.engine import Options, analyze
from tests.truth.proof import disproofs, statements_of

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.report import Report

HOST: Final = "02:00:00:00:00:01"
ROUTER: Final = "02:00:00:00:00:02"
_BEGIN_S: Final = 1_700_000_000


def captured(folder: Path, *packets: Any) -> Report:  # noqa: ANN401 - scapy packets
    """Analyze frames, 10 ms apart; those without Ethernet get a header from the host to the router.

    No analyzer may fail, and tshark must confirm everything that is claimed.
    """
    path = folder / "frames.pcap"
    frames = [one if Ether in one else Ether(src=HOST, dst=ROUTER) / one for one in packets]
    for number, frame in enumerate(frames):
        frame.time = _BEGIN_S + number / 100
    wrpcap(str(path), frames)
    return proved(path)


def proved(path: Path, options: Options | None = None) -> Report:
    """Analyze a capture, and have tshark confirm what the report says about it as a whole."""
    report = analyze(path, options)
    assert [one for one in report.attempts if one.status == "failed"] == []
    assert disproofs(find_tshark().path, path, statements_of(report, 0)) == []
    return report
