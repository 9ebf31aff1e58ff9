"""The columns of the bulk pass: the core ones in a fixed order, then those that analyzers declare.

What is asked of many packets stands in front, text that strangers wrote last, so that a broken value can
spoil only what follows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.capture.tshark import Tshark

CORE: Final = (
    "frame.number",
    "frame.time_epoch",
    "frame.len",
    "frame.cap_len",
    "frame.protocols",
    "eth.src",
    "eth.dst",
    "sll.src.eth",
    "ip.src",
    "ip.dst",
    "ipv6.src",
    "ipv6.dst",
    "tcp.stream",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.seq",
    "tcp.ack",
    "tcp.len",
    "tcp.flags",
    "tcp.window_size_value",
)
"""Read for every packet, by position."""
STREAM: Final = CORE.index("tcp.stream")
"""Where tshark's numbers of the TCP streams stand."""

_OFTEN: Final = (
    "tcp.",
    "tls.record.",
    "tls.handshake.type",
    "dtls.handshake.type",
    "udp.",
)
"""Asked of many packets: they stand in a row's front."""

_STRANGERS_TEXT: Final = (
    "tls.handshake.extensions_server_name",
    "tls.handshake.extensions_alpn_str",
    "dns.",
    "http.",
    "http2.",
    "x509",
    "quic.cc.reason_phrase",
)


@dataclass(frozen=True)
class Columns:
    """The columns of one run.

    Attributes:
        names: fields to ask tshark for, in order.
        index: where each stands in a row.
        missing: declared fields that this tshark does not know.
        front: how many of them, from the first, are asked of many packets.
    """

    names: tuple[str, ...]
    index: dict[str, int]
    missing: tuple[str, ...]
    front: int = len(CORE)


def columns_for(tshark: Tshark, declared: Iterable[str]) -> Columns:
    """Put the core columns and the declared fields in order, leaving out what this tshark lacks."""
    wanted = [name for name in dict.fromkeys(declared) if name not in CORE]
    unknown = tshark.unknown_fields(wanted)
    known = sorted((name for name in wanted if name not in unknown), key=_zone)
    names = (*CORE, *known)
    index = {name: place for place, name in enumerate(names)}
    front = sum(_zone(name) == 0 for name in known) + len(CORE)
    return Columns(names, index, tuple(sorted(unknown)), front)


def _zone(name: str) -> int:
    """Return where in a row a column stands: in front, in the rear, among strangers' texts."""
    if name.startswith(_STRANGERS_TEXT):
        return 2
    return 0 if name.startswith(_OFTEN) else 1
