"""What a report says of a capture in which nobody opens a connection: its protocols and its hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from pcap_report.render.svg.traffic_bars import protocol_bytes

if TYPE_CHECKING:
    from pcap_report.model.report import Report

_NAMED: Final = 3
_ADDRESSES: Final = frozenset(("ipv4", "ipv6"))


class WithoutConnection(Struct, frozen=True):
    """What a summary can say all the same."""

    protocols: tuple[str, ...]
    """Those with the most bytes, the largest first."""
    more_protocols: int
    hosts: int | None
    """IP addresses that send or receive; None where none is known."""
    busiest: tuple[str, ...]
    """The two ends with the most bytes between them."""


def without_connection(report: Report) -> WithoutConnection:
    """Look up protocols and hosts."""
    sizes = protocol_bytes(report.capture.protocols)
    ranked = sorted(sizes, key=lambda name: (-sizes[name], name))
    traffic = report.traffic
    listed = sum(one.level in _ADDRESSES for one in traffic.endpoints) if traffic else 0
    omitted = sum(one.endpoints for one in traffic.omitted if one.level in _ADDRESSES) if traffic else 0
    pairs = [one for one in traffic.conversations if one.level in _ADDRESSES] if traffic else []
    first = max(pairs, key=lambda one: one.bytes, default=None)
    return WithoutConnection(
        protocols=tuple(ranked[:_NAMED]),
        more_protocols=max(0, len(ranked) - _NAMED),
        hosts=listed + omitted or None,
        busiest=(first.a, first.b) if first else (),
    )
