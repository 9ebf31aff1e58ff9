"""Who answers for which IP address on the local link? ARP (RFC 826) and neighbour discovery (RFC 4861)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mypy_extensions import mypyc_attr

from pcap_report.analyzers.base import CaptureAnalyzer
from pcap_report.analyzers.neighbours_messages import FIELDS, Statement, arp_in, asked_for, discovery_in
from pcap_report.analyzers.neighbours_story import claims_of
from pcap_report.model.neighbours import AddressConflict, Neighbour, NeighbourProtocol, Neighbours

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.evidence import Claim
    from pcap_report.model.packet import Packet

_LISTED: Final = 1000
_FRAMES_LISTED: Final = 50
_PREFIXES_LISTED: Final = 20
_Pair = tuple[NeighbourProtocol, str, str]


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
@dataclass(slots=True)
class _Known:
    """What was said about a pair of addresses."""

    frames: list[int] = field(default_factory=list)
    statements: int = 0
    replies: int = 0
    gratuitous: int = 0
    router: bool | None = None
    prefixes: dict[str, None] = field(default_factory=dict)


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class NeighboursAnalyzer(CaptureAnalyzer["Neighbours | None"]):
    """Collects pairs of IP and MAC address, and what was asked for."""

    id = "neighbours"
    protocols = frozenset(("arp", "icmpv6"))
    fields = FIELDS

    def __init__(self) -> None:
        self._known: dict[_Pair, _Known] = {}
        self._asked: dict[tuple[NeighbourProtocol, str], list[int]] = {}
        self._left_out = 0

    def on_packet(self, packet: Packet) -> None:
        for statement in (*arp_in(packet), *discovery_in(packet)):
            self._on_statement(packet, statement)
        asked = asked_for(packet)
        if asked is not None:
            if asked in self._asked or len(self._asked) < _LISTED:
                frames = self._asked.setdefault(asked, [])
                if len(frames) < _FRAMES_LISTED:
                    frames.append(packet.frame)
            else:
                self._left_out += 1

    def _on_statement(self, packet: Packet, statement: Statement) -> None:
        pair = (statement.protocol, statement.ip, statement.mac)
        known = self._known.get(pair)
        if known is None:
            if len(self._known) >= _LISTED:
                self._left_out += 1
                return
            known = self._known[pair] = _Known()
        known.statements += 1
        known.replies += statement.is_reply
        known.gratuitous += statement.is_gratuitous
        if statement.router is not None:
            known.router = statement.router
        for prefix in statement.prefixes[:_PREFIXES_LISTED]:
            known.prefixes[prefix] = None
        if len(known.frames) < _FRAMES_LISTED:
            known.frames.append(packet.frame)

    def result(self) -> Neighbours | None:
        if not self._known and not self._asked:
            return None
        said = {(protocol, ip) for protocol, ip, _ in self._known}
        return Neighbours(
            known=tuple(self._neighbour(pair, known) for pair, known in self._known.items()),
            conflicts=tuple(self._conflicts()),
            unanswered=tuple(ip for protocol, ip in self._asked if (protocol, ip) not in said),
            omitted=self._left_out,
        )

    def _neighbour(self, pair: _Pair, known: _Known) -> Neighbour:
        protocol, ip, mac = pair
        return Neighbour(
            ip=ip,
            mac=mac,
            protocol=protocol,
            first_frame=known.frames[0],
            frames=tuple(known.frames),
            statements=known.statements,
            asked_frames=tuple(self._asked.get((protocol, ip), ())),
            replies=known.replies,
            gratuitous=known.gratuitous,
            router=known.router,
            prefixes=tuple(known.prefixes)[:_PREFIXES_LISTED],
        )

    def _conflicts(self) -> Iterator[AddressConflict]:
        by_address: dict[tuple[NeighbourProtocol, str], list[tuple[str, int]]] = {}
        for (protocol, ip, mac), known in self._known.items():
            by_address.setdefault((protocol, ip), []).append((mac, known.frames[0]))
        for (protocol, ip), found in by_address.items():
            if len(found) > 1:
                macs, frames = zip(*found, strict=True)
                yield AddressConflict(ip, macs, frames, protocol)

    def claims(self, result: Neighbours | None) -> Sequence[Claim]:
        return claims_of(result) if result else ()
