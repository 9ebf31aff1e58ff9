"""What the link and network layers show of a connection, read from the frames that were taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcap_report.model.anatomy import FrameAnatomy
    from pcap_report.model.capture import ProtocolCount
    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

_FIRST_TTLS: Final = (64, 128, 255)
"""What systems write into a packet before it leaves."""


@dataclass(frozen=True)
class Hops:
    """A time to live, and what it suggests.

    Attributes:
        frame: where it stands.
        ttl: its value on arrival.
        start: the usual first value just above it.
        routers: how many routers took one off, if that is what it started with.
    """

    frame: int
    ttl: int
    start: int
    routers: int


@dataclass(frozen=True)
class LayerFacts:
    """Facts about the lower layers.

    Attributes:
        interface: name of the interface of the connection's frames.
        link: protocols below IP, as the protocol hierarchy names them.
        vlans: VLAN numbers.
        client_hops: the client's time to live.
        server_hops: the server's.
    """

    interface: str | None
    link: tuple[str, ...]
    vlans: tuple[str, ...]
    client_hops: Hops | None
    server_hops: Hops | None


def of(report: Report, connection: Connection) -> LayerFacts:
    """Gather the facts of a connection."""
    frames = [one for one in report.anatomy if one.connection == connection.id]
    return LayerFacts(
        interface=next(_values(frames, "frame.interface_name"), None),
        link=_link_protocols(report.capture.protocols),
        vlans=tuple(dict.fromkeys(_values(frames, "vlan.id"))),
        client_hops=_hops(frames, connection.client.ip, connection.client.port),
        server_hops=_hops(frames, connection.server.ip, connection.server.port),
    )


def _values(frames: Iterable[FrameAnatomy], name: str) -> Iterator[str]:
    fields = (field for frame in frames for layer in frame.layers for field in layer.fields)
    return (field.value for field in fields if field.name == name)


def _link_protocols(protocols: Iterable[ProtocolCount]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.path.split(":", 1)[0] for one in protocols))


def _hops(frames: Iterable[FrameAnatomy], source: str, port: int) -> Hops | None:
    for frame in frames:
        values = {field.name: field.value for layer in frame.layers for field in layer.fields}
        if source not in (values.get("ip.src"), values.get("ipv6.src")):
            continue
        if str(port) not in (values.get("tcp.srcport"), values.get("udp.srcport")):  # a host talks to itself
            continue
        ttl = values.get("ip.ttl") or values.get("ipv6.hlim") or ""
        if ttl.isdecimal() and int(ttl) <= max(_FIRST_TTLS):
            start = next(first for first in _FIRST_TTLS if first >= int(ttl))
            return Hops(frame.frame, int(ttl), start, start - int(ttl))
    return None
