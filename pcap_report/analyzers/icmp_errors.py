"""Which errors did ICMP and ICMPv6 report, and about which flow (RFC 792, RFC 1191, RFC 4443, RFC 8201)?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pcap_report.analyzers.base import CaptureAnalyzer
from pcap_report.analyzers.filters import frame_filter
from pcap_report.analyzers.iana.icmp import icmp_meaning
from pcap_report.analyzers.icmp_quote import FIELDS as QUOTE_FIELDS
from pcap_report.analyzers.icmp_quote import Places, places_in, quoted_in
from pcap_report.analyzers.left_out import LeftOut
from pcap_report.analyzers.proof import claim
from pcap_report.model.icmp import IcmpError, IcmpErrorKind, QuotedPacket
from pcap_report.model.message import msg_n

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.evidence import Claim
    from pcap_report.model.packet import Packet

_TYPE: Final = {4: "icmp.type", 6: "icmpv6.type"}
_CODE: Final = {4: "icmp.code", 6: "icmpv6.code"}
_MTU: Final = {4: "icmp.mtu", 6: "icmpv6.mtu"}
_GATEWAY: Final = {4: "icmp.redir_gw", 6: "icmpv6.nd.rd.target_address"}
_UDP_STREAM: Final = "udp.stream"

_KINDS: Final[dict[tuple[int, int], IcmpErrorKind]] = {
    (4, 3): "unreachable",
    (4, 4): "source_quench",
    (4, 5): "redirect",
    (4, 11): "time_exceeded",
    (4, 12): "parameter_problem",
    (6, 1): "unreachable",
    (6, 2): "packet_too_big",
    (6, 3): "time_exceeded",
    (6, 4): "parameter_problem",
    (6, 137): "redirect",
}
_SPECIAL: Final[dict[tuple[int, int, int], IcmpErrorKind]] = {
    (4, 3, 3): "port_unreachable",
    (4, 3, 4): "packet_too_big",
    (6, 1, 4): "port_unreachable",
}
_LISTED: Final = 2000
_FRAMES_LISTED: Final = 100
_CLAIMED: Final = 200


class _Key(NamedTuple):
    """Errors with all of this in common stand together."""

    version: Literal[4, 6]
    type: int
    code: int
    sender: str
    receiver: str
    quoted: QuotedPacket | None
    mtu: int | None
    gateway: str | None
    udp_stream: int | None


@dataclass(slots=True)
class _Seen:
    """How often, and where."""

    first_s: float
    frames: list[int] = field(default_factory=list)
    count: int = 0


class IcmpErrorsAnalyzer(CaptureAnalyzer["tuple[IcmpError, ...]"]):
    """Reads the errors, and the head of the packet that each of them quotes."""

    id = "icmp_errors"
    protocols = frozenset(("icmp", "icmpv6"))
    fields = (
        *_TYPE.values(),
        *_CODE.values(),
        *_MTU.values(),
        *_GATEWAY.values(),
        _UDP_STREAM,
        *QUOTE_FIELDS,
    )

    def __init__(self) -> None:
        self._seen: dict[_Key, _Seen] = {}
        self._left_out = LeftOut()

    def on_packet(self, packet: Packet) -> None:
        places = places_in(packet.protocols)
        kind = packet.number(_TYPE[places.version])
        if kind is None or (places.version, kind) not in _KINDS:
            return
        key = _key(packet, places, kind)
        seen = self._seen.get(key)
        if seen is None:
            if len(self._seen) >= _LISTED:
                self.omitted += self._left_out.count(key)
                return
            seen = self._seen[key] = _Seen(self.seconds(packet.time_ns))
        seen.count += 1
        if len(seen.frames) < _FRAMES_LISTED:
            seen.frames.append(packet.frame)

    def result(self) -> tuple[IcmpError, ...]:
        return tuple(_record(key, seen) for key, seen in self._seen.items())

    def claims(self, result: tuple[IcmpError, ...]) -> Sequence[Claim]:
        return [_claim(number, error) for number, error in enumerate(result[:_CLAIMED], start=1)]


def _key(packet: Packet, places: Places, kind: int) -> _Key:
    version = places.version
    sender, receiver = places.ends(packet)
    streams = packet.texts(_UDP_STREAM) if places.quoted_udp else []
    return _Key(
        version=version,
        type=kind,
        code=packet.number(_CODE[version]) or 0,
        sender=sender,
        receiver=receiver,
        quoted=quoted_in(packet, places),
        mtu=packet.number(_MTU[version]) or None,
        gateway=packet.text(_GATEWAY[version]),
        udp_stream=int(streams[-1]) if streams else None,
    )


def _record(key: _Key, seen: _Seen) -> IcmpError:
    kind = _SPECIAL.get((key.version, key.type, key.code), _KINDS[key.version, key.type])
    return IcmpError(
        frame=seen.frames[0],
        frames=tuple(seen.frames),
        count=seen.count,
        version=key.version,
        type=key.type,
        code=key.code,
        kind=kind,
        meaning=icmp_meaning(key.version, key.type, key.code),
        sender=key.sender,
        receiver=key.receiver,
        quoted=key.quoted,
        next_hop_mtu=key.mtu if kind == "packet_too_big" else None,
        gateway=key.gateway if kind == "redirect" else None,
        udp_stream=key.udp_stream,
        first_s=seen.first_s,
    )


def _claim(number: int, error: IcmpError) -> Claim:
    message = msg_n(
        "%(count)s ICMP error of %(sender)s about packets from %(source)s to %(destination)s: %(meaning)s.",
        "%(count)s ICMP errors of %(sender)s about packets from %(source)s to %(destination)s: %(meaning)s.",
        len(error.frames),
        sender=error.sender,
        source=_end(error, "source"),
        destination=_end(error, "destination"),
        meaning=error.meaning,
    )
    protocol = "icmp" if error.version == 4 else "icmpv6"
    values = [(error.frame, f"{protocol}.type", error.type), (error.frame, f"{protocol}.code", error.code)]
    if error.next_hop_mtu is not None:
        values.append((error.frame, _MTU[error.version], error.next_hop_mtu))
    display_filter = f"{protocol} && {frame_filter(error.frames)}"
    return claim(f"icmp_errors.error.{number}", message, error.frames, display_filter, values)


def _end(error: IcmpError, side: Literal["source", "destination"]) -> str | None:
    quoted = error.quoted
    if quoted is None:
        return None
    address = quoted.source if side == "source" else quoted.destination
    port = quoted.source_port if side == "source" else quoted.destination_port
    if port is None:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
