"""What a report says of traffic outside connections: its protocols, its hosts, its datagrams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

from pcap_report.model.traffic import Conversation
from pcap_report.render.key_frames import endpoint
from pcap_report.render.svg.traffic_bars import protocol_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.report import Report

Reach = Literal["itself", "only", "busiest"]

_NAMED: Final = 3
_ADDRESSES: Final = frozenset(("ipv4", "ipv6"))
_UNKNOWN: Final = "data"
"""What tshark calls content for which it has no dissector."""
_DNS_PORTS: Final = frozenset((53, 5353, 5355))
_DHCP_PORTS: Final = frozenset((67, 68))


class WithoutConnection(Struct, frozen=True):
    """What a summary can say all the same."""

    protocols: tuple[str, ...]
    """Those with the most bytes, the largest first."""
    more_protocols: int
    unknown: str | None
    """The name among them that stands for content of no known protocol."""
    hosts: int | None
    """IP addresses that send or receive; None where none is known."""
    busiest: tuple[str, ...]
    """The two ends with the most bytes between them; with their ports where all is one flow of datagrams."""
    reach: Reach | None
    """Whether these two are one, the only two, or the busiest of several."""


def without_connection(report: Report) -> WithoutConnection:
    """Look up protocols and hosts."""
    sizes = protocol_bytes(report.capture.protocols)
    ranked = sorted(sizes, key=lambda name: (-sizes[name], name))
    traffic = report.traffic
    listed = sum(one.level in _ADDRESSES for one in traffic.endpoints) if traffic else 0
    omitted = sum(one.endpoints for one in traffic.omitted if one.level in _ADDRESSES) if traffic else 0
    pairs = [one for one in traffic.conversations if one.level in _ADDRESSES] if traffic else []
    alone = len(pairs) == 1
    first = max((one for one in pairs if alone or one.a != one.b), key=lambda one: one.bytes, default=None)
    return WithoutConnection(
        protocols=tuple(ranked[:_NAMED]),
        more_protocols=max(0, len(ranked) - _NAMED),
        unknown=_UNKNOWN if _UNKNOWN in ranked[:_NAMED] else None,
        hosts=listed + omitted or None,
        busiest=_ends(first, report, alone=alone) if first else (),
        reach=_reach(first, alone=alone) if first else None,
    )


def _reach(pair: Conversation, *, alone: bool) -> Reach:
    if not alone:
        return "busiest"
    return "itself" if pair.a == pair.b else "only"


def _ends(pair: Conversation, report: Report, *, alone: bool) -> tuple[str, str]:
    flows = _flows(report)
    if alone and pair.a != pair.b and len(flows) == 1 and flows[0].packets == pair.packets:
        return _end(flows[0].a, flows[0].a_port), _end(flows[0].b, flows[0].b_port)
    return pair.a, pair.b


def _end(address: str, port: int | None) -> str:
    return address if port is None else endpoint(address, port)


def _flows(report: Report) -> Sequence[Conversation]:
    return [one for one in report.traffic.conversations if one.level == "udp"] if report.traffic else []


class Datagrams(Struct, frozen=True):
    """Flows of UDP that no other part of the report tells of."""

    flows: tuple[Conversation, ...]
    """Those with the most bytes, the largest first."""
    omitted: int


def other_datagrams(report: Report, most: int) -> Datagrams:
    """List flows of UDP that are neither connections, as QUIC and DTLS make them, nor DNS or DHCP as told."""
    ends = {
        frozenset(((one.client.ip, one.client.port), (one.server.ip, one.server.port)))
        for one in report.connections
        if one.protocol != "tcp"
    }
    told = (_DNS_PORTS if report.dns else frozenset()) | (_DHCP_PORTS if report.dhcp else frozenset())
    flows = [
        one
        for one in _flows(report)
        if frozenset(((one.a, one.a_port), (one.b, one.b_port))) not in ends
        and told.isdisjoint((one.a_port, one.b_port))
    ]
    beyond = (
        sum(one.conversations for one in report.traffic.omitted if one.level == "udp")
        if report.traffic
        else 0
    )
    return Datagrams(tuple(flows[:most]), max(0, len(flows) - most) + (beyond if flows else 0))
