"""Which of the flags of Wireshark's TCP analysis a segment has (epan/dissectors/packet-tcp.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet

ANY: Final = "tcp.analysis.flags"
"""Stands in every frame that is flagged at all."""
RETRANSMISSIONS: Final = (
    "tcp.analysis.retransmission",
    "tcp.analysis.fast_retransmission",
    "tcp.analysis.spurious_retransmission",
)
PROBES: Final = ("tcp.analysis.keep_alive", "tcp.analysis.zero_window_probe")
"""What asks the other side to speak, with a byte that is no new data of the application."""


def is_flagged(packet: Packet, flags: tuple[str, ...]) -> bool:
    """Tell whether a segment has one of the flags; most segments have none, and cost one look."""
    return packet.has(ANY) and any(packet.has(flag) for flag in flags)
