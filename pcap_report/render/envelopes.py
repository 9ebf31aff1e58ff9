"""A frame as it is packed: layer around layer, each with what its header says and how much it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pcap_report.model.message import Message, msg, msg_n
from pcap_report.render.field_labels import LAYERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.anatomy import FrameAnatomy, Layer
    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

LayerName = Literal["link", "network", "transport", "application"]
_ETHERNET_HEADER: Final = 14
_VLAN_TAG: Final = 4
_PLACES: Final[dict[str, LayerName]] = {
    "frame": "link",
    "eth": "link",
    "sll": "link",
    "ip": "network",
    "ipv6": "network",
    "tcp": "transport",
    "udp": "transport",
}
"""Everything else travels inside the transport layer."""
_WANTED: Final = ("client_hello", "server_hello")


@dataclass(frozen=True)
class Envelope:
    """One layer of a packed frame, from the outermost inwards.

    Attributes:
        protocol: tshark's name.
        title: what it is called, where we have a word for it.
        ends: from where to where, as this layer addresses them.
        size: how many bytes it has in all, its header with what it carries; None where no field says so.
        note: how that is known.
    """

    protocol: str
    title: Message | None
    ends: str | None
    size: int | None
    note: Message | None = None


def place_of(layer: Layer) -> LayerName:
    """Tell which of the four layers a protocol of an anatomy belongs to."""
    return _PLACES.get(layer.protocol, "application")


def chosen(report: Report, connection: Connection) -> FrameAnatomy | None:
    """Choose the frame to look at: one that carries something, the first message of TLS above all."""
    anatomies = [one for one in report.anatomy if one.connection == connection.id]
    for role in _WANTED:
        for one in anatomies:
            if one.role == role:
                return one
    return max(anatomies, key=_payload, default=None)


def envelopes(anatomy: FrameAnatomy) -> tuple[Envelope, ...]:
    """List the layers of a frame, the outermost first."""
    found = [_link(anatomy)]
    network = _layer(anatomy, "network")
    if network is not None:
        found.append(_network(network, anatomy))
    transport = _layer(anatomy, "transport")
    if transport is not None:
        found.append(_transport(transport))
    found += [
        Envelope(one.protocol, LAYERS.get(one.protocol), None, _payload(anatomy) or None)
        for one in anatomy.layers
        if place_of(one) == "application"
    ]
    if transport is not None and place_of(anatomy.layers[-1]) != "application":
        found += _what_it_carries(anatomy)
    return tuple(found)


def _what_it_carries(anatomy: FrameAnatomy) -> list[Envelope]:
    size = _payload(anatomy)
    return [Envelope("data", msg("Data"), None, size)] if size else []


def _link(anatomy: FrameAnatomy) -> Envelope:
    ethernet = next((one for one in anatomy.layers if one.protocol in {"eth", "sll"}), None)
    whole = _number(anatomy, "frame.len")
    if ethernet is None:
        return Envelope("frame", LAYERS["frame"], None, whole)
    values = _values(ethernet)
    return Envelope(ethernet.protocol, LAYERS.get(ethernet.protocol), _ends(values, "eth"), whole)


def _network(layer: Layer, anatomy: FrameAnatomy) -> Envelope:
    values = _values(layer)
    return Envelope(
        layer.protocol, LAYERS.get(layer.protocol), _ends(values, layer.protocol), _packet_size(anatomy)
    )


def _packet_size(anatomy: FrameAnatomy) -> int | None:
    """Take Ethernet's header off, where the frame carries data: an empty one may be filled up."""
    whole = _number(anatomy, "frame.len")
    ethernet = next((one for one in anatomy.layers if one.protocol == "eth"), None)
    if whole is None or ethernet is None or not _payload(anatomy):
        return None
    tags = sum(field.name == "vlan.id" for field in ethernet.fields)
    return whole - _ETHERNET_HEADER - tags * _VLAN_TAG


def _transport(layer: Layer) -> Envelope:
    values = _values(layer)
    source, target = (values.get(f"{layer.protocol}.{name}") for name in ("srcport", "dstport"))
    ends = f"{source} → {target}" if source and target else None
    carried = values.get("tcp.len", "")
    note = None
    if carried.isdecimal():
        note = msg_n("carries %(count)s byte", "carries %(count)s bytes", int(carried))
    return Envelope(layer.protocol, LAYERS.get(layer.protocol), ends, None, note)


def _layer(anatomy: FrameAnatomy, name: LayerName) -> Layer | None:
    return next((one for one in anatomy.layers if place_of(one) == name), None)


def _values(layer: Layer) -> dict[str, str]:
    return {field.name: field.value for field in layer.fields}


def _ends(values: dict[str, str], protocol: str) -> str | None:
    source, target = values.get(f"{protocol}.src"), values.get(f"{protocol}.dst")
    return f"{source} → {target}" if source and target else None


def _payload(anatomy: FrameAnatomy) -> int:
    return _number(anatomy, "tcp.len") or 0


def _number(anatomy: FrameAnatomy, name: str) -> int | None:
    values = (field.value for layer in anatomy.layers for field in layer.fields if field.name == name)
    value = next(values, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


def lines(envelope: Envelope) -> Sequence[str | Message]:
    """Return what is written on an envelope: its name, its ends, its size."""
    size = None if envelope.size is None else msg_n("%(count)s byte", "%(count)s bytes", envelope.size)
    parts = (envelope.title or envelope.protocol, envelope.ends, size, envelope.note)
    return [one for one in parts if one is not None]
